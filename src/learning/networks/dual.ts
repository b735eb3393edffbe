import type * as tf from '@tensorflow/tfjs-core';
import type { Inputs } from '../data.ts';
import type { Side } from '../galleries.ts';
import type { Settings } from '../settings.ts';
import { EMBEDDING, encoder } from './encoders.ts';
import { Layout, type Tensors } from './layout.ts';
import { linear, type Module, relu, sequence } from './modules.ts';

/** One modality's way through the network: its part of the weights, and what it computes. */
export interface Path {
  readonly layout: Layout;
  /** [B, …shape] → embeddings [B, 64]. */
  embed(tensors: Tensors, inputs: tf.Tensor): tf.Tensor2D;
  /** Embeddings [B, 64] → logits [B, N] of the shared head. */
  classify(tensors: Tensors, embeddings: tf.Tensor): tf.Tensor2D;
}

/**
 * Two encoders, an align layer on the target branch and one shared head (CROMA; methods.md 1.3, with small networks in
 * the place of ResNet-18 and LSTM):
 *
 *     target → encoder → align 64 ┐
 *                                 ├→ ReLU → N logits
 *     source → encoder ───────────┘
 *
 * The head stands between the branches, so that what classifies source items is the beginning of the weight vector and
 * what classifies target items is its end: such a task trains its part alone, in half the time.
 */
export interface DualNetwork {
  readonly layout: Layout;
  /** Source encoder and head: the first weights of the vector. */
  readonly source: Path;
  /** Head, target encoder and align layer: the last weights of the vector. */
  readonly target: Path;
}

/** The network for inputs of some shapes, with a head for `ways` classes. */
export function dualNetwork(
  { source, target }: Readonly<Record<Side, Pick<Inputs, 'shape'>>>,
  { ways, network }: Pick<Settings, 'ways' | 'network'>,
): DualNetwork {
  const encodeSource = encoder('source', source.shape, network);
  const encodeTarget = sequence(encoder('target', target.shape, network), linear('align', EMBEDDING, EMBEDDING));
  const head = sequence(relu, linear('head', EMBEDDING, ways));
  return {
    layout: new Layout([...encodeSource.parameters, ...head.parameters, ...encodeTarget.parameters]),
    source: path(new Layout([...encodeSource.parameters, ...head.parameters]), encodeSource, head),
    target: path(new Layout([...head.parameters, ...encodeTarget.parameters]), encodeTarget, head),
  };
}

function path(layout: Layout, encode: Module, head: Module): Path {
  return {
    layout,
    embed: (tensors, inputs) => encode.apply(tensors, inputs) as tf.Tensor2D,
    classify: (tensors, embeddings) => head.apply(tensors, embeddings) as tf.Tensor2D,
  };
}
