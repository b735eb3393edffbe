import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { numbersOf } from './heap.ts';

/** The numbers that SIMD takes at once, and the bytes of one. */
export const [LANES, FLOAT] = [4, 4] as const;

/**
 * `count` tensors of a shape whose numbers are made by {@link LANES}. `make` writes those from `start` to `end` of each
 * tensor from the address on that it gets for it; it may read what lies behind the last number of others of that shape.
 */
export function madeInFours(
  backend: BackendWasm,
  count: number,
  shape: number[],
  make: (to: readonly number[], start: number, end: number) => void,
): tf.TensorInfo[] {
  const size = tf.util.sizeFromShape(shape);
  const whole = size - (size % LANES);
  const made = Array.from({ length: count }, () => ({
    result: backend.makeOutput(shape, 'float32'),
    // Nothing may be written behind the last number.
    rest: backend.makeOutput([LANES], 'float32'),
  }));
  const addressesOf = (which: 'result' | 'rest'): number[] =>
    made.map((tensors) => backend.getMemoryOffset(tensors[which].dataId));
  if (whole > 0) make(addressesOf('result'), 0, whole);
  if (whole < size) make(addressesOf('rest'), whole, whole + LANES);
  for (const { result, rest } of made) {
    numbersOf(backend, result).set(numbersOf(backend, rest).subarray(0, size - whole), whole);
    backend.disposeData(rest.dataId);
  }
  return made.map(({ result }) => result);
}
