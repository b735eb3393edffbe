import * as tf from '@tensorflow/tfjs-core';
import { remembered } from '../../base/remembered.ts';
import { Adam } from '../adam.ts';
import { descend, type Objective, slopeOf } from '../descent.ts';
import type { Layout } from '../networks/layout.ts';
import type { EmbeddingPath } from '../networks/transfer.ts';
import { classification, classificationLoss, type LabelledItems } from '../objectives.ts';
import type { Optimiser } from '../optimiser.ts';
import type { Settings } from '../settings.ts';
import { Sgd } from '../sgd.ts';
import type { TransferTask } from './transferTask.ts';

/** Some of the parameters of the target path, by their names. */
export type Chosen = (name: string) => boolean;

export const everything: Chosen = () => true;
/** The embedder and the head. */
export const allButEncoder: Chosen = (name) => !name.startsWith('encoder.');
/** The layer norms of the encoder, the embedder and the head. */
export const normsOfEncoder: Chosen = (name) => allButEncoder(name) || /\.norm\d?\.(scale|shift)$/.test(name);
export const headAlone: Chosen = (name) => name.startsWith('head.');

/** Cross-entropy on random mini-batches of the support set, as a function of the chosen weights alone. */
export function supportObjective(task: TransferTask, start: tf.Tensor1D, chosen: Chosen): Objective {
  const { network, episodes, support, settings, random } = task;
  const batches = { ...settings, innerBatch: settings.transfer.batch };
  const objective = classification(network.target, episodes.target, support, batches, random);
  return chosen === everything ? objective : holdOthers(objective, network.target, start, chosen);
}

/** How long a stage is, and how it moves weights. */
interface StageSteps {
  readonly steps: number;
  readonly learningRate: number;
  /** Default: Adam. */
  readonly optimiser?: Settings['transfer']['fineTuneOptimiser'];
}

/** `steps` of a fresh optimiser on all weights that the objective moves. The caller disposes what it gives. */
export async function train(
  task: TransferTask,
  start: tf.Tensor1D,
  objective: Objective,
  { steps, learningRate, optimiser = 'adam' }: StageSteps,
): Promise<tf.Tensor1D> {
  const mover: Optimiser =
    optimiser === 'sgd' ? new Sgd(start.size, learningRate) : new Adam(start.size, learningRate, 0.9);
  try {
    return (await descend(start, steps, objective, mover, task.place)).weights;
  } finally {
    mover.dispose();
  }
}

/** The objective with all other weights as they are at the start; what has no gradient stays bit by bit. */
function holdOthers(
  objective: Objective<keyof LabelledItems>,
  path: EmbeddingPath,
  start: tf.Tensor1D,
  chosen: Chosen,
): Objective {
  return { ...objective, held: { start }, slope: chosenSlope(path)(chosen) };
}

const chosenSlope = remembered((path: EmbeddingPath) =>
  remembered((chosen: Chosen) => {
    const mask = maskOf(path.layout, chosen);
    return slopeOf<keyof LabelledItems | 'start'>((weights, { start, ...given }) => {
      const moves = tf.tensor1d(mask);
      const moved: tf.Tensor1D = tf.add(tf.mul(weights, moves), tf.mul(start, tf.sub(1, moves)));
      return classificationLoss(path, given, path.layout.cut(moved));
    });
  }),
);

/** 1 for the weights of the chosen parameters, 0 for the others. */
function maskOf({ parameters }: Layout, chosen: Chosen): Float32Array {
  return Float32Array.from(
    parameters.flatMap(({ name, shape }) => {
      const size = shape.reduce((product, length) => product * length, 1);
      return Array<number>(size).fill(chosen(name) ? 1 : 0);
    }),
  );
}
