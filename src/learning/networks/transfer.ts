import * as tf from '@tensorflow/tfjs-core';
import type { Inputs } from '../data.ts';
import type { Side } from '../galleries.ts';
import type { Path } from './dual.ts';
import { EMBEDDING } from './encoders.ts';
import { Layout, type Tensors } from './layout.ts';
import { gelu, layerNorm, linear, type Module, residual, sequence } from './modules.ts';
import { gridPositions, meanOfTokens, presenceOf } from './tokens.ts';
import { transformerBlock } from './transformer.ts';

const HIDDEN = 128;
const HEADS = 4;

/** A path of which the embedder can be used alone. */
export interface EmbeddingPath extends Path {
  /** The parameters of `enter`. */
  readonly embedder: Layout;
  /** The path up to the encoder: [B, …shape] → [B, 64], or [B, tokens, 64] for items of tokens. */
  enter(tensors: Tensors, inputs: tf.Tensor): tf.Tensor;
}

/**
 * A model of the source and what is needed to move it to the target (MoNA and ORCA; methods.md 2.1 and 3.1, with a small
 * residual network in the place of Swin or RoBERTa):
 *
 *     source → embedder 64 ┐             ┌→ logits of the source's classes
 *                          ├→ encoder 64 ┤
 *     target → embedder 64 ┘             └→ N logits of a target task
 *
 * An embedder is a linear layer and a layer norm, with the places of tokens added. The encoder is two blocks and a layer
 * norm: of vectors residual blocks (layer norm, 64 → 128, GELU, → 64), of tokens those of a transformer with the same
 * activation, and then the mean over tokens. Embedders leave padding 0, and it does not count.
 * The encoder stands between the branches, so that what classifies source items is the beginning of the weight vector, and
 * what classifies target items is its end.
 */
export interface TransferNetwork {
  readonly layout: Layout;
  /** Source embedder, source head and encoder: the first weights of the vector. */
  readonly source: EmbeddingPath;
  /** Encoder, target embedder and target head: the last weights of the vector. */
  readonly target: EmbeddingPath;
  /** The encoder's own weights: the first of the target's. */
  readonly encoder: Layout;
  /** The other ones of the target's: embedder and head. */
  readonly rest: Layout;
  /** Sizes of the three parts of the target's weights, in their order. */
  readonly parts: { readonly encoder: number; readonly embedder: number; readonly head: number };
  /** What an embedder gives → [B, 64]. */
  encode(tensors: Tensors, embeddings: tf.Tensor): tf.Tensor2D;
}

/** The network for inputs of some shapes, with heads for all classes of the source and for `ways` classes. */
export function transferNetwork(
  { source, target }: Readonly<Record<Side, Pick<Inputs, 'shape'>>>,
  sourceClasses: number,
  ways: number,
): TransferNetwork {
  const [embedSource, embedTarget] = [embedder('source', source.shape), embedder('target', target.shape)];
  const [sourceHead, targetHead] = [linear('source.head', EMBEDDING, sourceClasses), linear('head', EMBEDDING, ways)];
  const block = source.shape.length === 1 ? vectorBlock : tokenBlock;
  const encoder = sequence(block('encoder.0'), block('encoder.1'), layerNorm('encoder.norm', EMBEDDING));
  const encode = (tensors: Tensors, embeddings: tf.Tensor) => {
    const present = embeddings.rank === 2 ? undefined : presenceOf(embeddings);
    return averaged(encoder.apply(tensors, embeddings, present), present);
  };
  const path = (layout: Layout, embed: Module, head: Module): EmbeddingPath => ({
    layout,
    embedder: new Layout(embed.parameters),
    enter: (tensors, inputs) => embed.apply(tensors, inputs),
    embed: (tensors, inputs) => encode(tensors, embed.apply(tensors, inputs)),
    classify: (tensors, features) => head.apply(tensors, features) as tf.Tensor2D,
  });
  const first = [...embedSource.parameters, ...sourceHead.parameters];
  const last = [...embedTarget.parameters, ...targetHead.parameters];
  return {
    layout: new Layout([...first, ...encoder.parameters, ...last]),
    source: path(new Layout([...first, ...encoder.parameters]), embedSource, sourceHead),
    target: path(new Layout([...encoder.parameters, ...last]), embedTarget, targetHead),
    encoder: new Layout(encoder.parameters),
    rest: new Layout(last),
    parts: { encoder: sizeOf(encoder), embedder: sizeOf(embedTarget), head: sizeOf(targetHead) },
    encode,
  };
}

/** The mean of an item's tokens but for padding: [B, tokens, 64] → [B, 64]; items of one vector stay as they are. */
export function meanOfEmbeddings(embeddings: tf.Tensor): tf.Tensor2D {
  return averaged(embeddings, embeddings.rank === 2 ? undefined : presenceOf(embeddings));
}

function averaged(values: tf.Tensor, present: tf.Tensor | undefined): tf.Tensor2D {
  if (values.rank === 2) return values as tf.Tensor2D;
  return meanOfTokens.apply(new Map(), values, present) as tf.Tensor2D;
}

function embedder(name: string, shape: readonly number[]): Module {
  const width = shape.at(-1) ?? 1;
  const embed = sequence(linear(`${name}.embedder`, width, EMBEDDING), layerNorm(`${name}.norm`, EMBEDDING));
  if (shape.length === 1) return embed;
  const placed = sequence(embed, gridPositions(shape.slice(0, -1), EMBEDDING));
  return {
    parameters: placed.parameters,
    apply(tensors, inputs) {
      // The tokens of a picture lie in a grid: here they are one list.
      const tokens = tf.reshape(inputs, [inputs.shape[0] ?? 1, -1, width]);
      return placed.apply(tensors, tokens, presenceOf(tokens));
    },
  };
}

function tokenBlock(name: string): Module {
  return transformerBlock(name, { width: EMBEDDING, heads: HEADS, hidden: HIDDEN, activation: gelu });
}

function vectorBlock(name: string): Module {
  const inner = [linear(`${name}.hidden`, EMBEDDING, HIDDEN), gelu, linear(`${name}.output`, HIDDEN, EMBEDDING)];
  return residual(sequence(layerNorm(`${name}.norm`, EMBEDDING), ...inner));
}

function sizeOf({ parameters }: Module): number {
  return new Layout(parameters).size;
}
