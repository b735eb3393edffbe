import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../base/random.ts';
import type { Inputs } from './data.ts';
import type { Objective } from './descent.ts';
import type { Episodes } from './episodes.ts';
import { type Items, itemTensor, readItems } from './inputs.ts';
import { cosineDistance, crossEntropy, hinge, infoNce, matchDistribution, twoWayHinge } from './losses.ts';
import type { DualNetwork, Path } from './networks/dual.ts';
import type { Tensors } from './networks/layout.ts';
import type { Settings } from './settings.ts';
import type { AlignmentTask, LabelledRows } from './tasks.ts';

/** A mini-batch for {@link classificationLoss}. */
export interface LabelledItems {
  readonly items: Items;
  readonly labels: readonly number[];
}

/** A mini-batch for {@link alignmentLoss}. */
export interface PairedItems {
  readonly sources: Items;
  readonly targets: Items;
  /** The pairs that they are. */
  readonly pairs: AlignmentTask;
}

export async function readLabelled(inputs: Inputs, { rows, labels }: LabelledRows): Promise<LabelledItems> {
  return { items: await readItems(inputs, rows), labels };
}

export async function readPairs(
  { source, target }: Pick<Episodes, 'source' | 'target'>,
  pairs: AlignmentTask,
): Promise<PairedItems> {
  const [sources, targets] = await Promise.all([readItems(source, pairs.sources), readItems(target, pairs.targets)]);
  return { sources, targets, pairs };
}

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
): Objective<LabelledItems> {
  const places = [...task.rows.keys()];
  return {
    term: 'classification',
    next: () => readLabelled(inputs, selectRows(task, random.sample(places, innerBatch))),
    loss: (weights, batch) => classificationLoss(path, batch, ways, path.layout.cut(weights)),
  };
}

/** Cross-entropy of a support set through one path, over its cyclic mini-batches in order. */
export function adaptation(
  path: Path,
  inputs: Inputs,
  support: LabelledRows,
  { innerBatch, ways }: Settings,
): Objective<LabelledItems> {
  const size = Math.min(innerBatch, support.rows.length);
  let first = 0;
  return {
    term: 'classification',
    next() {
      const places = Array.from({ length: size }, (_, i) => (first + i) % support.rows.length);
      first = (first + size) % support.rows.length;
      return readLabelled(inputs, selectRows(support, places));
    },
    loss: (weights, batch) => classificationLoss(path, batch, ways, path.layout.cut(weights)),
  };
}

/** Cross-entropy of all items given, with the parameters of the path by name. */
export function classificationLoss(
  path: Path,
  { items, labels }: LabelledItems,
  ways: number,
  tensors: Tensors,
): tf.Scalar {
  const logits = path.classify(tensors, path.embed(tensors, itemTensor(items)));
  return crossEntropy(logits, oneHot(labels, ways));
}

/** The alignment loss of a task's pairs, over another random mini-batch at every step. */
export function alignment(
  network: DualNetwork,
  episodes: Episodes,
  task: AlignmentTask,
  settings: Settings,
  random: Random,
): Objective<PairedItems> {
  const places = [...task.labels.keys()];
  return {
    term: 'alignment',
    next: () => readPairs(episodes, selectPairs(task, random.sample(places, settings.alignmentBatch))),
    loss: (weights, batch) => alignmentLoss(network, batch, settings, weights),
  };
}

/** The alignment loss between align(e_t(x)) and e_s(x) of all pairs given. */
export function alignmentLoss(
  { layout, source, target }: DualNetwork,
  batch: PairedItems,
  settings: Settings,
  weights: tf.Tensor1D,
): tf.Scalar {
  const tensors = layout.cut(weights);
  const targets = target.embed(tensors, itemTensor(batch.targets));
  const sources = source.embed(tensors, itemTensor(batch.sources));
  switch (settings.alignmentLoss) {
    case 'info-nce':
      return infoNce(targets, sources, matchesOf(batch.pairs, settings), settings.temperature);
    case 'hinge':
      return hinge(targets, sources, batch.pairs.labels, settings.margin);
    case 'hinge-two-way':
      return twoWayHinge(targets, sources, batch.pairs.labels, settings.margin);
    case 'cosine':
      return cosineDistance(targets, sources);
  }
}

/** What InfoNCE takes for matches among some pairs [B, B], as `positives` says. */
export function matchesOf({ sources, targets, labels }: AlignmentTask, { positives }: Settings): tf.Tensor2D {
  return positives === 'instance' ? matchDistribution(sources, targets) : matchDistribution(labels);
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
