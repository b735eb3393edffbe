import { wholeExcerpt } from '../excerpt.ts';
import { readWholeHeader } from '../header.ts';
import { type Header, type Media, MediaError, unreadable } from '../modality.ts';
import { decodeFlac } from './flacDecoder.ts';
import { decodeMp3 } from './mp3Decoder.ts';
import { decodeOpus, decodeVorbis } from './oggDecoder.ts';
import { type Decoded, framesOf, mix, refuseTooLong, type Sound } from './recording.ts';
import { decodeSamples, parseWav } from './wav.ts';

const DECODERS: Readonly<Record<string, (media: Media) => Decoded | Promise<Decoded>>> = {
  wav: decodeWav,
  flac: decodeFlac,
  mp3: decodeMp3,
  vorbis: decodeVorbis,
  opus: decodeOpus,
};

/** Decodes a sound, or the part of it that `media` names. Throws {@link MediaError}. */
export async function decodeSound(media: Media): Promise<{ header: Header; sound: Sound }> {
  const { name, start } = media;
  const decode = DECODERS[readWholeHeader('audio', media).format ?? ''];
  if (decode === undefined) throw unreadable(name, 'is in a format without a decoder');
  const { header, sampleRate, channels } = await decode(media);
  if (channels.length === 0 || channels[0]?.length === 0) {
    if (start === undefined) throw new MediaError('empty-item', name, 'holds no samples: replace or delete it.');
    throw unreadable(name, `ends before second ${start}, where the part begins`);
  }
  return { header, sound: { sampleRate, samples: mix(channels), channels } };
}

function decodeWav(media: Media): Decoded {
  const { name, bytes } = media;
  const wav = parseWav(wholeExcerpt(media));
  if (!('dataStart' in wav)) throw unreadable(name, 'has a damaged header');
  const { channels, sampleRate, frames } = wav;
  const [first, end] = framesOf(media, sampleRate);
  const [from, to] = [Math.min(first, frames), Math.min(end, frames)];
  refuseTooLong(name, (to - from) * channels);
  const header = { format: 'wav', channels, sampleRate, seconds: frames / sampleRate };
  return { header, sampleRate, channels: decodeSamples(bytes.subarray(wav.dataStart), wav, from, to) };
}
