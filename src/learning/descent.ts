import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../base/errors.ts';
import { mean } from '../base/statistics.ts';
import type { Adam } from './adam.ts';

/** A loss of the weights [size]; each call may draw another mini-batch. */
export interface Objective {
  /** As the curve and an error name it: "classification". */
  readonly term: string;
  loss(weights: tf.Tensor1D): tf.Scalar;
}

/** A loss with a gradient of its own, where differentiating the loss would not give it. */
export interface Slope {
  readonly term: string;
  /** At weights [size]: the loss, and a gradient [size]; the caller disposes both. */
  at(weights: tf.Tensor1D): { readonly value: tf.Scalar; readonly grad: tf.Tensor1D };
}

/**
 * Runs `steps` of the optimiser from `start`, which stays as it is: every task works on a deep copy.
 * @returns the new weights, which the caller disposes, and the mean loss before each step
 * @throws InputError when a loss is not finite, naming the term, the step and the place.
 */
export async function descend(
  start: tf.Tensor1D,
  steps: number,
  objective: Objective | Slope,
  adam: Adam,
  place: string,
): Promise<{ weights: tf.Tensor1D; loss: number }> {
  const slope = 'at' in objective ? objective : slopeOf(objective);
  const losses: tf.Tensor[] = [];
  let weights = tf.clone(start);
  for (let step = 0; step < steps; step++) {
    const { value, grad } = slope.at(weights);
    const updated = adam.update(weights, grad);
    tf.dispose([weights, grad]);
    weights = updated;
    losses.push(value);
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

function slopeOf({ term, loss }: Objective): Slope {
  const gradientOf = tf.valueAndGrad((weights) => loss(weights as tf.Tensor1D));
  return {
    term,
    at(weights) {
      const { value, grad } = gradientOf(weights);
      return { value: value as tf.Scalar, grad: grad as tf.Tensor1D };
    },
  };
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
