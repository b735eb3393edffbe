import * as tf from '@tensorflow/tfjs-core';
import { Adam } from './adam.ts';
import { descend } from './descent.ts';
import type { Episodes } from './episodes.ts';
import { classify, embedTarget, type Network, networkOf, type WeightVector } from './networks.ts';
import { rowsTensor, targetClassification } from './objectives.ts';
import type { Settings } from './settings.ts';
import { queriesOf, supportOf, type TargetTask } from './tasks.ts';

/** Share of the right queries of one task, after adaptation with `shots` labelled items per class. */
export interface TaskAccuracy {
  /** The task's index. */
  readonly task: number;
  readonly shots: number;
  /** In [0, 1]. */
  readonly accuracy: number;
}

/**
 * Meta-test (methods.md 1.5): for each task a copy of the weights takes `adaptationSteps` steps of a fresh
 * Adam(beta1 = 0) on cyclic mini-batches of the support set, through the target branch and the head, and is measured on
 * the queries. Yields in the order of `tasks`; a task's accuracy depends on nothing but the weights, the task and the
 * settings, so a resumed run passes the remaining tasks only. Whoever iterates may stop between two tasks.
 * @throws InputError for a loss that is not finite.
 */
export async function* evaluateTasks(
  weights: WeightVector,
  episodes: Episodes,
  tasks: readonly TargetTask[],
  shots: number,
  settings: Settings,
): AsyncGenerator<TaskAccuracy> {
  const network = networkOf(episodes, settings).targetPath;
  const start = tf.tensor1d(weights.subarray(weights.length - network.size));
  try {
    for (const task of tasks) {
      const adapted = await adapt(network, start, episodes, task, shots, settings);
      try {
        yield { task: task.index, shots, accuracy: await accuracyOf(network, adapted, episodes, task) };
      } finally {
        adapted.dispose();
      }
    }
  } finally {
    start.dispose();
  }
}

async function adapt(
  network: Network,
  start: tf.Tensor1D,
  episodes: Episodes,
  task: TargetTask,
  shots: number,
  settings: Settings,
): Promise<tf.Tensor1D> {
  const adam = new Adam(network.size, settings.learningRate, 0);
  try {
    const objective = targetClassification(network, episodes, supportOf(task, shots), settings);
    const place = `the adaptation to task ${task.index + 1} with ${shots} shots`;
    return (await descend(start, settings.adaptationSteps, objective, adam, place)).weights;
  } finally {
    adam.dispose();
  }
}

async function accuracyOf(
  network: Network,
  weights: tf.Tensor1D,
  episodes: Episodes,
  task: TargetTask,
): Promise<number> {
  const { rows, labels } = queriesOf(task);
  const predicted = tf.tidy(() => {
    const layers = network.layers(weights);
    return tf.argMax(classify(layers, embedTarget(layers, rowsTensor(episodes.target, rows))), 1);
  });
  const values = await predicted.data();
  predicted.dispose();
  return labels.filter((label, i) => values[i] === label).length / labels.length;
}
