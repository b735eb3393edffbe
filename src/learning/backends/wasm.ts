import { access } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { type BackendWasm, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { EnvironmentError } from '../../base/errors.ts';
import { NEVER, type Opened, processor } from './opened.ts';
import { stepInOnePass } from './wasm/adamStep.ts';
import { takeFourAtOnce } from './wasm/elements.ts';
import { copyPartsAlone } from './wasm/parts.ts';
import { multiplyInBlocks } from './wasm/products.ts';
import { reduceWhereTheyLie } from './wasm/reductions.ts';
import { shareWhatIsTheSame } from './wasm/sharing.ts';

/**
 * WebAssembly on one thread, which is always there.
 * @param folder of the tfjs-backend-wasm*.wasm files
 */
export async function openWasm(folder: string): Promise<Opened> {
  // Checked first: the loader of the backend would abort the whole process.
  for (const file of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm']) {
    await access(join(folder, file)).catch((error: unknown) => {
      throw new EnvironmentError(
        `${join(folder, file)} is missing. Install PairLab again (or run npm run build).`,
        error,
      );
    });
  }
  if (tf.getBackend() !== 'wasm') {
    setWasmPaths(folder + sep);
    if (!(await tf.setBackend('wasm'))) {
      throw new EnvironmentError('TensorFlow.js cannot start WebAssembly in this process. Use Node 20 or newer.');
    }
    const backend = tf.backend() as BackendWasm;
    copyPartsAlone();
    shareWhatIsTheSame();
    stepInOnePass(backend);
    reduceWhereTheyLie(backend);
    takeFourAtOnce(backend);
    multiplyInBlocks(backend);
  }
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  const versions = { 'TensorFlow.js': tf.version_core, WebAssembly: simd ? 'with SIMD' : 'without SIMD' };
  return { device: processor(1), versions, failed: NEVER };
}
