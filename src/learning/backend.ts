import { access } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { EnvironmentError } from '../base/errors.ts';
import { transposeExplicitly } from './gradients.ts';
import { copyPartsAlone } from './wasmKernels.ts';

/** What trains, and what `auto` tried before. */
export interface Backend {
  readonly name: 'wasm';
  /** "TensorFlow.js 4.22.0, wasm with SIMD, one thread". */
  readonly describe: string;
  /** Why a better backend is not used; empty when wasm was asked for by name. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
}

/** The order of `auto`, before the one that is always there. */
const BETTER = ['tensorflow-gpu', 'webgpu', 'tensorflow'];

/**
 * Opens the backend of this process.
 * @param wasmFolder the folder of the tfjs-backend-wasm*.wasm files
 * @throws EnvironmentError when a file is missing or WebAssembly is not to be had.
 */
export async function openBackend(name: 'auto' | 'wasm', wasmFolder: string): Promise<Backend> {
  await openWasm(wasmFolder);
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  return {
    name: 'wasm',
    describe: `TensorFlow.js ${tf.version_core}, wasm ${simd ? 'with' : 'without'} SIMD, one thread`,
    refused: name === 'auto' ? BETTER.map((better) => ({ name: better, reason: 'not set up' })) : [],
  };
}

async function openWasm(folder: string): Promise<void> {
  if (tf.getBackend() === 'wasm') return;
  // Checked first: the loader of the backend would abort the whole process.
  for (const file of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm']) {
    await access(join(folder, file)).catch((error: unknown) => {
      throw new EnvironmentError(
        `${join(folder, file)} is missing. Install PairLab again (or run npm run build).`,
        error,
      );
    });
  }
  setWasmPaths(folder + sep);
  if (!(await tf.setBackend('wasm'))) {
    throw new EnvironmentError('TensorFlow.js cannot start WebAssembly in this process. Use Node 20 or newer.');
  }
  transposeExplicitly();
  copyPartsAlone();
}
