/** What trains, and what `auto` tried before. */
export interface Backend {
  readonly name: 'wasm';
  /** "TensorFlow.js wasm (SIMD, one thread)". */
  readonly describe: string;
  /** Why a better backend is not used; empty when it was asked for by name. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Opens the backend of this process; a second call gives the same.
 * @param wasmFolder folder of the tfjs-backend-wasm*.wasm files: dist/wasm, or the package's own dist in tests
 * @throws EnvironmentError when the files are missing or WebAssembly is not to be had.
 */
export declare function openBackend(name: 'auto' | 'wasm', wasmFolder: string): Promise<Backend>;
