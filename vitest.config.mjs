import { readFile } from 'node:fs/promises';
import { defineConfig } from 'vitest/config';

// Inlined, so that Vite resolves the ES modules and the gradients register in the one and only engine.
const tensorflow = { server: { deps: { inline: [/@tensorflow/, /\.wasm$/] } } };

/** As esbuild's loader "binary": the bytes of a .wasm file are what it exports. */
const wasmBytes = {
  name: 'wasm-bytes',
  enforce: 'pre',
  async load(id) {
    if (!id.endsWith('.wasm')) return undefined;
    const bytes = await readFile(id);
    return `export default Uint8Array.from(atob('${bytes.toString('base64')}'), (c) => c.charCodeAt(0));`;
  },
};

/** Compares a step of each method with that on wasm, so that on wasm it has nothing to say; runs on wasm have their own test. */
const BEYOND_WASM = ['methods', 'runs'].map((part) => `test/engine/conformance/${part}.test.ts`);

export default defineConfig({
  plugins: [wasmBytes],
  resolve: { mainFields: ['module', 'main'] },
  test: {
    // Vitest would leave a core to itself, but most of a test is waiting, for a process or for a disk.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        // Far more than any takes: a slow machine with other work is no failure.
        test: { ...tensorflow, name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 60_000 },
      },
      {
        extends: true,
        test: {
          ...tensorflow,
          name: 'engine',
          include: ['test/engine/**/*.test.ts'],
          exclude: process.env.PAIRLAB_TEST_BACKEND === undefined ? BEYOND_WASM : [],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
