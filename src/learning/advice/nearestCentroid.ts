import { queriesOf, supportOf, type TargetTask } from '../tasks.ts';
import { squaredDistance } from './linearMap.ts';

/** Share of a task's queries that lie nearest to the mean of their own class's `shots` support items. */
export function centroidAccuracy(task: TargetTask, shots: number, vectorOf: (row: number) => Float32Array): number {
  const support = supportOf(task, shots);
  const centroids = task.classes.map((_, label) =>
    meanOf(support.rows.filter((_row, at) => support.labels[at] === label).map(vectorOf)),
  );
  const queries = queriesOf(task);
  const right = queries.rows.filter((row, at) => nearest(vectorOf(row), centroids) === queries.labels[at]);
  return right.length / queries.rows.length;
}

/** The mean of vectors of one length. */
export function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) {
    for (let d = 0; d < mean.length; d++) mean[d] = (mean[d] ?? 0) + (vector[d] ?? 0) / vectors.length;
  }
  return mean;
}

function nearest(vector: Float32Array, centroids: readonly Float32Array[]): number {
  const distances = centroids.map((centroid) => squaredDistance(vector, centroid));
  return distances.indexOf(Math.min(...distances));
}
