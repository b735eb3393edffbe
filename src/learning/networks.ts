import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../base/random.ts';
import type { Episodes } from './episodes.ts';
import type { Settings } from './settings.ts';

/** All weights of a network, end to end in the order of {@link Network.parameters}. Plain data. */
export type WeightVector = Float32Array;

/** Sizes of the layers between the features and the head. */
const HIDDEN = 128;
const EMBEDDING = 64;

interface Parameter {
  readonly name: string;
  readonly shape: [number, number];
  /** Inputs of the layer it belongs to: its initial values lie in ±1/√fanIn. */
  readonly fanIn: number;
}

/** A layer's weight [inputs, outputs] and bias [1, outputs]. */
interface Layer {
  readonly weight: tf.Tensor2D;
  readonly bias: tf.Tensor2D;
}

/** The layers of one weight vector, ready to be applied. */
export type Layers = ReadonlyMap<string, Layer>;

/**
 * Two encoders, an align layer on the target branch and one shared head (CROMA; methods.md 1.3, with small MLPs over
 * features in the place of ResNet-18 and LSTM):
 *
 *     target features → 128 → ReLU → 64 → align 64 ┐
 *                                                  ├→ ReLU → N logits
 *     source features → 128 → ReLU → 64 ───────────┘
 *
 * The weights are one flat vector: a step of the optimiser, a copy, an interpolation and a checkpoint are each one
 * operation on it, and a training step on wasm takes half the time that a list of variables takes. The head stands
 * between the branches, so that what classifies source items is the beginning of the vector and what classifies target
 * items is its end: such a task trains its part alone, in half the time again.
 */
export class Network {
  readonly parameters: readonly Parameter[];
  readonly size: number;
  readonly #sizes: number[];

  private constructor(parameters: readonly Parameter[]) {
    this.parameters = parameters;
    this.#sizes = parameters.map(({ shape: [rows, columns] }) => rows * columns);
    this.size = this.#sizes.reduce((sum, size) => sum + size, 0);
  }

  static of(sourceDimensions: number, targetDimensions: number, ways: number): Network {
    return new Network([
      ...layer('source.hidden', sourceDimensions, HIDDEN),
      ...layer('source.output', HIDDEN, EMBEDDING),
      ...layer('head', EMBEDDING, ways),
      ...layer('target.hidden', targetDimensions, HIDDEN),
      ...layer('target.output', HIDDEN, EMBEDDING),
      ...layer('align', EMBEDDING, EMBEDDING),
    ]);
  }

  /** Source encoder and head: the first weights of the vector. */
  get sourcePath(): Network {
    return new Network(this.parameters.slice(0, this.#firstOf('target.hidden')));
  }

  /** Head, target encoder and align layer: the last weights of the vector. */
  get targetPath(): Network {
    return new Network(this.parameters.slice(this.#firstOf('head')));
  }

  #firstOf(name: string): number {
    return this.parameters.findIndex((parameter) => parameter.name === name);
  }

  /** Weights and biases uniform in ±1/√fanIn, as torch.nn.Linear does. */
  initialise(random: Random): WeightVector {
    const weights = new Float32Array(this.size);
    let at = 0;
    for (const [index, { fanIn }] of this.parameters.entries()) {
      const bound = 1 / Math.sqrt(fanIn);
      for (const end = at + (this.#sizes[index] ?? 0); at < end; at++) weights[at] = random.between(-bound, bound);
    }
    return weights;
  }

  /** Cuts a weight vector [size] into layers; differentiable. */
  layers(weights: tf.Tensor1D): Layers {
    const parts = tf.split(weights, this.#sizes);
    const layers = new Map<string, Layer>();
    for (let i = 0; i + 1 < parts.length; i += 2) {
      const [weight, bias] = [this.parameters[i], this.parameters[i + 1]];
      if (weight === undefined || bias === undefined) continue;
      layers.set(weight.name, {
        weight: tf.reshape(parts[i] as tf.Tensor1D, weight.shape),
        bias: tf.reshape(parts[i + 1] as tf.Tensor1D, bias.shape),
      });
    }
    return layers;
  }
}

/** The network for some episodes: their dimensions, and a head for `ways` classes. */
export function networkOf(episodes: Episodes, settings: Settings): Network {
  return Network.of(episodes.source.dimensions, episodes.target.dimensions, settings.ways);
}

/** Target features [B, targetDimensions] → aligned embeddings [B, 64]. */
export function embedTarget(layers: Layers, features: tf.Tensor2D): tf.Tensor2D {
  const hidden = tf.relu(apply(layers, 'target.hidden', features));
  return apply(layers, 'align', apply(layers, 'target.output', hidden));
}

/** Source features [B, sourceDimensions] → embeddings [B, 64]. */
export function embedSource(layers: Layers, features: tf.Tensor2D): tf.Tensor2D {
  const hidden = tf.relu(apply(layers, 'source.hidden', features));
  return apply(layers, 'source.output', hidden);
}

/** The shared head: embeddings [B, 64] of either branch → logits [B, N]. */
export function classify(layers: Layers, embeddings: tf.Tensor2D): tf.Tensor2D {
  return apply(layers, 'head', tf.relu(embeddings));
}

/** [B, inputs] → [B, outputs]. */
function apply(layers: Layers, name: string, inputs: tf.Tensor2D): tf.Tensor2D {
  const found = layers.get(name);
  if (found === undefined) throw new RangeError(`the network has no layer "${name}"`);
  return tf.add(tf.matMul(inputs, found.weight), found.bias);
}

function layer(name: string, inputs: number, outputs: number): [Parameter, Parameter] {
  return [
    { name, shape: [inputs, outputs], fanIn: inputs },
    { name: `${name}.bias`, shape: [1, outputs], fanIn: inputs },
  ];
}
