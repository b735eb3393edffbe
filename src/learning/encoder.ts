import * as tf from '@tensorflow/tfjs-core';
import type { Inputs } from './data.ts';
import type { Side } from './galleries.ts';
import { type Normalisation, normalisedBy } from './inputs.ts';
import { embeddings } from './methods/fewShot.ts';
import { branchOf } from './methods/learner.ts';
import { dualNetwork } from './networks/dual.ts';
import type { WeightVector } from './networks/layout.ts';
import type { Settings } from './settings.ts';

/** What tells the networks of the CROMA family apart, besides their weights. */
export interface TrainedNetwork extends Pick<Settings, 'network' | 'ways'> {
  readonly source: TrainedSide;
  readonly target: TrainedSide;
}

/** What a side of the network sees: arrays of one shape, normalised as they were in training. */
export interface TrainedSide extends Pick<Inputs, 'shape'> {
  readonly normalisation: Normalisation;
}

/** One side of a trained network, which turns arrays into embeddings. */
export interface TrainedEncoder {
  /** @param values the arrays of `rows` items end to end, row-major, as they were before normalisation */
  embed(values: Float32Array, rows: number): Promise<Float32Array[]>;
  dispose(): void;
}

/**
 * The backend must be open. The caller disposes it.
 * @param weights those of the network, or longer where a method keeps its own behind them
 */
export function openEncoder(trained: TrainedNetwork, side: Side, weights: WeightVector): TrainedEncoder {
  const network = dualNetwork(trained, trained);
  const { size } = network.layout;
  if (weights.length < size) throw new RangeError(`${weights.length} weights for a network of ${size}`);
  const { shape, normalisation } = trained[side];
  const tensor = tf.tensor1d(weights.subarray(0, size));
  return {
    async embed(values, rows) {
      const gather = () => Float32Array.from(values);
      const inputs = { rows, shape, classes: new Int32Array(rows), gather, read: async () => gather() };
      const branch = branchOf(network, side, normalisedBy(inputs, normalisation));
      return await embeddings(branch, tensor, [...Array(rows).keys()]);
    },
    dispose: () => tensor.dispose(),
  };
}
