import { access } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { EnvironmentError } from '../../base/errors.ts';
import type { Matrix } from '../../base/matrix.ts';

/**
 * Makes WebAssembly multiply in this thread. `folder` holds the tfjs-backend-wasm*.wasm files.
 * @throws EnvironmentError when a file is missing or WebAssembly is not to be had.
 */
export async function openWasm(folder: string): Promise<void> {
  // Checked first: the loader of the backend would abort the whole process.
  const file = join(folder, 'tfjs-backend-wasm-simd.wasm');
  await access(file).catch((error: unknown) => {
    throw new EnvironmentError(`${file} is missing. Install PairLab again (or run npm run build).`, error);
  });
  setWasmPaths(folder + sep);
  if (await tf.setBackend('wasm')) return;
  throw new EnvironmentError('TensorFlow.js cannot start WebAssembly in this process. Use Node 20 or newer.');
}

/**
 * The right factor of products, K × M, kept on the heap of WebAssembly while many left factors meet it. An element of
 * a product depends on its row and its column alone, to the last bit, not on where they stand in a block.
 */
export class RightFactor {
  readonly #tensor: tf.Tensor2D;

  private constructor(tensor: tf.Tensor2D) {
    this.#tensor = tensor;
  }

  static of(matrix: Matrix): RightFactor {
    return new RightFactor(toTensor(matrix));
  }

  /** Mᵀ: turned round once, as products with a transposed factor are ten times slower. */
  static transposed(matrix: Matrix): RightFactor {
    return new RightFactor(tf.tidy(() => tf.transpose(toTensor(matrix))));
  }

  /** `left` (N × K) times this factor: N × M. */
  times(left: Matrix): Matrix {
    const product = tf.tidy(() => tf.matMul(toTensor(left), this.#tensor));
    const data = product.dataSync<'float32'>();
    product.dispose();
    return { rows: left.rows, columns: this.#tensor.shape[1], data };
  }

  dispose(): void {
    this.#tensor.dispose();
  }
}

/** A·B. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  const right = RightFactor.of(b);
  try {
    return right.times(a);
  } finally {
    right.dispose();
  }
}

/** AᵀB of two matrices with the same number of rows. */
export function multiplyTransposed(a: Matrix, b: Matrix): Matrix {
  const product = tf.tidy(() => tf.matMul(tf.transpose(toTensor(a)), toTensor(b)));
  const data = product.dataSync<'float32'>();
  product.dispose();
  return { rows: a.columns, columns: b.columns, data };
}

function toTensor({ rows, columns, data }: Matrix): tf.Tensor2D {
  return tf.tensor2d(data, [rows, columns]);
}
