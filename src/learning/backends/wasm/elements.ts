import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type Exponentials, openExponentials } from './exponential.ts';
import { FLOAT, madeInFours } from './fours.ts';
import { heapOf, whereThereIsSimd } from './heap.ts';
import { replaceKernel, type Whole } from './replaceKernel.ts';

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
    if (x.dtype !== 'float32') return undefined;
    const from = backend.getMemoryOffset(x.dataId);
    return madeInFours(backend, 1, x.shape, ([to = 0], start, end) =>
      compute(from + FLOAT * start, to, from + FLOAT * end),
    )[0];
  });
}
