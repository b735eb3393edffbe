import { type Matrix, zeros } from '../../base/matrix.ts';

/** Every row minus the mean; of its columns those from `from` on, as many as the mean has. */
export function withoutMean({ rows, columns, data }: Matrix, mean: Float64Array, from = 0): Matrix {
  const moved = zeros(rows, mean.length);
  for (let r = 0, at = 0; r < rows; r++) {
    const start = r * columns + from;
    for (let c = 0; c < mean.length; c++, at++) moved.data[at] = (data[start + c] ?? 0) - (mean[c] ?? 0);
  }
  return moved;
}
