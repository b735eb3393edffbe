import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../base/random.ts';
import { type Features, gather } from './data.ts';
import type { Objective } from './descent.ts';
import type { Episodes } from './episodes.ts';
import { crossEntropy, infoNce, matchDistribution } from './losses.ts';
import { classify, embedSource, embedTarget, type Network } from './networks.ts';
import type { Settings } from './settings.ts';
import type { AlignmentTask, LabelledRows } from './tasks.ts';

/**
 * Cross-entropy of a source task, CE(φ(e_s(x)), y), over another random mini-batch at every step: with one batch
 * repeated, Reptile loses what makes it work (methods.md 0.4, fact 5).
 */
export function sourceClassification(
  network: Network,
  { source }: Episodes,
  task: LabelledRows,
  { innerBatch, ways }: Settings,
  random: Random,
): Objective {
  const places = task.rows.map((_, place) => place);
  return {
    term: 'classification loss',
    loss(weights) {
      const batch = random.sample(places, innerBatch);
      const layers = network.layers(weights);
      const logits = classify(layers, embedSource(layers, rowsTensor(source, at(task.rows, batch))));
      return crossEntropy(logits, oneHot(at(task.labels, batch), ways));
    },
  };
}

/** Cross-entropy of a target task, CE(φ(align(e_t(x))), y), over cyclic mini-batches of its support set in order. */
export function targetClassification(
  network: Network,
  { target }: Episodes,
  support: LabelledRows,
  { innerBatch, ways }: Settings,
): Objective {
  const size = Math.min(innerBatch, support.rows.length);
  let next = 0;
  return {
    term: 'classification loss',
    loss(weights) {
      const batch = Array.from({ length: size }, (_, i) => (next + i) % support.rows.length);
      next = (next + size) % support.rows.length;
      const layers = network.layers(weights);
      const logits = classify(layers, embedTarget(layers, rowsTensor(target, at(support.rows, batch))));
      return crossEntropy(logits, oneHot(at(support.labels, batch), ways));
    },
  };
}

/** InfoNCE between align(e_t(x)) and e_s(x) of a task's pairs, over another random mini-batch at every step. */
export function alignment(
  network: Network,
  episodes: Episodes,
  task: AlignmentTask,
  settings: Settings,
  random: Random,
): Objective {
  const places = task.labels.map((_, place) => place);
  return {
    term: 'alignment loss',
    loss: (weights) => {
      const batch = selectPairs(task, random.sample(places, settings.alignmentBatch));
      return alignmentLoss(network, episodes, batch, settings, weights);
    },
  };
}

/** InfoNCE over all pairs given; `positives` says what matches. */
export function alignmentLoss(
  network: Network,
  { source, target }: Episodes,
  { sources, targets, labels }: AlignmentTask,
  { positives, temperature }: Settings,
  weights: tf.Tensor1D,
): tf.Scalar {
  const matches =
    positives === 'instance'
      ? (i: number, j: number) => sources[i] === sources[j] || targets[i] === targets[j]
      : (i: number, j: number) => labels[i] === labels[j];
  const size = labels.length;
  const layers = network.layers(weights);
  return infoNce(
    embedTarget(layers, rowsTensor(target, targets)),
    embedSource(layers, rowsTensor(source, sources)),
    tf.tensor2d(matchDistribution(size, matches), [size, size]),
    temperature,
  );
}

/** The features of some rows: [rows.length, dimensions]. */
export function rowsTensor(features: Features, rows: readonly number[]): tf.Tensor2D {
  return tf.tensor2d(gather(features, rows), [rows.length, features.dimensions]);
}

function oneHot(labels: readonly number[], ways: number): tf.Tensor2D {
  const values = new Float32Array(labels.length * ways);
  for (const [i, label] of labels.entries()) values[i * ways + label] = 1;
  return tf.tensor2d(values, [labels.length, ways]);
}

/** The pairs at some places of a task. */
export function selectPairs(task: AlignmentTask, places: readonly number[]): AlignmentTask {
  return { sources: at(task.sources, places), targets: at(task.targets, places), labels: at(task.labels, places) };
}

function at(values: readonly number[], places: readonly number[]): number[] {
  return places.map((place) => values[place] ?? 0);
}
