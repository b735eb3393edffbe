import { openBackend } from '../../../src/learning/backend.ts';

/** Where the npm package keeps the wasm files; a build copies them to dist/wasm. */
export const WASM_FOLDER = 'node_modules/@tensorflow/tfjs-backend-wasm/dist';

export async function openWasm(): Promise<void> {
  await openBackend('wasm', { wasmFolder: WASM_FOLDER });
}
