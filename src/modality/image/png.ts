import { type Excerpt, endOf, type HeaderReading, isWhole, longerHead } from '../excerpt.ts';
import { MediaError, unreadable } from '../modality.ts';
import { isTransposed } from './exif.ts';

const SIGNATURE_BYTES = 8;
/** Length, type and check sum of a chunk, around its data. */
const CHUNK_BYTES = 12;
/** Channels of the colour types grey, RGB, palette, grey with alpha, RGB with alpha. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 };

/** PNG (W3C, Portable Network Graphics, 3rd edition, §5 and §11.2.1). Cut off when it does not end in an IEND chunk. */
export function readPngHeader(excerpt: Excerpt): HeaderReading {
  const { head, name } = excerpt;
  if (head.length < 33) throw unreadable(name, 'ends inside its header, so it was cut off');
  const first = head.toString('latin1', 12, 16);
  if (first === 'CgBI') {
    throw new MediaError(
      'unsupported-format',
      name,
      "is Apple's variant of PNG, which is not read: convert it to PNG.",
    );
  }
  const width = head.readUInt32BE(16);
  const height = head.readUInt32BE(20);
  const channels = CHANNELS[head[25] ?? -1];
  if (first !== 'IHDR' || width === 0 || height === 0 || channels === undefined) {
    throw unreadable(name, 'has a damaged header');
  }
  const missing = findEnd(excerpt);
  if (missing !== undefined) return missing;
  const alpha = findChunk(head, 'tRNS', 'IDAT') === undefined ? 0 : 1;
  const exif = findChunk(head, 'eXIf', 'IDAT');
  const [shown, tall] = exif !== undefined && isTransposed(exif) ? [height, width] : [width, height];
  return { header: { format: 'png', width: shown, height: tall, channels: channels + alpha } };
}

/** Asks for more, throws when the last chunk is missing, and gives `undefined` when it is there. */
function findEnd(excerpt: Excerpt): HeaderReading | undefined {
  // Searched from the end, because something may have been appended to the picture.
  if (endOf(excerpt).lastIndexOf('IEND') >= 0) return undefined;
  const longer = isWhole(excerpt) ? undefined : longerHead(excerpt, excerpt.size);
  if (longer !== undefined) return longer;
  throw unreadable(excerpt.name, 'was cut off: its last part (IEND) is missing');
}

/** The content of the first chunk of that type, as far as it is there. */
function findChunk(bytes: Buffer, type: string, until?: string): Buffer | undefined {
  for (let position = SIGNATURE_BYTES; position + 8 <= bytes.length; ) {
    const found = bytes.toString('latin1', position + 4, position + 8);
    const length = bytes.readUInt32BE(position);
    if (found === type) return bytes.subarray(position + 8, position + 8 + length);
    if (found === until) return undefined;
    position += CHUNK_BYTES + length;
  }
  return undefined;
}
