import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { type Exponentials, LANES, openExponentials } from './exponential.ts';
import { heapOf, numbersOf } from './heap.ts';
import { replaceKernel } from './replaceKernel.ts';

interface Whole {
  readonly x: tf.TensorInfo;
}

const FLOAT = 4;

/**
 * Replaces the exponentials of the wasm backend, which go one number after the other, by those that take four at once.
 * Where the engine has no SIMD, nothing is replaced.
 */
export function takeFourAtOnce(backend: BackendWasm): void {
  const exponentials = open(backend);
  if (exponentials === undefined) return;
  replaceElements('Exp', exponentials.exponential);
  replaceElements('Sigmoid', exponentials.sigmoid);
}

function open(backend: BackendWasm): Exponentials | undefined {
  try {
    return openExponentials(heapOf(backend));
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return undefined;
    throw error;
  }
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
