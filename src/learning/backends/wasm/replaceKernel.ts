import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

/** What TensorFlow.js calls a kernel of the wasm backend with; its registry knows none of these types. */
export interface Call<Inputs, Attributes> {
  readonly inputs: Inputs;
  readonly attrs: Attributes;
  readonly backend: BackendWasm;
}

/** The inputs of a kernel of one tensor. */
export interface Whole {
  readonly x: tf.TensorInfo;
}

/** @param compute gives nothing for what the stock kernel shall do; it is never asked for tensors of text */
export function replaceKernel<Inputs, Attributes>(
  kernelName: string,
  compute: (call: Call<Inputs, Attributes>) => tf.TensorInfo | tf.TensorInfo[] | undefined,
): void {
  const stock = tf.getKernel(kernelName, 'wasm');
  tf.unregisterKernel(kernelName, 'wasm');
  tf.registerKernel({
    ...stock,
    kernelFunc: (call) => {
      const isText = Object.values(call.inputs).some((input) => input?.dtype === 'string');
      const computed = isText ? undefined : compute(call as unknown as Call<Inputs, Attributes>);
      return computed ?? stock.kernelFunc(call);
    },
  });
}
