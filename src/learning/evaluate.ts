import * as tf from '@tensorflow/tfjs-core';
import type { LearningMethod, Solution } from './methods/method.ts';
import type { WeightVector } from './networks/layout.ts';
import { queriesOf, type TargetTask } from './tasks.ts';

/** How a method did on one task with `shots` labelled items per class. */
export interface TaskResult extends Solution {
  /** The task's index. */
  readonly task: number;
  readonly shots: number;
  /** Share of the right queries, in [0, 1]. */
  readonly accuracy: number;
}

/** Meta-test: yields in the order of `tasks`. Whoever iterates may stop between two tasks. */
export async function* solveTasks(
  method: LearningMethod,
  weights: WeightVector,
  tasks: readonly TargetTask[],
  shots: number,
): AsyncGenerator<TaskResult> {
  const start = tf.tensor1d(weights);
  try {
    for (const task of tasks) {
      const solution = await method.solve(start, task, shots);
      const { labels } = queriesOf(task);
      const right = labels.filter((label, i) => solution.predicted[i] === label).length;
      yield { task: task.index, shots, accuracy: right / labels.length, ...solution };
    }
  } finally {
    start.dispose();
  }
}
