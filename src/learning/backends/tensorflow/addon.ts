import type * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';

/** A tensor that the addon holds. */
export interface Handle {
  readonly id: number;
  /** TensorFlow's number of its type. */
  readonly dtype: number;
  readonly shape: number[];
}

/** An attribute of an operation: its type is one of the addon's TF_ATTR_ numbers. */
export interface AddonAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

const callable = <F>() => z.custom<F>((value) => typeof value === 'function');

/** What PairLab uses of the addon of @tensorflow/tfjs-node and -gpu. */
export const Addon = z.object({
  TF_Version: z.string(),
  TF_ATTR_STRING: z.int(),
  TF_ATTR_INT: z.int(),
  TF_ATTR_FLOAT: z.int(),
  TF_ATTR_BOOL: z.int(),
  TF_ATTR_TYPE: z.int(),
  isUsingGpuDevice: callable<() => boolean>(),
  createTensor: callable<(shape: readonly number[], dtype: number, values: ArrayBufferView) => number>(),
  tensorDataSync: callable<(id: number) => unknown>(),
  executeOp:
    callable<
      (name: string, attributes: readonly AddonAttribute[], inputs: readonly number[], outputs: number) => Handle[]
    >(),
  loadSavedModel: callable<(folder: string, tag: string) => number>(),
  runSavedModel:
    callable<(model: number, inputs: readonly number[], inputNames: string, outputNames: string) => Handle[]>(),
  deleteSavedModel: callable<(model: number) => void>(),
});
export type Addon = z.infer<typeof Addon>;

/** The backend of @tensorflow/tfjs-node, which calls the addon. */
export interface AddonBackend extends tf.KernelBackend {
  getDTypeInteger(dtype: tf.DataType): number;
  getInputTensorIds(tensors: readonly tf.Tensor[]): number[];
  createOutputTensor(handle: Handle): tf.Tensor;
}
