import * as tf from '@tensorflow/tfjs-core';
import { parameter, type Tensors } from '../networks/layout.ts';

/**
 * The source's embedder as that of a target whose tokens are of the same kind: the weights of the target's embedder, end
 * to end. Patches of three channels and of one are of the same kind: a single channel stands for three equal ones, so that
 * their weights are added up (as Gong et al. 2021, arXiv 2104.01778, do to move a model of pictures to spectrograms), and
 * of three channels each gets a third of the weight of one.
 *
 * @param tensors the source model
 * @param width of a token of the target
 * @throws RangeError when neither width is a multiple of the other; the experiment's schema keeps that from happening
 */
export function embedderOfSource(tensors: Tensors, width: number): tf.Tensor1D {
  const weight = parameter(tensors, 'source.embedder.weight');
  const others = ['source.embedder.bias', 'source.norm.scale', 'source.norm.shift'];
  const parts = [inChannels(weight, width), ...others.map((name) => parameter(tensors, name))];
  return tf.concat1d(parts.map((part) => tf.reshape(part, [-1])));
}

/** [inputs, outputs] → [width, outputs]; the channels of a place lie beside each other. */
function inChannels(weight: tf.Tensor, width: number): tf.Tensor {
  const [inputs = 0, outputs = 0] = weight.shape;
  if (inputs % width === 0) return tf.sum(tf.reshape(weight, [width, inputs / width, outputs]), 1);
  if (width % inputs !== 0) throw new RangeError(`tokens of ${inputs} and of ${width} numbers are of different kinds`);
  const channels = width / inputs;
  const repeated = tf.tile(tf.reshape(weight, [inputs, 1, outputs]), [1, channels, 1]);
  return tf.reshape(tf.div(repeated, channels), [width, outputs]);
}
