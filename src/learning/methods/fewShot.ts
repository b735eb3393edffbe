import * as tf from '@tensorflow/tfjs-core';
import { Adam } from '../adam.ts';
import { descend } from '../descent.ts';
import { inputTensor } from '../inputs.ts';
import { type DualNetwork, dualNetwork } from '../networks/dual.ts';
import { adaptation } from '../objectives.ts';
import { queriesOf, supportOf, type TargetTask } from '../tasks.ts';
import type { LearningMethod, Lesson } from './method.ts';

/** A lesson with the network of the CROMA family. */
export interface Learner extends Lesson {
  readonly network: DualNetwork;
}

export function learnerOf(lesson: Lesson): Learner {
  return { ...lesson, network: dualNetwork(lesson.episodes, lesson.settings) };
}

/**
 * What the methods of the CROMA family have in common: one network and its initial weights, and the meta-test (methods.md
 * 1.5): a copy of the weights takes `adaptationSteps` steps of a fresh Adam(beta1 = 0) on cyclic mini-batches of the
 * support set, through the target branch and the head.
 */
export function fewShot(learner: Learner): Omit<LearningMethod, 'total' | 'iterate'> {
  const { network, settings } = learner;
  return {
    size: network.layout.size,
    work: { iteration: 2 * settings.innerSteps, task: settings.adaptationSteps + 1 },
    initialise: (random) => network.layout.initialise(random),
    async solve(weights, task, shots) {
      const path = network.target.layout;
      const start = tf.slice1d(weights, weights.size - path.size, path.size);
      try {
        const adapted = await adapt(learner, start, task, shots);
        const predicted = await predict(learner, adapted, queriesOf(task).rows);
        adapted.dispose();
        return { predicted };
      } finally {
        start.dispose();
      }
    },
    dispose() {},
  };
}

async function adapt({ network, episodes, settings }: Learner, start: tf.Tensor1D, task: TargetTask, shots: number) {
  const adam = new Adam(network.target.layout.size, settings.learningRate, 0);
  try {
    const objective = adaptation(network.target, episodes.target, supportOf(task, shots), settings);
    const place = `the adaptation to task ${task.index + 1} with ${shots} shots`;
    return (await descend(start, settings.adaptationSteps, objective, adam, place)).weights;
  } finally {
    adam.dispose();
  }
}

/** The label that the head likes best for each row of the target. */
async function predict({ network, episodes }: Learner, weights: tf.Tensor1D, rows: readonly number[]) {
  const predicted = tf.tidy(() => {
    const { layout, embed, classify } = network.target;
    const tensors = layout.cut(weights);
    return tf.argMax(classify(tensors, embed(tensors, inputTensor(episodes.target, rows))), 1);
  });
  const labels = [...(await predicted.data())];
  predicted.dispose();
  return labels;
}
