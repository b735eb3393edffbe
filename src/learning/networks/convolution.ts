import * as tf from '@tensorflow/tfjs-core';
import { layerNorm, linear, type Module, relu, residual, sequence } from './modules.ts';
import { withoutPadding } from './tokens.ts';

const WINDOW = 3;
const REACH = (WINDOW - 1) / 2;

/** x + (norm, 3-wide convolution, ReLU, and a layer that looks at one token at a time): [B, tokens, width] → the same. */
export function convolutionBlock(name: string, grid: readonly number[], width: number): Module {
  return residual(
    sequence(
      layerNorm(`${name}.norm`, width),
      convolution(`${name}.convolution`, grid, width, width),
      relu,
      linear(`${name}.output`, width, width),
    ),
  );
}

/**
 * A convolution over tokens that lie in a grid, row-major, with windows of 3 along each of its axes, stride 1 and zeros
 * around: [B, tokens, inputs] → [B, tokens, outputs]. Windows are unfolded by shifted copies, and one matrix product
 * does the rest, because the wasm backend has no gradient of a convolution. Padding counts as 0.
 *
 * @param grid [tokens] of a sequence, which may be shorter when it comes, [rows, columns] of a picture
 */
export function convolution(name: string, grid: readonly number[], inputs: number, outputs: number): Module {
  const offsets = windowOf(grid.length);
  const product = linear(name, offsets.length * inputs, outputs);
  const margins = [[0, 0], ...grid.map(() => [REACH, REACH]), [0, 0]] as [number, number][];
  return {
    parameters: product.parameters,
    apply(tensors, tokens, present) {
      const [batch = 1, count = 1] = tokens.shape;
      const size = [batch, ...(grid.length === 1 ? [count] : grid), inputs];
      const framed = tf.pad(tf.reshape(withoutPadding(tokens, present), size), margins);
      const windows = tf.concat(
        offsets.map((offset) => tf.slice(framed, [0, ...offset, 0], size)),
        -1,
      );
      return tf.reshape(product.apply(tensors, windows), [batch, count, outputs]);
    },
  };
}

/** The places of a window, row-major. */
function windowOf(axes: number): number[][] {
  if (axes === 0) return [[]];
  return windowOf(axes - 1).flatMap((place) => Array.from({ length: WINDOW }, (_, at) => [...place, at]));
}
