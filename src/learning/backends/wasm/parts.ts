import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { replaceKernel, type Whole } from './replaceKernel.ts';

/**
 * Replaces the two kernels of the wasm backend that take parts of a tensor, where a part lies in one piece. The stock ones
 * copy the whole tensor out of the heap for every part: cutting a vector of weights into its parameters took more than a
 * third of the time of a training step.
 */
export function copyPartsAlone(): void {
  replaceKernel<Whole, tf.SliceAttrs>('Slice', ({ inputs: { x }, attrs, backend }) => {
    const [begin = [], size = []] = tf.slice_util.parseSliceParams(x, attrs.begin, attrs.size);
    if (!tf.slice_util.isSliceContinous(x.shape, begin, size)) return undefined;
    const offset = tf.slice_util.computeFlatOffset(begin, tf.util.computeStrides(x.shape));
    return copyPart(backend, x, offset, size);
  });
  replaceKernel<Whole, tf.SplitVAttrs>('SplitV', ({ inputs: { x }, attrs, backend }) => {
    const [axis = 0] = tf.util.parseAxisParam(attrs.axis, x.shape);
    if (tf.util.sizeFromShape(x.shape.slice(0, axis)) !== 1) return undefined;
    let offset = 0;
    return tf.backend_util.prepareSplitSize(x, attrs.numOrSizeSplits, axis).map((length) => {
      const shape = x.shape.map((own, at) => (at === axis ? length : own));
      const part = copyPart(backend, x, offset, shape);
      offset += tf.util.sizeFromShape(shape);
      return part;
    });
  });
}

/** @param offset in numbers, of where the part begins */
function copyPart(backend: BackendWasm, x: tf.TensorInfo, offset: number, shape: number[]): tf.TensorInfo {
  const part = backend.makeOutput(shape, x.dtype);
  // Looked up only now: to make room for the part, the heap may have moved.
  const values = backend.typedArrayFromHeap(x).subarray(offset, offset + tf.util.sizeFromShape(shape));
  backend.typedArrayFromHeap(part).set(values);
  return part;
}
