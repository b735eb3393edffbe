import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../base/errors.ts';
import type { Inputs } from '../data.ts';
import type { Side } from '../galleries.ts';
import { cutToLongest } from '../inputs.ts';
import { type DualNetwork, dualNetwork, type Path } from '../networks/dual.ts';
import { takesShorter } from '../networks/encoders.ts';
import { pathInParts } from '../networks/inParts.ts';
import type { Layout } from '../networks/layout.ts';
import type { Lesson } from './method.ts';

/** Some weights that lie together in the weight vector. */
export interface Part {
  readonly layout: Layout;
  /** Where they begin. */
  readonly begin: number;
}

/** One modality's items, and its way through the network. */
export interface Branch extends Path, Part {
  readonly inputs: Inputs;
}

/** A lesson with the network of the CROMA family, which sees sequences without needless padding. */
export interface Learner extends Lesson {
  readonly network: DualNetwork;
  readonly source: Branch;
  readonly target: Branch;
}

export function learnerOf(lesson: Lesson): Learner {
  const { episodes, settings } = lesson;
  const whole = dualNetwork(episodes, settings);
  const { accumulate = 1 } = settings;
  const [fromSource, fromTarget] = [pathInParts(whole.source, accumulate), pathInParts(whole.target, accumulate)];
  const network = { ...whole, source: fromSource, target: fromTarget };
  const seen = <Own extends Inputs>(inputs: Own): Own =>
    takesShorter(settings.network) ? cutToLongest(inputs) : inputs;
  const [source, target] = [seen(episodes.source), seen(episodes.target)];
  return {
    ...lesson,
    episodes: { ...episodes, source, target },
    network,
    source: branchOf(network, 'source', source),
    target: branchOf(network, 'target', target),
  };
}

/** One side of a network with what it is to see. */
export function branchOf(network: DualNetwork, side: Side, inputs: Inputs): Branch {
  const path = network[side];
  return { ...path, inputs, begin: side === 'source' ? 0 : network.layout.size - path.layout.size };
}

/** A part of a weight vector; differentiable. */
export function partOf(weights: tf.Tensor1D, { begin, layout }: Part): tf.Tensor1D {
  return tf.slice1d(weights, begin, layout.size);
}

/** The weight vector with other values in one part. */
export function withPart(weights: tf.Tensor1D, { begin, layout }: Part, values: tf.Tensor1D): tf.Tensor1D {
  const end = begin + layout.size;
  return tf.tidy(() =>
    tf.concat1d([
      ...(begin > 0 ? [tf.slice1d(weights, 0, begin)] : []),
      values,
      ...(end < weights.size ? [tf.slice1d(weights, end, weights.size - end)] : []),
    ]),
  );
}

/**
 * For a method that uses labelled source items of the classes it is asked about.
 * @throws InputError when one of the validation or test classes has fewer than `least`.
 */
export function requireSources({ episodes, settings }: Lesson, name: string, least: number): void {
  const { validation, test } = episodes.classes;
  const fewest = episodes.sources.fewest([...validation, ...test]);
  if (fewest >= least) return;
  throw new InputError(
    `\`${name}\` needs ${least} labelled source items of each validation and test class` +
      (least > 1 ? ` (queries: ${settings.queries}, and the largest of shots)` : '') +
      `; one of them has ${fewest}. Leave this method out${least > 1 ? ', or lower queries or shots' : ''}.`,
  );
}
