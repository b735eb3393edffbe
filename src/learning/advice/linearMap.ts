import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { crossProduct, dot, fromRows } from '../../base/matrix.ts';
import { squaredDistance } from '../centroids.ts';

/** A vector of one modality → where its partner is expected. */
export type LinearMap = (vector: Float32Array) => Float32Array;

/** Ridge strengths to choose from, in units of the mean eigenvalue of XᵀX. */
const STRENGTHS = [0.01, 0.1, 1, 10];

/**
 * The ridge map from x to y (N × D1 → N × D2, rows that belong together), its strength chosen by the squared error on
 * `held`, rows of other classes. O(N D1 (D1 + D2) + D1³).
 */
export function fitLinearMap(
  x: readonly Float32Array[],
  y: readonly Float32Array[],
  held: { readonly x: readonly Float32Array[]; readonly y: readonly Float32Array[] },
): LinearMap {
  const [inputs, outputs] = [fromRows(x), fromRows(y)];
  const moments = Matrix.from1DArray(inputs.columns, inputs.columns, crossProduct(inputs, inputs));
  const cross = Matrix.from1DArray(inputs.columns, outputs.columns, crossProduct(inputs, outputs));
  const unit = moments.trace() / moments.rows;
  const maps = STRENGTHS.map((strength) => {
    const regularised = Matrix.add(moments, Matrix.eye(moments.rows, moments.rows).mul(strength * unit || 1));
    const columns = new CholeskyDecomposition(regularised)
      .solve(cross)
      .transpose()
      .to2DArray()
      .map((column) => Float32Array.from(column));
    const map: LinearMap = (vector) => Float32Array.from(columns, (column) => dot(vector, column));
    return { map, error: squaredError(map, held.x, held.y) };
  });
  return maps.reduce((best, candidate) => (candidate.error < best.error ? candidate : best)).map;
}

/** A vector beside its image under a map, which weighs as much as the vector itself over the rows given. */
export function besideImage(map: LinearMap, rows: readonly Float32Array[]): LinearMap {
  const own = rows.reduce((sum, vector) => sum + dot(vector, vector), 0);
  const mapped = rows.map(map).reduce((sum, vector) => sum + dot(vector, vector), 0);
  const scale = mapped > 0 ? Math.sqrt(own / mapped) : 0;
  return (vector) => Float32Array.of(...vector, ...map(vector).map((value) => value * scale));
}

function squaredError(map: LinearMap, x: readonly Float32Array[], y: readonly Float32Array[]): number {
  return x.reduce((total, vector, row) => total + squaredDistance(map(vector), y[row] ?? vector), 0);
}
