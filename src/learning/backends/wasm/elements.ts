import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { type Exponentials, LANES, openExponentials } from './exponential.ts';
import { heapOf, numbersOf, whereThereIsSimd } from './heap.ts';
import { replaceKernel, type Whole } from './replaceKernel.ts';

const FLOAT = 4;

/**
 * Replaces the exponentials of the wasm backend, which go one number after the other, by those that take four at once.
 * Where the engine has no SIMD, nothing is replaced.
 */
export function takeFourAtOnce(backend: BackendWasm): void {
  const exponentials = whereThereIsSimd(() => openExponentials(heapOf(backend)));
  if (exponentials === undefined) return;
  replaceElements('Exp', exponentials.exponential);
  replaceElements('Sigmoid', exponentials.sigmoid);
}

function replaceElements(kernelName: string, compute: Exponentials[keyof Exponentials]): void {
  replaceKernel<Whole, object>(kernelName, ({ inputs: { x }, backend }) => {
    const size = tf.util.sizeFromShape(x.shape);
    if (x.dtype !== 'float32' || size === 0) return undefined;
    const whole = Math.ceil(size / LANES) * LANES;
    const result = backend.makeOutput(x.shape, 'float32');
    // What lies behind the last number may be read, never written.
    const room = whole === size ? result : backend.makeOutput([whole], 'float32');
    const from = backend.getMemoryOffset(x.dataId);
    compute(from, backend.getMemoryOffset(room.dataId), from + FLOAT * whole);
    if (room !== result) {
      numbersOf(backend, result).set(numbersOf(backend, room).subarray(0, size));
      backend.disposeData(room.dataId);
    }
    return result;
  });
}
