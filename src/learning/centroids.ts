/** Rows scaled to length 1; a zero row stays. */
export function unitRows(rows: readonly Float32Array[]): Float32Array[] {
  return rows.map((row) => {
    const length = Math.hypot(...row);
    return length === 0 ? row : row.map((value) => value / length);
  });
}

/** The mean of some rows of one length. */
export function centroid(rows: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(rows[0]?.length ?? 0);
  for (const row of rows) for (const [d, value] of row.entries()) sum[d] = (sum[d] ?? 0) + value / rows.length;
  return sum;
}

/** For each query the class with the nearest centroid; the first of several. */
export function nearest(
  queries: readonly Float32Array[],
  classes: readonly (readonly Float32Array[])[],
  distance: (query: Float32Array, centroid: Float32Array) => number,
): number[] {
  const centroids = classes.map(centroid);
  return queries.map((query) => {
    const distances = centroids.map((centre) => distance(query, centre));
    return distances.indexOf(Math.min(...distances));
  });
}

export function squaredDistance(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, d) => sum + (value - (b[d] ?? 0)) ** 2, 0);
}

/** One minus the cosine of two rows, the first of length 1. */
export function cosineDistance(a: Float32Array, b: Float32Array): number {
  const length = Math.hypot(...b);
  return length === 0 ? 1 : 1 - a.reduce((sum, value, d) => sum + value * (b[d] ?? 0), 0) / length;
}
