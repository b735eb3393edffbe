import { readableFormat } from '../header.ts';
import { type Header, type Media, MediaError, unreadable } from '../modality.ts';
import { decodeFlac } from './flacDecoder.ts';
import { decodeMp3 } from './mp3Decoder.ts';
import { decodeOpus, decodeVorbis } from './oggDecoder.ts';
import { type Decoded, framesOf, mix, refuseTooLong, type Sound } from './recording.ts';
import { decodeSamples, parseWav, readWavHeader } from './wav.ts';

const DECODERS: Readonly<Record<string, (media: Media) => Decoded | Promise<Decoded>>> = {
  wav: decodeWav,
  flac: decodeFlac,
  mp3: decodeMp3,
  vorbis: decodeVorbis,
  opus: decodeOpus,
};

/** Decodes a sound, or the part of it that `media` names. Throws {@link MediaError}. */
export async function decodeSound(media: Media): Promise<{ header: Header; sound: Sound }> {
  const { name, bytes, start } = media;
  if (bytes.length === 0) throw new MediaError('empty-item', name, 'has no content (0 bytes): restore or delete it.');
  const decode = DECODERS[readableFormat('audio', { name, head: bytes }).name];
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
  const excerpt = { name, size: bytes.length, head: bytes, tail: bytes.subarray(0, 0) };
  readWavHeader(excerpt);
  const wav = parseWav(excerpt);
  if (!('dataStart' in wav)) throw unreadable(name, 'has a damaged header');
  const { channels, sampleRate, frames } = wav;
  const [from, to] = framesOf(media, sampleRate).map((frame) => Math.min(frame, frames)) as [number, number];
  refuseTooLong(name, (to - from) * channels);
  const header = { format: 'wav', channels, sampleRate, seconds: frames / sampleRate };
  return { header, sampleRate, channels: decodeSamples(bytes.subarray(wav.dataStart), wav, from, to) };
}
