import * as tf from '@tensorflow/tfjs-core';
import { Adam } from '../adam.ts';
import { descend } from '../descent.ts';
import { inputTensor } from '../inputs.ts';
import { adaptation } from '../objectives.ts';
import { type LabelledRows, queriesOf, supportOf, type TargetTask } from '../tasks.ts';
import { type Branch, type Learner, partOf } from './learner.ts';
import type { LearningMethod, Solution } from './method.ts';

/**
 * What the methods of the CROMA family have in common: one network and its initial weights, its embeddings, and the
 * meta-test (methods.md 1.5): a copy of the weights takes `adaptationSteps` steps of a fresh Adam(beta1 = 0) on cyclic
 * mini-batches of the support set, through the target branch and the head.
 */
export function fewShot(learner: Learner): Omit<LearningMethod, 'total' | 'iterate'> {
  const { network, settings } = learner;
  return {
    size: network.layout.size,
    work: { iteration: 2 * settings.innerSteps, task: settings.adaptationSteps + 1 },
    initialise: (random) => network.layout.initialise(random),
    solve: (weights, task, shots) =>
      adaptAndAnswer(
        learner,
        learner.target,
        weights,
        supportOf(task, shots),
        queriesOf(task).rows,
        placeOf(task, shots),
      ),
    embed: (weights, side, rows) => embeddings(learner[side], weights, rows),
    dispose() {},
  };
}

/** Where a task stands, for messages. */
export function placeOf(task: TargetTask, shots: number): string {
  return `the adaptation to task ${task.index + 1} with ${shots} shots`;
}

/** Adapts one branch to a support set, and answers queries of the same modality with it. */
export async function adaptAndAnswer(
  learner: Learner,
  branch: Branch,
  weights: tf.Tensor1D,
  support: LabelledRows,
  queries: readonly number[],
  place: string,
): Promise<Solution> {
  const start = partOf(weights, branch);
  try {
    const adapted = await adapt(learner, branch, start, support, place);
    const predicted = await answer(branch, adapted, queries);
    adapted.dispose();
    return { predicted };
  } finally {
    start.dispose();
  }
}

/** The part of a branch after `adaptationSteps` on the support set; `start` stays as it is. */
export async function adapt(
  { settings }: Learner,
  branch: Branch,
  start: tf.Tensor1D,
  support: LabelledRows,
  place: string,
): Promise<tf.Tensor1D> {
  const adam = new Adam(branch.layout.size, settings.learningRate, 0);
  try {
    const objective = adaptation(branch, branch.inputs, support, settings);
    return (await descend(start, settings.adaptationSteps, objective, adam, place)).weights;
  } finally {
    adam.dispose();
  }
}

/** The label that the head likes best for each row, with the weights of the branch. */
export async function answer(branch: Branch, part: tf.Tensor1D, rows: readonly number[]): Promise<number[]> {
  const predicted = tf.tidy(() => {
    const tensors = branch.layout.cut(part);
    return tf.argMax(branch.classify(tensors, branch.embed(tensors, inputTensor(branch.inputs, rows))), 1);
  });
  const labels = [...(await predicted.data())];
  predicted.dispose();
  return labels;
}

/** The embedding of each row in the shared space. */
export async function embeddings(
  branch: Branch,
  weights: tf.Tensor1D,
  rows: readonly number[],
): Promise<Float32Array[]> {
  const embedded = tf.tidy(() =>
    branch.embed(branch.layout.cut(partOf(weights, branch)), inputTensor(branch.inputs, rows)),
  );
  const values = Float32Array.from(await embedded.data());
  const [, width] = embedded.shape;
  embedded.dispose();
  return rows.map((_, i) => values.subarray(i * width, (i + 1) * width));
}
