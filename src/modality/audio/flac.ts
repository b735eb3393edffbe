import { type Excerpt, type HeaderReading, longerHead } from '../excerpt.ts';
import { unreadable } from '../modality.ts';
import { tagBytes } from './id3.ts';

const STREAM_INFO_BYTES = 34;

/** The STREAMINFO block (RFC 9639, §8.2). */
export interface FlacInfo {
  /** Hertz. */
  readonly sampleRate: number;
  readonly channels: number;
  readonly bitsPerSample: number;
  /** 0 when the encoder did not know. */
  readonly frames: number;
}

/**
 * FLAC says how long it is, but neither how many bytes that takes nor where it ends: only decoding shows that it was cut
 * off.
 */
export function readFlacHeader(excerpt: Excerpt): HeaderReading {
  const { head, name, size } = excerpt;
  const start = tagBytes(head, 0);
  const end = start + 8 + STREAM_INFO_BYTES;
  if (end > size) throw unreadable(name, 'ends inside its header, so it was cut off');
  if (end > head.length) return longerHead(excerpt, end) ?? { header: { format: 'flac' } };
  const { sampleRate, channels, frames } = parseStreamInfo(head, start, name);
  const header = { format: 'flac', channels, sampleRate };
  return { header: frames === 0 ? header : { ...header, seconds: frames / sampleRate } };
}

/** `start` is where "fLaC" stands. Throws {@link MediaError}. */
export function parseStreamInfo(bytes: Buffer, start: number, name: string): FlacInfo {
  const isStreamInfo = ((bytes[start + 4] ?? 0) & 0x7f) === 0 && bytes.readUIntBE(start + 5, 3) === STREAM_INFO_BYTES;
  const at = start + 8;
  const packed = bytes.readUInt32BE(at + 10);
  const sampleRate = packed >>> 12;
  const bitsPerSample = ((packed >>> 4) & 31) + 1;
  if (!isStreamInfo || sampleRate === 0 || bitsPerSample < 4) throw unreadable(name, 'has a damaged header');
  return {
    sampleRate,
    channels: ((packed >>> 9) & 7) + 1,
    bitsPerSample,
    frames: (packed & 15) * 2 ** 32 + bytes.readUInt32BE(at + 14),
  };
}
