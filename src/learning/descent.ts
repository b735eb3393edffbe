import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../base/errors.ts';
import { mean } from '../base/statistics.ts';
import type { Adam } from './adam.ts';

/** A loss of the weights [size] over mini-batches, which are plain data in memory. */
export interface Objective<Batch> {
  /** As the curve and an error name it: "classification". */
  readonly term: string;
  /** Draws another mini-batch, and begins to read it, before it returns. */
  next(): Promise<Batch>;
  loss(weights: tf.Tensor1D, batch: Batch): tf.Scalar;
}

/** A loss with a gradient of its own, where differentiating the loss would not give it. */
export interface Slope<Batch> extends Omit<Objective<Batch>, 'loss'> {
  /** At weights [size]: the loss, and a gradient [size]; the caller disposes both. */
  at(weights: tf.Tensor1D, batch: Batch): { readonly value: tf.Scalar; readonly grad: tf.Tensor1D };
}

/**
 * Runs `steps` of the optimiser from `start`, which stays as it is: every task works on a deep copy. The next batch is read
 * while a step is computed, so that two are in memory.
 * @returns the new weights, which the caller disposes, and the mean loss before each step
 * @throws InputError when a loss is not finite, naming the term, the step and the place.
 */
export async function descend<Batch>(
  start: tf.Tensor1D,
  steps: number,
  objective: Objective<Batch> | Slope<Batch>,
  adam: Adam,
  place: string,
): Promise<{ weights: tf.Tensor1D; loss: number }> {
  const slope = 'at' in objective ? objective : slopeOf(objective);
  const losses: tf.Tensor[] = [];
  let weights = tf.clone(start);
  try {
    for await (const batch of batches(slope, steps)) {
      const { value, grad } = slope.at(weights, batch);
      losses.push(value);
      const updated = adam.update(weights, grad);
      tf.dispose([weights, grad]);
      weights = updated;
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

/** `count` batches, each of which is being read while the one before is worked on. */
async function* batches<Batch>({ next }: Pick<Slope<Batch>, 'next'>, count: number): AsyncGenerator<Batch> {
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

function slopeOf<Batch>({ term, next, loss }: Objective<Batch>): Slope<Batch> {
  return {
    term,
    next,
    at(weights, batch) {
      const { value, grad } = tf.valueAndGrad((at) => loss(at as tf.Tensor1D, batch))(weights);
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
