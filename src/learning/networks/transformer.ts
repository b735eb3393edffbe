import * as tf from '@tensorflow/tfjs-core';
import { layerNorm, linear, type Module, residual, sequence } from './modules.ts';

/** Takes the weight of padding to 0 in a softmax, and stays finite. */
const HIDDEN_SCORE = -1e9;

/** Sizes of a block, and what bends between the two layers that look at one token at a time. */
interface BlockShape {
  readonly width: number;
  readonly heads: number;
  /** Width between those two layers. */
  readonly hidden: number;
  readonly activation: Module;
}

/**
 * A block of a transformer that normalises first (Xiong et al. 2020, arXiv 2002.04745): [B, tokens, width] → the same.
 * With ReLU torch.nn.TransformerEncoderLayer(norm_first=True) computes the same.
 */
export function transformerBlock(name: string, { width, heads, hidden, activation }: BlockShape): Module {
  return sequence(
    residual(sequence(layerNorm(`${name}.norm1`, width), selfAttention(`${name}.attention`, width, heads))),
    residual(
      sequence(
        layerNorm(`${name}.norm2`, width),
        linear(`${name}.hidden`, width, hidden),
        activation,
        linear(`${name}.output`, hidden, width),
      ),
    ),
  );
}

/**
 * Scaled dot-product attention of every token to every token that is no padding, in several heads (Vaswani et al. 2017,
 * arXiv 1706.03762): [B, tokens, width] → the same. TensorFlow.js has no second derivative of its softmax.
 */
function selfAttention(name: string, width: number, heads: number): Module {
  const query = linear(`${name}.query`, width, width);
  const key = linear(`${name}.key`, width, width);
  const value = linear(`${name}.value`, width, width);
  const output = linear(`${name}.output`, width, width);
  return {
    parameters: [query, key, value, output].flatMap(({ parameters }) => parameters),
    apply(tensors, tokens, present) {
      const [batch = 1, count = 1] = tokens.shape;
      const inHeads = (module: Module, order: number[]) =>
        tf.transpose(tf.reshape(module.apply(tensors, tokens), [batch, count, heads, width / heads]), order);
      const products = tf.matMul(inHeads(query, [0, 2, 1, 3]), inHeads(key, [0, 2, 3, 1]));
      const scores = hidePadding(tf.div(products, Math.sqrt(width / heads)), present);
      const attended = tf.matMul(tf.softmax(scores), inHeads(value, [0, 2, 1, 3]));
      return output.apply(tensors, tf.reshape(tf.transpose(attended, [0, 2, 1, 3]), [batch, count, width]));
    },
  };
}

/** @param scores [B, heads, tokens, tokens], the last axis over the tokens that are attended to */
function hidePadding(scores: tf.Tensor, present: tf.Tensor | undefined): tf.Tensor {
  if (present === undefined) return scores;
  const [batch = 1, count = 1] = present.shape;
  const hidden = tf.mul(tf.sub(1, present), HIDDEN_SCORE);
  return tf.add(scores, tf.reshape(hidden, [batch, 1, 1, count]));
}
