import * as tf from '@tensorflow/tfjs-core';

/** Numbers in memory, of which a tensor is made where something is computed with them. */
export interface Numbers {
  readonly values: Float32Array | Int32Array;
  readonly shape: readonly number[];
}

/** What a step of training sees of the data, by names. */
export type Batch<Name extends string> = Readonly<Record<Name, Numbers>>;

/** The same as tensors. */
export type Given<Name extends string> = Readonly<Record<Name, tf.Tensor>>;

export function tensorOf({ values, shape }: Numbers): tf.Tensor {
  return tf.tensor(values, [...shape]);
}

/** The caller disposes them. */
export function tensorsOf<Name extends string>(batch: Batch<Name>): Given<Name> {
  const tensors = Object.entries<Numbers>(batch).map(([name, numbers]) => [name, tensorOf(numbers)]);
  return Object.fromEntries(tensors) as Given<Name>;
}

/** [labels.length, classes]: 1 at the label of a row. */
export function oneHot(labels: readonly number[], classes: number): Numbers {
  const values = new Float32Array(labels.length * classes);
  for (const [i, label] of labels.entries()) values[i * classes + label] = 1;
  return { values, shape: [labels.length, classes] };
}

/** [C, B]: times rows [B, d] it gives the mean of the rows of each label, labels in ascending order. */
export function averaging(labels: readonly number[]): Numbers {
  const classes = [...new Set(labels)].sort((a, b) => a - b);
  const values = classes.flatMap((label) => {
    const own = labels.map((other) => Number(other === label));
    const count = own.reduce((sum, one) => sum + one, 0);
    return own.map((one) => one / count);
  });
  return { values: Float32Array.from(values), shape: [classes.length, labels.length] };
}

/** [marks, B]: what `matchDistribution` compares. */
export function marked(...marks: readonly (readonly number[])[]): Numbers {
  return { values: Int32Array.from(marks.flat()), shape: [marks.length, marks[0]?.length ?? 0] };
}
