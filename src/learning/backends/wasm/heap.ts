import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';

/** Where Emscripten keeps what a module exports. */
const Heap = z.object({ asm: z.object({ memory: z.instanceof(WebAssembly.Memory) }) });

/** The memory that holds the tensors of a wasm backend. */
export function heapOf(backend: BackendWasm): WebAssembly.Memory {
  return Heap.parse(backend.wasm).asm.memory;
}

/**
 * The numbers of a tensor where they lie, until another tensor is made: the heap may move then.
 * @throws TypeError for other tensors than of float32
 */
export function numbersOf(backend: BackendWasm, tensor: tf.TensorInfo): Float32Array {
  const numbers = backend.typedArrayFromHeap(tensor);
  if (numbers instanceof Float32Array) return numbers;
  throw new TypeError(`numbersOf() got a tensor of ${tensor.dtype}`);
}

/** Code that works on the heap with SIMD; undefined where the engine has none. */
export function whereThereIsSimd<T>(open: () => T): T | undefined {
  try {
    return open();
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return undefined;
    throw error;
  }
}
