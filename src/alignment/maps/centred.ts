import { type Matrix, zeros } from '../../base/matrix.ts';
import { gather, type Rows } from '../products/rows.ts';

/** The rows `from`…`to` − 1 minus the mean; of their columns those from `first` on, as many as the mean has. */
export function centredRows(rows: Rows, from: number, to: number, mean: Float64Array, first = 0): Matrix {
  const { columns, data } = gather(rows, from, to);
  const centred = zeros(to - from, mean.length);
  for (let r = from, at = 0; r < to; r++) {
    const start = (r - from) * columns + first;
    for (let c = 0; c < mean.length; c++, at++) centred.data[at] = (data[start + c] ?? 0) - (mean[c] ?? 0);
  }
  return centred;
}
