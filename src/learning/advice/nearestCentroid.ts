import { nearest, squaredDistance } from '../centroids.ts';
import { queriesOf, supportOf, type TargetTask } from '../tasks.ts';

/** Share of a task's queries that lie nearest to the mean of their own class's `shots` support items. */
export function centroidAccuracy(task: TargetTask, shots: number, vectorOf: (row: number) => Float32Array): number {
  const support = supportOf(task, shots);
  const classes = task.classes.map((_, label) =>
    support.rows.filter((_row, at) => support.labels[at] === label).map(vectorOf),
  );
  const { rows, labels } = queriesOf(task);
  const predicted = nearest(rows.map(vectorOf), classes, squaredDistance);
  return labels.filter((label, at) => predicted[at] === label).length / rows.length;
}
