import * as tf from '@tensorflow/tfjs-core';
import { numbersOf } from './heap.ts';
import { replaceKernel, type Whole } from './replaceKernel.ts';

/**
 * Replaces the sums of the wasm backend over neighbouring axes. The stock kernel turns the tensor round for any but the last
 * ones, and adds one number after the other in float32; here sums are made where the numbers lie, in float64.
 */
export function sumWhereTheyLie(): void {
  replaceKernel<Whole, tf.SumAttrs>('Sum', ({ inputs: { x }, attrs: { axis, keepDims }, backend }) => {
    const axes = tf.util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
    const [first = 0, last = -1] = [axes[0], axes.at(-1)];
    if (x.dtype !== 'float32' || last - first !== axes.length - 1) return undefined;
    const [outer, count, inner] = [x.shape.slice(0, first), x.shape.slice(first, last + 1), x.shape.slice(last + 1)];
    const kept = keepDims ? count.map(() => 1) : [];
    const result = backend.makeOutput([...outer, ...kept, ...inner], 'float32');
    const [values, sums] = [numbersOf(backend, x), numbersOf(backend, result)];
    const [counted, step] = [tf.util.sizeFromShape(count), tf.util.sizeFromShape(inner)];
    if (step === 1) sumRows(values, counted, sums);
    else sumColumns(values, counted, step, sums);
    return result;
  });
}

/** Sums of `count` numbers that lie one after the other; four at a time are added up, so that none waits for the one before. */
function sumRows(values: Float32Array, count: number, sums: Float32Array): void {
  const inFours = count - (count % 4);
  for (let row = 0, at = 0; row < sums.length; row++) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (const end = at + inFours; at < end; at += 4) {
      a += values[at] ?? 0;
      b += values[at + 1] ?? 0;
      c += values[at + 2] ?? 0;
      d += values[at + 3] ?? 0;
    }
    for (const end = (row + 1) * count; at < end; at++) a += values[at] ?? 0;
    sums[row] = a + b + (c + d);
  }
}

/** Sums of `count` numbers that lie `step` from one to the next. */
function sumColumns(values: Float32Array, count: number, step: number, sums: Float32Array): void {
  const totals = new Float64Array(step);
  for (let start = 0, at = 0; start < sums.length; start += step) {
    totals.fill(0);
    for (let number = 0; number < count; number++) {
      for (let column = 0; column < step; column++, at++) totals[column] = (totals[column] ?? 0) + (values[at] ?? 0);
    }
    sums.set(totals, start);
  }
}
