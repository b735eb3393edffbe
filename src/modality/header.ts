import type { Modality } from '../protocol.ts';
import { readFlacHeader } from './audio/flac.ts';
import { readMp3Header } from './audio/mp3.ts';
import { findFrame } from './audio/mp3Frame.ts';
import { readOggHeader } from './audio/ogg.ts';
import { readWavHeader } from './audio/wav.ts';
import { type Excerpt, type HeaderReading, wholeExcerpt } from './excerpt.ts';
import { type Format, formatNamed, promisedFormat } from './formats.ts';
import { readAvifHeader } from './image/avif.ts';
import { readBmpHeader } from './image/bmp.ts';
import { readGifHeader } from './image/gif.ts';
import { readJpegHeader } from './image/jpeg.ts';
import { readPngHeader } from './image/png.ts';
import { readTiffHeader } from './image/tiff.ts';
import { readWebpHeader } from './image/webp.ts';
import { type Header, looksLikeText, type Media, MediaError, unreadable } from './modality.ts';
import { sniff } from './sniff.ts';
import { readTextHeader } from './text.ts';

const NOUNS: Readonly<Record<Modality, string>> = { image: 'a picture', audio: 'a sound', text: 'text' };
const ADVICE: Readonly<Record<Modality, string>> = {
  image: 'convert it to PNG or JPEG',
  audio: 'convert it to WAV or FLAC',
  text: 'save it in UTF-8',
};

const READERS: Readonly<Record<string, (excerpt: Excerpt) => HeaderReading>> = {
  png: readPngHeader,
  jpeg: readJpegHeader,
  webp: readWebpHeader,
  gif: readGifHeader,
  bmp: readBmpHeader,
  tiff: readTiffHeader,
  avif: readAvifHeader,
  wav: readWavHeader,
  flac: readFlacHeader,
  mp3: readMp3Header,
  vorbis: readOggHeader,
  opus: readOggHeader,
};

/**
 * The header pass over one item: format, size, duration, and whether the item was cut off, as far as its first and last
 * bytes show; or the longer excerpt that is needed to tell. Comes to an end within a few calls, each of which asks for
 * more than the one before, whatever the bytes. Throws {@link MediaError}.
 */
export function readHeader(modality: Modality, excerpt: Excerpt): HeaderReading {
  const { name, size } = excerpt;
  if (size === 0) throw new MediaError('empty-item', name, 'has no content (0 bytes): restore or delete it.');
  if (modality === 'text') return readTextHeader(excerpt);
  const format = formatOf(modality, excerpt);
  const read = READERS[format.name];
  if (format.readable && read !== undefined) return read(excerpt);
  throw new MediaError('unsupported-format', name, `is ${format.title}, which is not read: ${ADVICE[modality]}.`);
}

/** The header of an item all of whose bytes are there. Throws {@link MediaError}. */
export function readWholeHeader(modality: Modality, media: Media): Header {
  const reading = readHeader(modality, wholeExcerpt(media));
  return 'header' in reading ? reading.header : {};
}

/**
 * What the bytes show; without a signature, a format that is known by its name only. Throws {@link MediaError} for bytes
 * that are of another modality, or of no format at all.
 */
function formatOf(modality: Modality, { name, head }: Excerpt): Format {
  const promised = promisedFormat(name);
  // Camera raw files are TIFF inside, and their first picture is a thumbnail.
  if (promised?.name === 'raw' && modality === 'image') return promised;
  const found = formatNamed(sniff(head) ?? '');
  if (found?.modality === modality) return found;
  if (found !== undefined) throw unreadable(name, `is ${found.title}, not ${NOUNS[modality]}`);
  if (promised?.modality === modality && !promised.readable) return promised;
  // MP3 has no signature: the first frame may stand behind padding.
  if (promised?.name === 'mp3' && modality === 'audio' && findFrame(head, 0) !== undefined) return promised;
  if (looksLikeText(head)) throw unreadable(name, `holds text, not ${NOUNS[modality]}`);
  throw unreadable(name, `is not ${NOUNS[modality]} in a format that can be read`);
}
