import { tagBytes } from './id3.ts';

/** A frame of MPEG audio, layer III. */
export interface Mp3Frame {
  /** 1, 2 or 2.5. */
  readonly version: number;
  /** Kilobits a second. */
  readonly bitrate: number;
  /** Hertz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples of each channel. */
  readonly samples: number;
  /** With its header. */
  readonly bytes: number;
}

export const FRAME_HEADER_BYTES = 4;
const BITRATES_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const BITRATES_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const SAMPLE_RATES = [44100, 48000, 32000];

/** The frame header at `at` (ISO/IEC 11172-3, §2.4.2.3; 13818-3 for version 2); `undefined` when there is none. */
export function parseFrame(bytes: Buffer, at: number): Mp3Frame | undefined {
  if (at + FRAME_HEADER_BYTES > bytes.length) return undefined;
  const word = bytes.readUInt32BE(at);
  const versionBits = (word >>> 19) & 3;
  const isLayer3 = word >>> 21 === 0x7ff && versionBits !== 1 && ((word >>> 17) & 3) === 1;
  const rate = SAMPLE_RATES[(word >>> 10) & 3];
  const version = versionBits === 3 ? 1 : versionBits === 2 ? 2 : 2.5;
  const bitrate = (version === 1 ? BITRATES_1 : BITRATES_2)[(word >>> 12) & 15] ?? 0;
  if (!isLayer3 || rate === undefined || bitrate === 0) return undefined;
  const sampleRate = rate / (version === 1 ? 1 : version === 2 ? 2 : 4);
  const samples = version === 1 ? 1152 : 576;
  const length = Math.floor((samples / 8) * ((bitrate * 1000) / sampleRate)) + ((word >>> 9) & 1);
  return { version, bitrate, sampleRate, channels: ((word >>> 6) & 3) === 3 ? 1 : 2, samples, bytes: length };
}

/** The byte behind all ID3v2 tags at the start. */
export function startOfAudio(bytes: Buffer): number {
  let position = 0;
  for (let length = tagBytes(bytes, 0); length > 0; length = tagBytes(bytes, position)) position += length;
  return position;
}

/**
 * Where the first frame from `from` on begins: a frame header whose frame is followed by one of the same sound, or by the
 * end of the item. `undefined` when the bytes hold none.
 */
export function findFrame(bytes: Buffer, from: number, size = bytes.length): number | undefined {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const frame = parseFrame(bytes, at);
    if (frame === undefined) continue;
    const next = at + frame.bytes;
    if (next >= bytes.length ? next >= size || bytes.length < size : isSameSound(frame, parseFrame(bytes, next))) {
      return at;
    }
  }
  return undefined;
}

function isSameSound(a: Mp3Frame, b: Mp3Frame | undefined): boolean {
  return b !== undefined && a.version === b.version && a.sampleRate === b.sampleRate;
}

/** What an encoder wrote into the first frame, in place of sound, about the whole stream. */
export interface Mp3Info {
  readonly frames: number;
  /** From the first frame to the end of the last one. */
  readonly bytes: number;
  /** Samples to leave out at the start and at the end, which the encoder added. */
  readonly delay: number;
  readonly padding: number;
}

/** The Xing or Info header of LAME and its relatives, or Fraunhofer's VBRI header; `undefined` when there is none. */
export function parseInfo(bytes: Buffer, at: number, { version, channels }: Mp3Frame): Mp3Info | undefined {
  const sideBytes = version === 1 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17;
  const xing = at + FRAME_HEADER_BYTES + sideBytes;
  if (/^(Xing|Info)$/.test(bytes.toString('latin1', xing, xing + 4))) return parseXing(bytes, xing);
  const vbri = at + FRAME_HEADER_BYTES + 32;
  if (bytes.toString('latin1', vbri, vbri + 4) !== 'VBRI' || vbri + 18 > bytes.length) return undefined;
  return { bytes: bytes.readUInt32BE(vbri + 10), frames: bytes.readUInt32BE(vbri + 14), delay: 0, padding: 0 };
}

function parseXing(bytes: Buffer, xing: number): Mp3Info | undefined {
  if (xing + 8 > bytes.length) return undefined;
  const flags = bytes.readUInt32BE(xing + 4);
  let position = xing + 8;
  const next = (flag: number, length: number): number => {
    if ((flags & flag) === 0) return 0;
    position += length;
    return length === 4 && position <= bytes.length ? bytes.readUInt32BE(position - 4) : 0;
  };
  const [frames, length] = [next(1, 4), next(2, 4)];
  next(4, 100);
  next(8, 4);
  const hasEncoder =
    position + 24 <= bytes.length && /^(LAME|Lav[cf])/.test(bytes.toString('latin1', position, position + 4));
  const trim = hasEncoder ? bytes.readUIntBE(position + 21, 3) : 0;
  return { frames, bytes: length, delay: trim >> 12, padding: trim & 0xfff };
}
