import * as tf from '@tensorflow/tfjs-core';
import { parameter } from './layout.ts';
import type { Module } from './modules.ts';

const POSITION_SPREAD = 0.02;
/** Of the wavelengths of positions, by 2π. */
const LONGEST = 10_000;

/** [B, tokens, 1]: 1 for a token, 0 for padding. A token that is zero all over is padding. Its derivative is 0. */
export function presenceOf(tokens: tf.Tensor): tf.Tensor {
  return presence(tokens);
}

const presence = tf.customGrad((input) => {
  const tokens = input as tf.Tensor;
  return {
    value: tf.cast(tf.any(tf.notEqual(tokens, 0), -1, true), 'float32'),
    gradFunc: () => tf.zeros(tokens.shape),
  };
});

/** Adds what each place of a token has learnt about itself: [B, `tokens` or fewer, width] → the same. */
export function positions(name: string, tokens: number, width: number): Module {
  return {
    parameters: [{ name, shape: [tokens, width], centre: 0, spread: POSITION_SPREAD }],
    apply: (tensors, values) => {
      const [, count = tokens] = values.shape;
      const places = parameter(tensors, name);
      return tf.add(values, count === tokens ? places : tf.slice(places, [0, 0], [count, width]));
    },
  };
}

/**
 * Adds where each token lies in its grid, by sines and cosines of wavelengths from 2π to 2π · 10,000 (Vaswani et al. 2017,
 * arXiv 1706.03762, §3.5): each axis of the grid has an equal part of the width. Nothing is learnt, so that whatever lies
 * in such a grid is placed alike: [B, tokens, width] → the same. Padding counts as 0. A sequence may be shorter when it comes.
 *
 * @param width a multiple of twice the number of axes
 */
export function gridPositions(grid: readonly number[], width: number): Module {
  const places = Float32Array.from(
    placesOf(grid).flatMap((place) => place.flatMap((at) => waves(at, width / grid.length))),
  );
  return {
    parameters: [],
    apply(_, values, present) {
      const [, tokens = 0] = values.shape;
      const own = tf.tensor2d(places.subarray(0, tokens * width), [tokens, width]);
      return withoutPadding(tf.add(values, own), present);
    },
  };
}

/** Row-major. */
function placesOf(grid: readonly number[]): number[][] {
  const [length, ...rest] = grid;
  if (length === undefined) return [[]];
  return Array.from({ length }, (_, at) => placesOf(rest).map((place) => [at, ...place])).flat();
}

function waves(at: number, width: number): number[] {
  const angles = Array.from({ length: width / 2 }, (_, i) => at / LONGEST ** (i / (width / 2)));
  return [...angles.map(Math.sin), ...angles.map(Math.cos)];
}

/** The mean of the tokens that are no padding: [B, tokens, width] → [B, width]; 0 where there is none. */
export const meanOfTokens: Module = {
  parameters: [],
  apply(_, tokens, present) {
    if (present === undefined) return tf.mean(tokens, 1);
    return tf.div(tf.sum(tf.mul(tokens, present), 1), tf.maximum(tf.sum(present, 1), 1));
  },
};

/** Padding as zeros: for modules that add up several tokens. */
export function withoutPadding(tokens: tf.Tensor, present: tf.Tensor | undefined): tf.Tensor {
  return present === undefined ? tokens : tf.mul(tokens, present);
}
