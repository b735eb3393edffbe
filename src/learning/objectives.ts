import type * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../base/random.ts';
import { remembered } from '../base/remembered.ts';
import type { Inputs } from './data.ts';
import { inPartsIf, type Objective, slopeOf } from './descent.ts';
import type { Episodes } from './episodes.ts';
import { readItems } from './inputs.ts';
import { cosineDistance, crossEntropy, hinge, infoNce, matchDistribution, twoWayHinge } from './losses.ts';
import type { DualNetwork, Path } from './networks/dual.ts';
import type { Tensors } from './networks/layout.ts';
import { averaging, type Batch, type Given, marked, type Numbers, oneHot } from './numbers.ts';
import type { Settings } from './settings.ts';
import type { AlignmentTask, LabelledRows } from './tasks.ts';

/** A mini-batch for {@link classificationLoss}: the items, and their labels one-hot. */
export type LabelledItems = Batch<'items' | 'labels'>;

/** A mini-batch for {@link alignmentLoss}: the items of some pairs, and how they belong together. */
export type PairedItems = Batch<'sources' | 'targets' | 'relation'>;

export async function readLabelled(
  inputs: Inputs,
  { rows, labels }: LabelledRows,
  classes: number,
): Promise<LabelledItems> {
  return { items: await readItems(inputs, rows), labels: oneHot(labels, classes) };
}

export async function readPairs(
  episodes: Pick<Episodes, 'source' | 'target'>,
  pairs: AlignmentTask,
  settings: Settings,
): Promise<PairedItems> {
  return { ...(await readBoth(episodes, pairs)), relation: relationOf(pairs, settings) };
}

/** The items of some pairs. */
export async function readBoth(
  { source, target }: Pick<Episodes, 'source' | 'target'>,
  pairs: AlignmentTask,
): Promise<Batch<'sources' | 'targets'>> {
  const [sources, targets] = await Promise.all([readItems(source, pairs.sources), readItems(target, pairs.targets)]);
  return { sources, targets };
}

/** By the loss: the marks of what matches, or how to take the means of classes. */
function relationOf(pairs: AlignmentTask, settings: Settings): Numbers {
  const { alignmentLoss } = settings;
  if (alignmentLoss === 'hinge' || alignmentLoss === 'hinge-two-way') return averaging(pairs.labels);
  return marksOf(pairs, settings);
}

/** What InfoNCE takes for matches among some pairs, as `positives` says. */
export function marksOf({ sources, targets, labels }: AlignmentTask, { positives }: Settings): Numbers {
  return positives === 'instance' ? marked(sources, targets) : marked(labels);
}

/**
 * Cross-entropy of a task through one path, CE(φ(e(x)), y), over another random mini-batch at every step: with one batch
 * repeated, Reptile loses what makes it work (methods.md 0.4, fact 5).
 */
export function classification(
  path: Path,
  inputs: Inputs,
  task: LabelledRows,
  settings: Settings,
  random: Random,
): Objective<keyof LabelledItems> {
  const { innerBatch, ways } = settings;
  const places = [...task.rows.keys()];
  return {
    term: 'classification',
    next: () => readLabelled(inputs, selectRows(task, random.sample(places, innerBatch)), ways),
    slope: classificationSlope(path),
    ...inPartsIf(settings),
  };
}

/** Cross-entropy of a support set through one path, over its cyclic mini-batches in order. */
export function adaptation(
  path: Path,
  inputs: Inputs,
  support: LabelledRows,
  settings: Settings,
): Objective<keyof LabelledItems> {
  const { innerBatch, ways } = settings;
  const size = Math.min(innerBatch, support.rows.length);
  let first = 0;
  return {
    term: 'classification',
    next() {
      const places = Array.from({ length: size }, (_, i) => (first + i) % support.rows.length);
      first = (first + size) % support.rows.length;
      return readLabelled(inputs, selectRows(support, places), ways);
    },
    slope: classificationSlope(path),
    ...inPartsIf(settings),
  };
}

const classificationSlope = remembered((path: Path) =>
  slopeOf<keyof LabelledItems>((weights, given) => classificationLoss(path, given, path.layout.cut(weights))),
);

/** Cross-entropy of all items given, with the parameters of the path by name. */
export function classificationLoss(
  path: Path,
  { items, labels }: Given<keyof LabelledItems>,
  tensors: Tensors,
): tf.Scalar {
  return crossEntropy(path.classify(tensors, path.embed(tensors, items)), labels as tf.Tensor2D);
}

/** The alignment loss of a task's pairs, over another random mini-batch at every step. */
export function alignment(
  network: DualNetwork,
  episodes: Episodes,
  task: AlignmentTask,
  settings: Settings,
  random: Random,
): Objective<keyof PairedItems> {
  const places = [...task.labels.keys()];
  return {
    term: 'alignment',
    next: () => readPairs(episodes, selectPairs(task, random.sample(places, settings.alignmentBatch)), settings),
    slope: alignmentSlope(network)(settings),
    ...inPartsIf(settings),
  };
}

/** Of {@link alignmentLoss}. */
export const alignmentSlope = remembered((network: DualNetwork) =>
  remembered((settings: Settings) =>
    slopeOf<keyof PairedItems>((weights, given) => alignmentLoss(network, given, settings, weights)),
  ),
);

/** The alignment loss between align(e_t(x)) and e_s(x) of all pairs given. */
function alignmentLoss(
  { layout, source, target }: DualNetwork,
  given: Given<keyof PairedItems>,
  settings: Settings,
  weights: tf.Tensor1D,
): tf.Scalar {
  const tensors = layout.cut(weights);
  const targets = target.embed(tensors, given.targets);
  const sources = source.embed(tensors, given.sources);
  switch (settings.alignmentLoss) {
    case 'info-nce':
      return infoNce(targets, sources, matchDistribution(given.relation), settings.temperature);
    case 'hinge':
      return hinge(targets, sources, given.relation, settings.margin);
    case 'hinge-two-way':
      return twoWayHinge(targets, sources, given.relation, settings.margin);
    case 'cosine':
      return cosineDistance(targets, sources);
  }
}

/** The pairs at some places of a task. */
export function selectPairs(task: AlignmentTask, places: readonly number[]): AlignmentTask {
  return { sources: at(task.sources, places), targets: at(task.targets, places), labels: at(task.labels, places) };
}

/** The rows at some places of a task. */
export function selectRows(task: LabelledRows, places: readonly number[]): LabelledRows {
  return { rows: at(task.rows, places), labels: at(task.labels, places) };
}

function at(values: readonly number[], places: readonly number[]): number[] {
  return places.map((place) => values[place] ?? 0);
}
