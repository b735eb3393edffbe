import * as tf from '@tensorflow/tfjs-core';
import type { Adams } from '../adams.ts';
import { descend } from '../descent.ts';
import type { Learned, MetaStep } from '../methods/method.ts';
import { classification } from '../objectives.ts';
import type { TransferLearner } from './transferTask.ts';

/**
 * `innerSteps` steps of ordinary supervised training of the source model, on random mini-batches of the source items of
 * all meta-training classes. The target's embedder and head stay as they were initialised.
 */
export async function pretrain(
  { network, episodes, items, settings }: TransferLearner,
  model: tf.Tensor1D,
  adams: Adams,
  { iteration, random }: MetaStep,
): Promise<Learned> {
  const batches = { ...settings, innerBatch: settings.transfer.batch, ways: items.classes };
  const objective = classification(network.source, episodes.source, items.training, batches, random);
  const { size } = network.source.layout;
  const adam = adams.of(objective.term, size, 0.9);
  const trained = tf.slice1d(model, 0, size);
  const kept = tf.slice1d(model, size, model.size - size);
  try {
    const { weights, loss } = await descend(trained, settings.innerSteps, objective, adam, `iteration ${iteration}`);
    const whole = tf.concat1d([weights, kept]);
    weights.dispose();
    return { weights: whole, losses: { [objective.term]: loss } };
  } finally {
    tf.dispose([trained, kept]);
  }
}
