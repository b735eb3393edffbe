/** How an array file stores its numbers. */
export type NumberType = 'float16' | 'bfloat16' | 'float32' | 'float64' | 'int8' | 'uint8' | 'int32' | 'int64';

const BYTES: Readonly<Record<NumberType, number>> = {
  float16: 2,
  bfloat16: 2,
  float32: 4,
  float64: 8,
  int8: 1,
  uint8: 1,
  int32: 4,
  int64: 8,
};

export function bytesOf(type: NumberType): number {
  return BYTES[type];
}

/** A copy of numbers whose most significant byte comes first, with the least significant one first. */
export function toLittleEndian(bytes: Uint8Array, type: NumberType): Buffer {
  const swapped = Buffer.from(bytes);
  const width = BYTES[type];
  if (width === 2) return swapped.swap16();
  if (width === 4) return swapped.swap32();
  return width === 8 ? swapped.swap64() : swapped;
}

/** The little-endian numbers in `bytes` as float32; whole numbers beyond 2²⁴ are rounded. */
export function toFloats(bytes: Uint8Array, type: NumberType): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = BYTES[type];
  const read = READERS[type];
  const floats = new Float32Array(Math.floor(bytes.byteLength / width));
  for (let index = 0; index < floats.length; index++) floats[index] = read(view, index * width);
  return floats;
}

const READERS: Readonly<Record<NumberType, (view: DataView, at: number) => number>> = {
  float16: (view, at) => halfToNumber(view.getUint16(at, true)),
  bfloat16,
  float32: (view, at) => view.getFloat32(at, true),
  float64: (view, at) => view.getFloat64(at, true),
  int8: (view, at) => view.getInt8(at),
  uint8: (view, at) => view.getUint8(at),
  int32: (view, at) => view.getInt32(at, true),
  int64: (view, at) => Number(view.getBigInt64(at, true)),
};

/** IEEE 754 binary16: one bit of sign, five of exponent (bias 15), ten of fraction. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The upper half of a float32. */
function bfloat16(view: DataView, at: number): number {
  SCRATCH.setUint16(2, view.getUint16(at, true), true);
  return SCRATCH.getFloat32(0, true);
}

const SCRATCH = new DataView(new ArrayBuffer(4));
