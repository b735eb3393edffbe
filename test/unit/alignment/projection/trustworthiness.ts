import { type Matrix, rowOf } from '../../../../src/base/matrix.ts';

/**
 * Trustworthiness of a map at k (Venna and Kaski, ICANN 2001, eq. 2): one less 2 / (m k (2n − 3k − 1)) times the sum of
 * r(i, j) − k over the rows i and those of their k neighbours j on the map that are not among the k nearest of the
 * vectors, where r is the rank of j by distance from i among the vectors. In [0, 1] for k < n / 2. Over the m rows of
 * the sample, which are ranked among all n; O(m n (D + log n)).
 */
export function trustworthiness(
  vectors: Matrix,
  map: Matrix,
  k: number,
  sample = [...Array(vectors.rows).keys()],
): number {
  const n = vectors.rows;
  let penalty = 0;
  for (const row of sample) {
    const ranks = new Uint32Array(n);
    for (const [index, other] of othersByDistance(vectors, row).entries()) ranks[other] = index + 1;
    for (const other of othersByDistance(map, row).slice(0, k)) penalty += Math.max(0, (ranks[other] ?? 0) - k);
  }
  return 1 - (2 * penalty) / (sample.length * k * (2 * n - 3 * k - 1));
}

function othersByDistance(matrix: Matrix, row: number): number[] {
  const own = rowOf(matrix, row);
  const distances = Float64Array.from({ length: matrix.rows }, (_, other) =>
    squaredDistance(own, rowOf(matrix, other)),
  );
  const others = [...distances.keys()].filter((other) => other !== row);
  return others.sort((a, b) => (distances[a] ?? 0) - (distances[b] ?? 0));
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let c = 0; c < a.length; c++) sum += ((a[c] ?? 0) - (b[c] ?? 0)) ** 2;
  return sum;
}
