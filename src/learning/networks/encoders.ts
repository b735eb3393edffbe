import * as tf from '@tensorflow/tfjs-core';
import { convolutionBlock } from './convolution.ts';
import { mixerBlock } from './mixer.ts';
import { flatten, layerNorm, linear, type Module, relu, sequence } from './modules.ts';
import { meanOfTokens, positions, presenceOf } from './tokens.ts';
import { transformerBlock } from './transformer.ts';

/** The kinds of encoders. Those but for the first two are made for tokens. */
export const NETWORKS = ['mlp', 'linear', 'transformer', 'mixer', 'convolution'] as const;
export type NetworkKind = (typeof NETWORKS)[number];

/** Whether a network of this kind computes the same for a sequence that is cut where its padding begins. */
export function takesShorter(kind: NetworkKind): boolean {
  return kind === 'transformer' || kind === 'convolution';
}

/** Length of every embedding. */
export const EMBEDDING = 64;
const HIDDEN = 128;
/** Of a token on its way. */
const WIDTH = 64;
const HEADS = 4;
const BLOCKS = 2;

/**
 * From an item's array [B, …shape] to its embedding [B, 64]. `mlp` and `linear` take the array as one vector; the others
 * take the last axis as the width of a token and the axes before it as the grid in which tokens lie.
 * @param name begins the names of its parameters
 */
export function encoder(name: string, shape: readonly number[], kind: NetworkKind): Module {
  const size = sizeOf(shape);
  const grid = shape.slice(0, -1);
  const tokens = sizeOf(grid);
  switch (kind) {
    case 'mlp':
      return sequence(
        flatten,
        linear(`${name}.hidden`, size, HIDDEN),
        relu,
        linear(`${name}.output`, HIDDEN, EMBEDDING),
      );
    case 'linear':
      return sequence(flatten, linear(`${name}.output`, size, EMBEDDING));
    case 'transformer':
      return overTokens(
        name,
        shape,
        positions(`${name}.positions`, tokens, WIDTH),
        ...blocks(name, (block) =>
          transformerBlock(block, { width: WIDTH, heads: HEADS, hidden: HIDDEN, activation: relu }),
        ),
      );
    case 'mixer':
      return overTokens(name, shape, ...blocks(name, (block) => mixerBlock(block, tokens, WIDTH, HIDDEN)));
    case 'convolution':
      return overTokens(name, shape, ...blocks(name, (block) => convolutionBlock(block, grid, WIDTH)));
  }
}

/** Tokens brought to one width, blocks, the mean of the tokens, and a last layer. */
function overTokens(name: string, shape: readonly number[], ...middle: readonly Module[]): Module {
  const width = shape.at(-1) ?? 1;
  const network = sequence(
    linear(`${name}.tokens`, width, WIDTH),
    ...middle,
    layerNorm(`${name}.norm`, WIDTH),
    meanOfTokens,
    linear(`${name}.output`, WIDTH, EMBEDDING),
  );
  return {
    parameters: network.parameters,
    apply(tensors, inputs) {
      const tokens = tf.reshape(inputs, [inputs.shape[0] ?? 1, -1, width]);
      return network.apply(tensors, tokens, presenceOf(tokens));
    },
  };
}

function blocks(name: string, block: (name: string) => Module): Module[] {
  return Array.from({ length: BLOCKS }, (_, index) => block(`${name}.block${index + 1}`));
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
