import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What these lines of TypeScript export, from the sources as they stand; the bundle is thrown away. */
export async function importSources(name, contents) {
  const bundle = fileURLToPath(new URL(`../../../dist/bench-${name}.cjs`, import.meta.url));
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['sharp', '@duckdb/node-api'],
    loader: { '.wasm': 'binary' },
    outfile: bundle,
    logLevel: 'error',
  });
  try {
    return (await import(bundle)).default;
  } finally {
    await rm(bundle);
  }
}
