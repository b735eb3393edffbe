import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../base/errors.ts';
import { remembered } from '../base/remembered.ts';
import { mean } from '../base/statistics.ts';
import { compute, type Pure } from './compute.ts';
import { type Batch, type Given, tensorsOf } from './numbers.ts';
import type { Moments, Optimiser, Rule, Stepped } from './optimiser.ts';
import type { Settings } from './settings.ts';

/** A loss of the weights [size] over mini-batches, which takes tensors of some names. */
export interface Objective<Drawn extends string = string, Held extends string = string> {
  /** As the curve and an error name it: "classification". */
  readonly term: string;
  /** Draws another mini-batch, and begins to read it, before it returns. */
  next(): Promise<Batch<Drawn>>;
  /** What the loss takes besides, and what stays as it is during a descent. */
  readonly held?: Given<Held>;
  /** The loss, and a gradient: {@link slopeOf} a loss, or one of its own. */
  slope(...at: Parameters<Slope<Drawn | Held>>): ReturnType<Slope<Drawn | Held>>;
  /**
   * True where the slope is computed operation by operation on every backend: it draws or reads as it goes, so that it is not
   * {@link Pure}, or it takes a batch in parts, all of which a graph would hold at once ({@link inPartsIf}).
   */
  readonly eager?: boolean;
}

/** Pure, of weights [size] and some tensors; the same function for all objectives of its kind. */
export type Loss<Name extends string> = (weights: tf.Tensor1D, given: Given<Name>) => tf.Scalar;

/** The same, with a gradient [size]. */
export type Slope<Name extends string> = (
  weights: tf.Tensor1D,
  given: Given<Name>,
) => { readonly value: tf.Scalar; readonly grad: tf.Tensor1D };

/** How an objective is computed whose batches are taken in `accumulate` parts. */
export function inPartsIf({ accumulate = 1 }: Pick<Settings, 'accumulate'>): Pick<Objective, 'eager'> {
  return { eager: accumulate > 1 };
}

/** What differentiating a loss gives. */
export function slopeOf<Name extends string>(loss: Loss<Name>): Slope<Name> {
  return (weights, given) => {
    const { value, grad } = tf.valueAndGrad((at) => loss(at as tf.Tensor1D, given))(weights);
    return { value: value as tf.Scalar, grad: grad as tf.Tensor1D };
  };
}

/**
 * Runs `steps` of the optimiser from `start`, which stays as it is: every task works on a deep copy. The next batch is read
 * while a step is computed, so that two are in memory.
 * @returns the new weights, which the caller disposes, and the mean loss before each step
 * @throws InputError when a loss is not finite, naming the term, the step and the place.
 */
export async function descend(
  start: tf.Tensor1D,
  steps: number,
  objective: Objective,
  optimiser: Optimiser,
  place: string,
): Promise<{ weights: tf.Tensor1D; loss: number }> {
  const losses: tf.Tensor[] = [];
  let weights = tf.clone(start);
  try {
    for await (const batch of batches(objective, steps)) {
      const { loss, weights: moved } = takeStep(objective, weights, tensorsOf(batch), optimiser);
      losses.push(loss);
      weights.dispose();
      weights = moved;
    }
  } catch (error) {
    tf.dispose([weights, ...losses]);
    throw error;
  }
  const values = await read(losses);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    weights.dispose();
    throw new InputError(
      `The ${objective.term} loss is not a finite number at step ${bad + 1} of ${steps} of ${place}. ` +
        'Lower learningRate or raise temperature, and check that the features are in order.',
    );
  }
  return { weights, loss: mean(values) };
}

type Step = Pure<[Moments & Given<'weights'>, Given<string>], Stepped & { readonly loss: tf.Scalar }>;

/** A step by a rule along a slope: the same function for the same slope and rule. */
const stepAlong = remembered((slope: Slope<string>) =>
  remembered(
    (rule: Rule): Step =>
      ({ weights, ...moments }, given) => {
        const { value: loss, grad } = slope(weights as tf.Tensor1D, given);
        return { loss, ...rule(weights as tf.Tensor1D, grad, moments) };
      },
  ),
);

/** The new weights, and the loss before. Disposes the batch. */
function takeStep(
  { slope, held, eager = false }: Objective,
  weights: tf.Tensor1D,
  drawn: Given<string>,
  optimiser: Optimiser,
): Pick<ReturnType<Step>, 'weights' | 'loss'> {
  const step = stepAlong(slope)(optimiser.rule);
  try {
    return optimiser.advance((moments) => {
      const at: Parameters<Step> = [
        { ...moments, weights },
        { ...held, ...drawn },
      ];
      return eager ? tf.tidy(() => step(...at)) : compute(step, ...at);
    });
  } finally {
    tf.dispose({ ...drawn });
  }
}

/** `count` batches, each of which is being read while the one before is worked on. */
async function* batches({ next }: Objective, count: number): AsyncGenerator<Batch<string>> {
  if (count === 0) return;
  let coming = next();
  try {
    for (let left = count - 1; left > 0; left--) {
      const batch = await coming;
      coming = next();
      yield batch;
    }
    yield await coming;
  } finally {
    // Whoever breaks off may close the files that are being read.
    await coming.catch(() => undefined);
  }
}

/** The values of scalars, in one read; disposes them. */
async function read(scalars: tf.Tensor[]): Promise<number[]> {
  if (scalars.length === 0) return [];
  const together = tf.stack(scalars);
  tf.dispose(scalars);
  const values = [...(await together.data())];
  together.dispose();
  return values;
}
