import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../../base/random.ts';

/** All weights of a network, end to end in the order of its layout. Plain data. */
export type WeightVector = Float32Array;

/** A named part of the weight vector. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  /** Initial values are uniform within ±spread around centre. */
  readonly centre: number;
  readonly spread: number;
}

/** The parameters of one weight vector by name, in their shapes. */
export type Tensors = ReadonlyMap<string, tf.Tensor>;

/**
 * Where each parameter lies in one flat vector of weights. A step of the optimiser, a copy, an interpolation and a
 * checkpoint are each one operation on that vector, and a training step on wasm takes half the time that a list of
 * variables takes.
 */
export class Layout {
  readonly parameters: readonly Parameter[];
  readonly size: number;
  readonly #sizes: number[];

  constructor(parameters: readonly Parameter[]) {
    this.parameters = parameters;
    this.#sizes = parameters.map(sizeOf);
    this.size = this.#sizes.reduce((sum, size) => sum + size, 0);
  }

  initialise(random: Random): WeightVector {
    const weights = new Float32Array(this.size);
    let at = 0;
    for (const { centre, spread, shape } of this.parameters) {
      const end = at + sizeOf({ shape });
      for (; at < end; at++) weights[at] = spread === 0 ? centre : random.between(centre - spread, centre + spread);
    }
    return weights;
  }

  /** Cuts a weight vector [size] into its parameters; differentiable. */
  cut(weights: tf.Tensor1D): Tensors {
    const parts = tf.split(weights, this.#sizes);
    return new Map(
      this.parameters.map(({ name, shape }, at) => {
        const part = parts[at] ?? weights;
        return [name, shape.length === 1 ? part : tf.reshape(part, [...shape])];
      }),
    );
  }
}

/** @throws RangeError when the layout has no such parameter: a mistake in a module. */
export function parameter(tensors: Tensors, name: string): tf.Tensor {
  const found = tensors.get(name);
  if (found === undefined) throw new RangeError(`the network has no parameter "${name}"`);
  return found;
}

function sizeOf({ shape }: Pick<Parameter, 'shape'>): number {
  return shape.reduce((product, length) => product * length, 1);
}
