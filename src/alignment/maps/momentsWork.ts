import { gather, type Rows } from '../products/rows.ts';
import { multiplyTransposed } from '../products/wasm.ts';
import { withoutMean } from './centred.ts';
import type { Moments } from './moments.ts';

/** Short enough that sums of products in float32 stay good to six digits; longer sums are in float64. */
const BLOCK = 1024;

/** Columns `from`…`to` − 1 of the left factor of one product of one group. */
export interface MomentPart {
  readonly group: number;
  readonly product: 'xx' | 'xy' | 'yy';
  readonly from: number;
  readonly to: number;
}

export interface MomentsInput {
  /** Rows that belong together, sorted by group. */
  readonly x: Rows;
  readonly y: Rows;
  readonly originX: Float64Array;
  readonly originY: Float64Array;
  /** First row of each group, and the end. */
  readonly starts: readonly number[];
  readonly parts: readonly MomentPart[];
  /** Zeros in shared memory, with the counts of the groups. */
  readonly groups: readonly Moments[];
}

/**
 * Adds up the moments of every group of pairs. A unit is a part: whichever thread takes it, its sums are made in the
 * same order, so that the same pairs give the same numbers.
 */
export function sumMoments(input: MomentsInput, units: Iterable<number>): void {
  const { x, y, originX, originY, starts, parts, groups } = input;
  for (const unit of units) {
    const part = parts[unit];
    const moments = groups[part?.group ?? 0];
    if (part === undefined || moments === undefined) continue;
    const [left, origin] = part.product === 'yy' ? [y, originY] : [x, originX];
    const [right, otherOrigin] = part.product === 'xx' ? [x, originX] : [y, originY];
    const slab = origin.subarray(part.from, part.to);
    const end = starts[part.group + 1] ?? 0;
    for (let from = starts[part.group] ?? 0; from < end; from += BLOCK) {
      const to = Math.min(end, from + BLOCK);
      const a = withoutMean(gather(left, from, to), slab, part.from);
      const b = withoutMean(gather(right, from, to), otherOrigin);
      addAt(moments[part.product], part.from * b.columns, multiplyTransposed(a, b).data);
      if (part.product === 'xx') addColumns(moments.sumX.subarray(part.from, part.to), a.data);
      if (part.product === 'yy') addColumns(moments.sumY.subarray(part.from, part.to), a.data);
    }
  }
}

function addAt(sums: Float64Array, start: number, values: Float32Array): void {
  for (let i = 0; i < values.length; i++) sums[start + i] = (sums[start + i] ?? 0) + (values[i] ?? 0);
}

function addColumns(sums: Float64Array, rows: Float32Array): void {
  for (let start = 0; start < rows.length; start += sums.length) {
    for (let c = 0; c < sums.length; c++) sums[c] = (sums[c] ?? 0) + (rows[start + c] ?? 0);
  }
}
