import * as tf from '@tensorflow/tfjs-core';
import type { Path } from './dual.ts';
import { type Layout, parameter, type Tensors } from './layout.ts';

/** What takes each item of a batch [B, …] for itself, with parameters by their names: [B, …] → [B, …]. */
type Embed<Embedded extends tf.Tensor> = (tensors: Tensors, inputs: tf.Tensor) => Embedded;

/** A path that embeds a batch {@link inParts}. */
export function pathInParts<P extends Path>(path: P, parts: number): P {
  return { ...path, embed: inParts(path.embed, path.layout, parts) };
}

/**
 * The same embeddings, for which a batch is taken in `parts` that are as large as each other or larger by one item. Of the
 * activations, only those of one part are in memory at a time: for the gradient each part is computed once more, from the
 * gradient of the loss by its embeddings. As items do not see each other before the loss, that is the gradient of the
 * whole batch, whatever the loss compares (GradCache: Gao et al. 2021, arXiv 2101.06983).
 *
 * @param layout the parameters that are used; the inputs get no gradient
 */
export function inParts<Embedded extends tf.Tensor>(
  embed: Embed<Embedded>,
  layout: Layout,
  parts: number,
): Embed<Embedded> {
  if (parts === 1) return embed;
  const embedPart = (weights: tf.Tensor, part: tf.Tensor): tf.Tensor =>
    tf.tidy(() => embed(layout.cut(weights as tf.Tensor1D), part));
  return (tensors, inputs) => {
    const embedAll = tf.customGrad((given, save) => {
      const weights = given as tf.Tensor;
      (save as tf.GradSaveFunc)([weights, inputs]);
      return {
        value: tf.concat(split(inputs, parts).map((part) => embedPart(weights, part))),
        gradFunc: (dy, [at = weights, items = inputs]) => {
          const slopes = split(dy, parts);
          let sum: tf.Tensor = tf.zerosLike(at);
          for (const [i, part] of split(items, parts).entries()) {
            const before = sum;
            sum = tf.tidy(() =>
              tf.add(
                before,
                withTapeKept(() => tf.grad((moved) => embedPart(moved, part))(at, slopes[i])),
              ),
            );
            before.dispose();
          }
          return sum;
        },
      };
    });
    return embedAll(
      tf.concat1d(layout.parameters.map(({ name }) => tf.reshape(parameter(tensors, name), [-1]))),
    ) as Embedded;
  };
}

/** TensorFlow.js drops the tape of a gradient when another one is taken on the way back, and then misses it. */
function withTapeKept<Result>(compute: () => Result): Result {
  const { state } = tf.engine();
  const tape = state.activeTape;
  try {
    return compute();
  } finally {
    state.activeTape = tape;
  }
}

/** As many parts as there are items, where these are fewer. */
function split(batch: tf.Tensor, parts: number): tf.Tensor[] {
  const [items = 0] = batch.shape;
  const count = Math.max(1, Math.min(parts, items));
  const begin = (part: number): number => Math.floor((part * items) / count);
  return tf.split(
    batch,
    Array.from({ length: count }, (_, part) => begin(part + 1) - begin(part)),
  );
}
