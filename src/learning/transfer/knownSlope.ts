import * as tf from '@tensorflow/tfjs-core';

/**
 * One value [B] for each of some matrices [B, n, m], by a computation that also knows its own gradient by them, `slope`
 * [B, n, m]: nothing is differentiated through the computation.
 */
export function knownSlope(
  matrices: tf.Tensor3D,
  compute: (matrices: tf.Tensor3D) => { readonly value: tf.Tensor; readonly slope: tf.Tensor },
): tf.Tensor1D {
  const computed = tf.customGrad((given, save) => {
    const { value, slope } = compute(given as tf.Tensor3D);
    (save as tf.GradSaveFunc)([slope]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => saved.map((own) => tf.mul(tf.reshape(dy, [-1, 1, 1]), own)),
    };
  });
  return computed(matrices) as tf.Tensor1D;
}
