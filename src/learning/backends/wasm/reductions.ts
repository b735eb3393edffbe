import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { FLOAT, LANES } from './fours.ts';
import { heapOf, numbersOf, whereThereIsSimd } from './heap.ts';
import { openReductions, type Reduction, WIDE } from './reducing.ts';
import { replaceKernel, type Whole } from './replaceKernel.ts';

/**
 * Replaces the sums and the maxima of the wasm backend over neighbouring axes. The stock kernels turn the tensor round for
 * any but the last ones, and take one number after the other, sums in float32; here they are made where the numbers lie,
 * sums in float64. For two or three columns, and where the engine has no SIMD, nothing is replaced.
 */
export function reduceWhereTheyLie(backend: BackendWasm): void {
  const reductions = whereThereIsSimd(() => openReductions(heapOf(backend)));
  if (reductions === undefined) return;
  const { sums, maxima } = reductions;
  replaceKernel<Whole, tf.SumAttrs>('Sum', ({ inputs: { x }, attrs: { axis, keepDims } }) =>
    reduce(backend, sums, x, axis, keepDims, 0),
  );
  replaceKernel<Whole, tf.MaxAttrs>('Max', ({ inputs: { x }, attrs: { reductionIndices, keepDims } }) =>
    reduce(backend, maxima, x, reductionIndices, keepDims, Number.NEGATIVE_INFINITY),
  );
}

/** @param axes over which it is reduced, and `kept` whether they stay with the length 1; of none there is `ofNone` */
function reduce(
  backend: BackendWasm,
  reduction: Reduction,
  { dataId, dtype, shape }: tf.TensorInfo,
  axes: number | number[],
  kept: boolean,
  ofNone: number,
): tf.TensorInfo | undefined {
  const places = tf.util.parseAxisParam(axes, shape).sort((a, b) => a - b);
  const [first = 0, last = -1] = [places[0], places.at(-1)];
  if (dtype !== 'float32' || last - first !== places.length - 1) return undefined;
  const [outer, reduced, inner] = [shape.slice(0, first), shape.slice(first, last + 1), shape.slice(last + 1)];
  const [groups, count] = [tf.util.sizeFromShape(outer), tf.util.sizeFromShape(reduced)];
  const columns = tf.util.sizeFromShape(inner);
  if (count > 0 && columns > 1 && columns < LANES) return undefined;
  const result = backend.makeOutput([...outer, ...(kept ? reduced.map(() => 1) : []), ...inner], 'float32');
  const [from, to] = [backend.getMemoryOffset(dataId), backend.getMemoryOffset(result.dataId)];
  if (groups * count * columns === 0) numbersOf(backend, result).fill(ofNone);
  else if (columns === 1) reduction.rows(from, to, groups, ...inFours(count));
  else reduceColumns(reduction, from, to, [groups, count, columns]);
  return result;
}

/** The bytes of `count` numbers that are taken four at once, and those of the rest. */
function inFours(count: number): [number, number] {
  const rest = count % LANES;
  return [FLOAT * (count - rest), FLOAT * rest];
}

/** Where the columns are no multiple of four, the last four overlap those before. */
function reduceColumns(
  reduction: Reduction,
  from: number,
  to: number,
  [groups, count, columns]: [number, number, number],
): void {
  const row = FLOAT * columns;
  for (let group = 0; group < groups; group++) {
    const [groupFrom, groupTo] = [from + group * count * row, to + group * row];
    for (let column = 0; column < columns; ) {
      const isWide = column + WIDE <= columns;
      const at = FLOAT * (isWide ? column : Math.min(column, columns - LANES));
      const reduceSome = isWide ? reduction.wideColumns : reduction.columns;
      reduceSome(groupFrom + at, groupTo + at, count, row);
      column += isWide ? WIDE : LANES;
    }
  }
}
