import type { Rows } from '../products/rows.ts';
import { multiplyTransposed } from '../products/wasm.ts';
import { centredRows } from './centred.ts';
import { type Dense, dense, transposed } from './dense.ts';
import { addTo, type Moments } from './moments.ts';

/** Short enough that sums of products in float32 stay good to six digits; longer sums are in float64. */
const BLOCK = 1024;

/**
 * Columns `from`…`to` − 1 of the left factor of one product of one group; of the symmetric `xx` and `yy` with the columns
 * from `from` on alone.
 */
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
    const { group, product, from: firstRow } = part;
    const firstColumn = product === 'xy' ? 0 : firstRow;
    const [left, origin] = product === 'yy' ? [y, originY] : [x, originX];
    const [right, otherOrigin] = product === 'xx' ? [x, originX] : [y, originY];
    const [centre, otherCentre] = [origin.subarray(firstRow, part.to), otherOrigin.subarray(firstColumn)];
    const sums = dense(centre.length, otherCentre.length);
    const end = starts[group + 1] ?? 0;
    for (let from = starts[group] ?? 0; from < end; from += BLOCK) {
      const to = Math.min(end, from + BLOCK);
      const a = centredRows(left, from, to, centre, firstRow);
      const b = centredRows(right, from, to, otherCentre, firstColumn);
      addTo(sums.data, multiplyTransposed(a, b).data);
      if (product === 'xx') addColumns(moments.sumX.subarray(firstRow, part.to), a.data);
      if (product === 'yy') addColumns(moments.sumY.subarray(firstRow, part.to), a.data);
    }
    const whole = dense(origin.length, otherOrigin.length, moments[product]);
    setBlock(whole, firstRow, firstColumn, sums);
    if (product !== 'xy') setBlock(whole, firstColumn, firstRow, transposed(sums));
  }
}

function setBlock(whole: Dense, top: number, left: number, block: Dense): void {
  for (let r = 0; r < block.rows; r++) {
    const row = block.data.subarray(r * block.columns, (r + 1) * block.columns);
    whole.data.set(row, (top + r) * whole.columns + left);
  }
}

function addColumns(sums: Float64Array, rows: Float32Array): void {
  for (let start = 0; start < rows.length; start += sums.length) {
    for (let c = 0; c < sums.length; c++) sums[c] = (sums[c] ?? 0) + (rows[start + c] ?? 0);
  }
}
