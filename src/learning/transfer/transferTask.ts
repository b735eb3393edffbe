import * as tf from '@tensorflow/tfjs-core';
import { Random } from '../../base/random.ts';
import { inputTensor } from '../inputs.ts';
import type { Lesson } from '../methods/method.ts';
import type { Tensors } from '../networks/layout.ts';
import { meanOfEmbeddings, type TransferNetwork } from '../networks/transfer.ts';
import { type LabelledRows, supportOf, type TargetTask } from '../tasks.ts';
import type { SourceSample } from './distances.ts';
import { embedderOfSource } from './embedderStart.ts';
import { balancedSample, type PretrainingItems } from './pretrainingItems.ts';

/** Source items that a target is compared with: about so many, and from 2 to 16 of a class. */
const SAMPLE = 128;
/** Target items of a class that are compared with the source in one step (ORCA: 64 or 128). */
const MOST_PER_CLASS = 64;

/** A lesson with the network of the MoNA family and what it knows of the source. */
export interface TransferLearner extends Lesson {
  readonly network: TransferNetwork;
  readonly items: PretrainingItems;
}

/** All that there is to learn one target task from. */
export interface TransferTask extends TransferLearner {
  readonly task: TargetTask;
  readonly support: LabelledRows;
  /** The source model: the weights of the whole network. */
  readonly model: tf.Tensor1D;
  /** Of the steps; {@link purpose} gives others. */
  readonly random: Random;
  readonly name: string;
  /** For messages. */
  readonly place: string;
}

/** What is random in it depends on nothing but the seed, the task and the number of shots. */
export function poseTask(learner: TransferLearner, model: tf.Tensor1D, task: TargetTask, shots: number): TransferTask {
  const name = `transfer of task ${task.index}, ${shots} shots`;
  const random = Random.of(learner.settings.seed, name);
  const place = `the transfer to task ${task.index + 1} with ${shots} shots`;
  return { ...learner, task, support: supportOf(task, shots), model, name, random, place };
}

/** A random sequence of its own, the same each time: for measures, which must not change what is learnt. */
export function purpose({ settings, name }: TransferTask, what: string): Random {
  return Random.of(settings.seed, `${name}: ${what}`);
}

/** The weights that the target path starts with: the end of those of the whole network, and its embedder as asked. */
export function targetWeights({ network, episodes, settings }: TransferLearner, model: tf.Tensor1D): tf.Tensor1D {
  const { size } = network.target.layout;
  if (settings.transfer.embedder === 'random') return tf.slice1d(model, model.size - size, size);
  const { encoder, head } = network.parts;
  return tf.tidy(() =>
    tf.concat1d([
      tf.slice1d(model, model.size - size, encoder),
      embedderOfSource(network.layout.cut(model), episodes.target.shape.at(-1) ?? 1),
      tf.slice1d(model, model.size - head, head),
    ]),
  );
}

/** All parameters by name: the target's from its own weights, the source's embedder and head from the model. */
export function allTensors({ network, model }: TransferTask, target: tf.Tensor1D): Tensors {
  return new Map([...network.layout.cut(model), ...network.target.layout.cut(target)]);
}

/** What the source's embedder gives for some rows of it: [B, 64], or [B, tokens, 64]. */
export function enterSource({ network, episodes }: TransferLearner, tensors: Tensors, rows: readonly number[]) {
  return network.source.enter(tensors, inputTensor(episodes.source, rows));
}

/** Some embedded source items of every class. The caller disposes `embeddings`. */
export function sampleSource(task: TransferTask, random: Random): SourceSample & LabelledRows {
  const { items, network, model } = task;
  const each = Math.min(16, Math.max(2, Math.round(SAMPLE / items.classes)));
  const sample = balancedSample(items.trainingByClass, items.classes, each, random);
  const embeddings = tf.tidy(() => meanOfEmbeddings(enterSource(task, network.layout.cut(model), sample.rows)));
  return { ...sample, embeddings, classes: sample.rows.length / each, each };
}

/** Embeddings of up to 64 support items of each class, as many of each: [N, n, 64]; differentiable by the weights. */
export function embedClasses(
  { network, episodes, support, settings }: TransferTask,
  target: tf.Tensor1D,
  random: Random,
): tf.Tensor3D {
  const byClass = Array.from({ length: settings.ways }, (_, label) =>
    support.rows.filter((_, place) => support.labels[place] === label),
  );
  const each = Math.min(MOST_PER_CLASS, Math.max(...byClass.map((own) => own.length)));
  const { rows } = balancedSample(byClass, settings.ways, each, random);
  const embeddings = network.target.enter(network.target.layout.cut(target), inputTensor(episodes.target, rows));
  return tf.reshape(meanOfEmbeddings(embeddings), [rows.length / each, each, -1]);
}
