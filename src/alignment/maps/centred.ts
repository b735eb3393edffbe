import { type Matrix, zeros } from '../../base/matrix.ts';
import type { Rows } from '../products/rows.ts';

/** The rows `from`…`to` − 1 minus the mean; of their columns those from `first` on, as many as the mean has. */
export function centredRows(
  { matrix, listed, lengths }: Rows,
  from: number,
  to: number,
  mean: Float64Array,
  first = 0,
): Matrix {
  const { columns, data } = matrix;
  const centred = zeros(to - from, mean.length);
  for (let place = from, at = 0; place < to; place++) {
    const row = listed?.[place] ?? place;
    const [start, length] = [row * columns + first, lengths?.[row] ?? 1];
    for (let c = 0; c < mean.length; c++, at++) {
      centred.data[at] = Math.fround((data[start + c] ?? 0) / length) - (mean[c] ?? 0);
    }
  }
  return centred;
}
