import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../base/random.ts';
import type { Inputs } from './data.ts';
import type { Objective } from './descent.ts';
import type { Episodes } from './episodes.ts';
import { inputTensor } from './inputs.ts';
import { cosineDistance, crossEntropy, hinge, infoNce, matchDistribution, twoWayHinge } from './losses.ts';
import type { DualNetwork, Path } from './networks/dual.ts';
import type { Settings } from './settings.ts';
import type { AlignmentTask, LabelledRows } from './tasks.ts';

/**
 * Cross-entropy of a task through one path, CE(φ(e(x)), y), over another random mini-batch at every step: with one batch
 * repeated, Reptile loses what makes it work (methods.md 0.4, fact 5).
 */
export function classification(
  path: Path,
  inputs: Inputs,
  task: LabelledRows,
  { innerBatch, ways }: Settings,
  random: Random,
): Objective {
  const places = [...task.rows.keys()];
  return {
    term: 'classification',
    loss: (weights) =>
      classificationLoss(path, inputs, selectRows(task, random.sample(places, innerBatch)), ways, weights),
  };
}

/** Cross-entropy of a support set through one path, over its cyclic mini-batches in order. */
export function adaptation(
  path: Path,
  inputs: Inputs,
  support: LabelledRows,
  { innerBatch, ways }: Settings,
): Objective {
  const size = Math.min(innerBatch, support.rows.length);
  let next = 0;
  return {
    term: 'classification',
    loss(weights) {
      const batch = Array.from({ length: size }, (_, i) => (next + i) % support.rows.length);
      next = (next + size) % support.rows.length;
      return classificationLoss(path, inputs, selectRows(support, batch), ways, weights);
    },
  };
}

/** Cross-entropy of all rows given. */
export function classificationLoss(
  path: Path,
  inputs: Inputs,
  { rows, labels }: LabelledRows,
  ways: number,
  weights: tf.Tensor1D,
): tf.Scalar {
  const tensors = path.layout.cut(weights);
  const logits = path.classify(tensors, path.embed(tensors, inputTensor(inputs, rows)));
  return crossEntropy(logits, oneHot(labels, ways));
}

/** The alignment loss of a task's pairs, over another random mini-batch at every step. */
export function alignment(
  network: DualNetwork,
  episodes: Episodes,
  task: AlignmentTask,
  settings: Settings,
  random: Random,
): Objective {
  const places = [...task.labels.keys()];
  return {
    term: 'alignment',
    loss: (weights) => {
      const batch = selectPairs(task, random.sample(places, settings.alignmentBatch));
      return alignmentLoss(network, episodes, batch, settings, weights);
    },
  };
}

/** The alignment loss between align(e_t(x)) and e_s(x) of all pairs given. */
export function alignmentLoss(
  { layout, source, target }: DualNetwork,
  episodes: Episodes,
  batch: AlignmentTask,
  settings: Settings,
  weights: tf.Tensor1D,
): tf.Scalar {
  const tensors = layout.cut(weights);
  const targets = target.embed(tensors, inputTensor(episodes.target, batch.targets));
  const sources = source.embed(tensors, inputTensor(episodes.source, batch.sources));
  switch (settings.alignmentLoss) {
    case 'info-nce':
      return infoNce(targets, sources, matchesOf(batch, settings), settings.temperature);
    case 'hinge':
      return hinge(targets, sources, batch.labels, settings.margin);
    case 'hinge-two-way':
      return twoWayHinge(targets, sources, batch.labels, settings.margin);
    case 'cosine':
      return cosineDistance(targets, sources);
  }
}

/** What InfoNCE takes for matches among some pairs [B, B], as `positives` says. */
export function matchesOf({ sources, targets, labels }: AlignmentTask, { positives }: Settings): tf.Tensor2D {
  const matches =
    positives === 'instance'
      ? (i: number, j: number) => sources[i] === sources[j] || targets[i] === targets[j]
      : (i: number, j: number) => labels[i] === labels[j];
  const size = labels.length;
  return tf.tensor2d(matchDistribution(size, matches), [size, size]);
}

/** The pairs at some places of a task. */
export function selectPairs(task: AlignmentTask, places: readonly number[]): AlignmentTask {
  return { sources: at(task.sources, places), targets: at(task.targets, places), labels: at(task.labels, places) };
}

/** The rows at some places of a task. */
export function selectRows(task: LabelledRows, places: readonly number[]): LabelledRows {
  return { rows: at(task.rows, places), labels: at(task.labels, places) };
}

/** [labels.length, ways]. */
export function oneHot(labels: readonly number[], ways: number): tf.Tensor2D {
  const values = new Float32Array(labels.length * ways);
  for (const [i, label] of labels.entries()) values[i * ways + label] = 1;
  return tf.tensor2d(values, [labels.length, ways]);
}

function at(values: readonly number[], places: readonly number[]): number[] {
  return places.map((place) => values[place] ?? 0);
}
