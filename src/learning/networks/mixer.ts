import * as tf from '@tensorflow/tfjs-core';
import { layerNorm, linear, type Module, relu, residual, sequence } from './modules.ts';
import { withoutPadding } from './tokens.ts';

/**
 * A block of an MLP-Mixer (Tolstikhin et al. 2021, arXiv 2105.01601), with ReLU: two layers across the tokens, then two
 * across the width, each with its own norm and a way around: [B, tokens, width] → the same. Padding counts as 0.
 *
 * @param hidden width between two layers
 */
export function mixerBlock(name: string, tokens: number, width: number, hidden: number): Module {
  return sequence(
    residual(sequence(layerNorm(`${name}.norm1`, width), acrossTokens(perceptron(`${name}.tokens`, tokens, hidden)))),
    residual(sequence(layerNorm(`${name}.norm2`, width), perceptron(`${name}.width`, width, hidden))),
  );
}

function perceptron(name: string, width: number, hidden: number): Module {
  return sequence(linear(`${name}.hidden`, width, hidden), relu, linear(`${name}.output`, hidden, width));
}

/** Applies a module over the tokens to each place of their width. */
function acrossTokens(module: Module): Module {
  return {
    parameters: module.parameters,
    apply(tensors, tokens, present) {
      const turned = tf.transpose(withoutPadding(tokens, present), [0, 2, 1]);
      return tf.transpose(module.apply(tensors, turned), [0, 2, 1]);
    },
  };
}
