import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type * as tf from '@tensorflow/tfjs-core';
import { replaceKernel, type Whole } from './replaceKernel.ts';

/**
 * Replaces the kernels of the wasm backend that give a tensor as it is, which copy it: what they give has the same numbers,
 * counted by the backend as those of a reshaped tensor are. Every tensor that a gradient needs is kept in this way.
 */
export function shareWhatIsTheSame(): void {
  replaceKernel<Whole, object>('Identity', ({ inputs: { x }, backend }) => shared(backend, x));
  replaceKernel<Whole, tf.CastAttrs>('Cast', ({ inputs: { x }, attrs: { dtype }, backend }) =>
    x.dtype === dtype ? shared(backend, x) : undefined,
  );
}

function shared(backend: BackendWasm, { dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
  backend.incRef(dataId);
  return { dataId, shape, dtype };
}
