import { type Matrix, zeros } from '../../../../src/base/matrix.ts';
import { Random } from '../../../../src/base/random.ts';

/** Rows of normal noise around `clusters` random centres far apart; row r belongs to the cluster r mod `clusters`. */
export function clustered(rows: number, columns: number, clusters = 3): Matrix {
  const random = Random.of(1, 'clusters');
  const centres = Array.from({ length: clusters * columns }, () => 5 * random.normal());
  const matrix = zeros(rows, columns);
  for (let i = 0; i < matrix.data.length; i++) {
    const [row, column] = [Math.floor(i / columns), i % columns];
    matrix.data[i] = (centres[(row % clusters) * columns + column] ?? 0) + random.normal();
  }
  return matrix;
}
