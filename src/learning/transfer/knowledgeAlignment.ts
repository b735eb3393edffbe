import * as tf from '@tensorflow/tfjs-core';
import { remembered } from '../../base/remembered.ts';
import { inPartsIf, type Objective, type Slope } from '../descent.ts';
import { readItems } from '../inputs.ts';
import type { Tensors } from '../networks/layout.ts';
import type { TransferNetwork } from '../networks/transfer.ts';
import type { Batch, Given } from '../numbers.ts';
import { classificationLoss, type LabelledItems, readLabelled, selectRows } from '../objectives.ts';
import type { Settings } from '../settings.ts';
import type { LabelledRows } from '../tasks.ts';
import { balancedSample } from './pretrainingItems.ts';
import { pairWeights, sourceSpread } from './sourceSpread.ts';
import type { TransferTask } from './transferTask.ts';

/** Source items of a step: so many of so many classes, two or more of each for the alignment (methods.md 2.5). */
const CLASSES = 16;
const EACH = 4;
/** Length of the move of the encoder over which a derivative is taken (methods.md 2.5). */
const RADIUS = 0.01;
const SMALLEST_LENGTH = 1e-12;

/** Support items of a task with their labels, and source items with what {@link sourceSpread} takes. */
export type BilevelBatch = LabelledItems & Batch<'sources' | 'all' | 'alike'>;

/** The same as tensors, and the source model, whose embedder embeds the source items. */
type BilevelGiven = Given<keyof BilevelBatch | 'model'>;

/** Two losses that share an encoder: θ its weights, ρ the other weights of the target path. */
export interface BilevelLosses {
  readonly inner: (theta: tf.Tensor1D, rest: tf.Tensor1D) => tf.Scalar;
  readonly outer: (theta: tf.Tensor1D) => tf.Scalar;
}

/**
 * Stage 1 of MoNA (Ma et al. 2024; methods.md 2.4): the embedder learns to classify the target so that one step of the
 * encoder on that task would leave the source well separated. The encoder itself stays, the head learns to classify only.
 */
export function knowledgeAlignment(task: TransferTask): Objective<keyof BilevelBatch, 'model'> {
  const { network, items, support, settings, random, model } = task;
  return {
    term: 'embedder',
    held: { model },
    next() {
      const target = selectRows(support, random.sample([...support.rows.keys()], settings.transfer.batch));
      return readBilevel(task, target, balancedSample(items.trainingByClass, CLASSES, EACH, random));
    },
    slope: bilevelSlope(network)(settings.transfer),
    ...inPartsIf(settings),
  };
}

const bilevelSlope = remembered((network: TransferNetwork) =>
  remembered((settings: Settings['transfer']): Slope<keyof BilevelGiven> => {
    const { parts } = network;
    return (weights, given) => {
      const [theta, rest] = tf.split(weights, [parts.encoder, parts.embedder + parts.head]) as [
        tf.Tensor1D,
        tf.Tensor1D,
      ];
      const { value, grad, correction } = bilevelGradient(bilevelLosses(network, given), { theta, rest }, settings);
      const onEmbedder = tf.concat1d([tf.slice1d(correction, 0, parts.embedder), tf.zeros([parts.head])]);
      return { value, grad: tf.concat1d([tf.zeros([parts.encoder]), tf.add(grad, onEmbedder)]) };
    };
  }),
);

export async function readBilevel(
  { episodes, settings }: TransferTask,
  targetRows: LabelledRows,
  sourceRows: LabelledRows,
): Promise<BilevelBatch> {
  const [target, sources] = await Promise.all([
    readLabelled(episodes.target, targetRows, settings.ways),
    readItems(episodes.source, sourceRows.rows),
  ]);
  return { ...target, sources, ...pairWeights(sourceRows.labels) };
}

/** The losses of a task on some of its support items and some source items. */
export function bilevelLosses(network: TransferNetwork, given: BilevelGiven): BilevelLosses {
  const { embedder, enter } = network.source;
  const model = given.model as tf.Tensor1D;
  const entered = enter(embedder.cut(tf.slice1d(model, 0, embedder.size)), given.sources);
  // Cut apart, so that a gradient by the rest alone takes none by the encoder.
  const tensorsOf = (theta: tf.Tensor1D, rest: tf.Tensor1D): Tensors =>
    new Map([...network.encoder.cut(theta), ...network.rest.cut(rest)]);
  return {
    inner: (theta, rest) => classificationLoss(network.target, given, tensorsOf(theta, rest)),
    outer: (theta) => sourceSpread(network.encode(network.encoder.cut(theta), entered), given),
  };
}

/**
 * The gradient of L_inner(θ, ρ) + λ L_outer(θ − α ∂L_inner/∂θ) by ρ: `grad` + `correction`. The second is −λ α times the
 * derivative of ∂L_inner/∂ρ along v = ∂L_outer/∂θ at the moved θ, taken as a central difference over θ ± r v, so that no
 * second derivative is asked of the backend (methods.md 2.5 and 13, route B). `value` is the value of both losses.
 */
export function bilevelGradient(
  { inner, outer }: BilevelLosses,
  { theta, rest }: { theta: tf.Tensor1D; rest: tf.Tensor1D },
  { lambda, innerLearningRate }: { lambda: number; innerLearningRate: number },
): { value: tf.Scalar; grad: tf.Tensor1D; correction: tf.Tensor1D } {
  const both = tf.valueAndGrads((t, r) => inner(t as tf.Tensor1D, r as tf.Tensor1D))([theta, rest]);
  const [byTheta, grad] = both.grads as [tf.Tensor1D, tf.Tensor1D];
  const moved = tf.sub<tf.Tensor1D>(theta, tf.mul(byTheta, innerLearningRate));
  const { value, grad: along } = tf.valueAndGrad((t) => outer(t as tf.Tensor1D))(moved);
  const radius = tf.div(RADIUS, tf.add(lengthOf(along), SMALLEST_LENGTH));
  const step = tf.mul<tf.Tensor1D>(along, radius);
  const gradientAt = (t: tf.Tensor1D) => tf.grad((r) => inner(t, r as tf.Tensor1D))(rest);
  const difference = tf.sub(gradientAt(tf.add(theta, step)), gradientAt(tf.sub(theta, step)));
  const factor = tf.div(-lambda * innerLearningRate, tf.mul(radius, 2));
  return {
    value: tf.add(both.value as tf.Scalar, tf.mul(value, lambda)),
    grad,
    correction: tf.mul<tf.Tensor1D>(difference, factor),
  };
}

/** Cosine between the gradients by θ of both losses: whether what the target asks of the encoder serves the source. */
export function gradientCosine({ inner, outer }: BilevelLosses, theta: tf.Tensor1D, rest: tf.Tensor1D): tf.Scalar {
  const byTarget = tf.grad((t) => inner(t as tf.Tensor1D, rest))(theta);
  const bySource = tf.grad((t) => outer(t as tf.Tensor1D))(theta);
  const lengths = tf.mul(lengthOf(byTarget), lengthOf(bySource));
  return tf.div(tf.sum(tf.mul(byTarget, bySource)), tf.add(lengths, SMALLEST_LENGTH));
}

/** tf.norm raises each number to a power of 2 by logarithms, which takes a tenth of a step. */
function lengthOf(vector: tf.Tensor): tf.Tensor {
  return tf.sqrt(tf.sum(tf.square(vector)));
}
