import { type Matrix, rowOf } from '../../base/matrix.ts';
import type { Rows } from '../products/rows.ts';
import { RightFactor } from '../products/wasm.ts';
import { centredRows } from './centred.ts';
import type { LinearMap } from './pairMap.ts';
import type { Span } from './spans.ts';

/**
 * Writes every row, mapped by its group's map and divided by its length, to the row of `mapped` that `places` tells. A row that is mapped to
 * zeros has no direction and stays so. A unit is a span.
 */
export function mapRows(
  input: { rows: Rows; places: Uint32Array; maps: readonly LinearMap[]; spans: readonly Span[]; mapped: Matrix },
  units: Iterable<number>,
): void {
  let factor: { readonly group: number; readonly weights: RightFactor | undefined } | undefined;
  for (const unit of units) {
    const span = input.spans[unit];
    const map = input.maps[span?.group ?? 0];
    if (span === undefined || map === undefined) continue;
    if (factor?.group !== span.group) {
      factor = { group: span.group, weights: map.weights && RightFactor.transposed(map.weights) };
    }
    const centred = centredRows(input.rows, span.from, span.to, map.mean);
    const mapped = factor.weights?.times(centred) ?? centred;
    for (let row = 0; row < mapped.rows; row++) {
      writeUnit(rowOf(mapped, row), rowOf(input.mapped, input.places[span.from + row] ?? 0));
    }
  }
}

function writeUnit(row: Float32Array, out: Float32Array): void {
  let squares = 0;
  for (let c = 0; c < row.length; c++) squares += (row[c] ?? 0) ** 2;
  const length = Math.sqrt(squares);
  for (let c = 0; c < row.length; c++) out[c] = length > 0 ? (row[c] ?? 0) / length : 0;
}
