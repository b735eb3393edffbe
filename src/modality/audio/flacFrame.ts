import { BitReader } from './bitReader.ts';
import type { FlacInfo } from './flac.ts';

/** Thrown for a frame that breaks the rules of the format. */
export class DamagedFrame extends Error {}

const LEFT_SIDE = 8;
const SIDE_RIGHT = 9;
const MID_SIDE = 10;
const SAMPLE_BITS = [0, 8, 12, 0, 16, 20, 24, 32];

export interface FlacFrame {
  /** As whole numbers, each channel. */
  readonly channels: Float64Array[];
  readonly bitsPerSample: number;
  readonly bytes: number;
}

/**
 * One frame (RFC 9639, §9), checked by its CRC-16. Throws {@link DamagedFrame}, and `OutOfBits` when it is not whole.
 *
 * @param bytes from the first byte of the frame on
 */
export function decodeFlacFrame(bytes: Uint8Array, info: FlacInfo): FlacFrame {
  const reader = new BitReader(bytes);
  if (reader.read(15) !== 0x7ffc) throw new DamagedFrame('no frame where one is due');
  reader.read(1);
  const [sizeCode, rateCode, assignment, bitsCode] = [reader.read(4), reader.read(4), reader.read(4), reader.read(3)];
  reader.read(1);
  skipCodedNumber(reader);
  const blockSize = readBlockSize(reader, sizeCode);
  if (rateCode >= 12) reader.read(rateCode === 12 ? 8 : 16);
  reader.read(8);
  const bitsPerSample = bitsCode === 0 ? info.bitsPerSample : (SAMPLE_BITS[bitsCode] ?? 0);
  if (assignment > MID_SIDE || bitsPerSample === 0 || blockSize === 0)
    throw new DamagedFrame('a frame header is damaged');
  const count = assignment >= LEFT_SIDE ? 2 : assignment + 1;
  const channels = Array.from({ length: count }, (_, channel) => {
    const isSide = (assignment === SIDE_RIGHT && channel === 0) || (isStereo(assignment) && channel === 1);
    return decodeSubframe(reader, blockSize, bitsPerSample + (isSide ? 1 : 0));
  });
  joinStereo(assignment, channels);
  reader.alignToByte();
  const end = reader.bytePosition;
  if (reader.read(16) !== crc16(bytes, end)) throw new DamagedFrame('a frame has a wrong check sum');
  return { channels, bitsPerSample, bytes: end + 2 };
}

function isStereo(assignment: number): boolean {
  return assignment === LEFT_SIDE || assignment === MID_SIDE;
}

/** The number of the frame or sample, coded as in UTF-8 with up to seven bytes. */
function skipCodedNumber(reader: BitReader): void {
  const first = reader.read(8);
  const ones = Math.clz32(~(first << 24));
  for (let index = 1; index < ones; index++) reader.read(8);
}

/** §9.1.1. */
function readBlockSize(reader: BitReader, code: number): number {
  if (code === 1) return 192;
  if (code >= 2 && code <= 5) return 144 << code;
  if (code === 6) return reader.read(8) + 1;
  if (code === 7) return reader.read(16) + 1;
  return code === 0 ? 0 : 1 << code;
}

/** §9.2: constant, verbatim, fixed prediction of order 0 to 4, or linear prediction. */
function decodeSubframe(reader: BitReader, blockSize: number, width: number): Float64Array {
  reader.read(1);
  const type = reader.read(6);
  const wasted = reader.read(1) === 1 ? reader.readUnary() + 1 : 0;
  const bits = width - wasted;
  if (bits < 1) throw new DamagedFrame('a subframe has no bits');
  const samples = new Float64Array(blockSize);
  if (type === 0) {
    samples.fill(reader.readSigned(bits));
  } else if (type === 1) {
    for (let index = 0; index < blockSize; index++) samples[index] = reader.readSigned(bits);
  } else if (type >= 8 && type <= 12) {
    const order = type - 8;
    readWarmUp(reader, samples, order, bits);
    readResiduals(reader, samples, order);
    predict(samples, FIXED[order] ?? [], 0);
  } else if (type >= 32) {
    const order = type - 31;
    readWarmUp(reader, samples, order, bits);
    const precision = reader.read(4) + 1;
    const shift = reader.readSigned(5);
    if (precision === 16 || shift < 0) throw new DamagedFrame('a predictor is damaged');
    const coefficients = Array.from({ length: order }, () => reader.readSigned(precision));
    readResiduals(reader, samples, order);
    predict(samples, coefficients, shift);
  } else {
    throw new DamagedFrame('a subframe is of no known type');
  }
  if (wasted > 0) for (let index = 0; index < blockSize; index++) samples[index] = (samples[index] ?? 0) * 2 ** wasted;
  return samples;
}

/** Coefficients of the fixed predictors, the latest sample first (§9.2.5). */
const FIXED: readonly (readonly number[])[] = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]];

function readWarmUp(reader: BitReader, samples: Float64Array, order: number, bits: number): void {
  if (order > samples.length) throw new DamagedFrame('a predictor is longer than its block');
  for (let index = 0; index < order; index++) samples[index] = reader.readSigned(bits);
}

/** Rice-coded in partitions (§9.2.7). */
function readResiduals(reader: BitReader, samples: Float64Array, order: number): void {
  const method = reader.read(2);
  if (method > 1) throw new DamagedFrame('a residual is coded in no known way');
  const width = method === 0 ? 4 : 5;
  const escapeCode = 2 ** width - 1;
  const partitions = 2 ** reader.read(4);
  const length = samples.length / partitions;
  if (!Number.isInteger(length) || length < order) throw new DamagedFrame('a residual has partitions that do not fit');
  for (let partition = 0; partition < partitions; partition++) {
    const start = partition === 0 ? order : partition * length;
    const end = (partition + 1) * length;
    const parameter = reader.read(width);
    if (parameter === escapeCode) {
      const bits = reader.read(5);
      for (let index = start; index < end; index++) samples[index] = bits === 0 ? 0 : reader.readSigned(bits);
    } else {
      for (let index = start; index < end; index++) {
        const folded = reader.readUnary() * 2 ** parameter + reader.read(parameter);
        samples[index] = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
      }
    }
  }
}

/** Adds to each residual the prediction from the samples before it. Sums stay below 2⁵³, so they are exact. */
function predict(samples: Float64Array, coefficients: readonly number[], shift: number): void {
  const scale = 2 ** shift;
  for (let index = coefficients.length; index < samples.length; index++) {
    let sum = 0;
    for (let lag = 0; lag < coefficients.length; lag++) {
      sum += (coefficients[lag] ?? 0) * (samples[index - 1 - lag] ?? 0);
    }
    samples[index] = (samples[index] ?? 0) + Math.floor(sum / scale);
  }
}

/** Undoes the joint coding of two channels (§9.2.2). */
function joinStereo(assignment: number, [first, second]: Float64Array[]): void {
  if (assignment < LEFT_SIDE || first === undefined || second === undefined) return;
  for (let index = 0; index < first.length; index++) {
    const [a, b] = [first[index] ?? 0, second[index] ?? 0];
    if (assignment === LEFT_SIDE) {
      second[index] = a - b;
    } else if (assignment === SIDE_RIGHT) {
      first[index] = a + b;
    } else {
      const sum = 2 * a + Math.abs(b % 2);
      first[index] = (sum + b) / 2;
      second[index] = (sum - b) / 2;
    }
  }
}

const CRC16 = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x8005 : crc << 1;
  return crc;
});

/** Polynomial x¹⁶ + x¹⁵ + x² + 1, from 0. */
function crc16(bytes: Uint8Array, end: number): number {
  let crc = 0;
  for (let index = 0; index < end; index++) {
    crc = ((crc << 8) & 0xffff) ^ (CRC16[(crc >> 8) ^ (bytes[index] ?? 0)] ?? 0);
  }
  return crc;
}
