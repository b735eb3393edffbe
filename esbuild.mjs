/**
 * Bundles everything into dist/: the extension host, the command line (which is also the engine), the runner, what reads
 * media (the threads for headers, the processes that decode), what computes for the alignment (threads for products, the
 * process that lays out maps), and one script a webview page. `--watch` rebuilds on change; `--production` minifies,
 * leaves out the source maps and writes the notices of what is bundled.
 */
import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { context } from 'esbuild';
import { writeNotices } from './scripts/vsix/notices.mjs';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const dist = new URL('dist/', import.meta.url);

const common = {
  bundle: true,
  minify: production,
  sourcemap: !production,
  metafile: production,
  logLevel: 'warning',
  target: 'es2022',
};
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // The ES modules of TensorFlow.js: its CommonJS bundle holds a second, closed copy of the engine without gradients.
  mainFields: ['module', 'main'],
  loader: { '.wasm': 'binary' },
  // Native: resolved at run time from node_modules, or from dist/node_modules in a VSIX.
  external: ['vscode', 'sharp', '@duckdb/node-api', 'mocha'],
};

const bundles = [
  { ...node, entryPoints: { extension: 'src/extension.ts' }, outdir: 'dist' },
  {
    ...node,
    entryPoints: { cli: 'src/cli.ts', runner: 'src/runner.ts' },
    outdir: 'dist',
    banner: { js: '#!/usr/bin/env node' },
  },
  {
    ...node,
    entryPoints: {
      headers: 'src/headers.ts',
      walker: 'src/walker.ts',
      decoder: 'src/decoder.ts',
      products: 'src/products.ts',
      model: 'src/model.ts',
      probe: 'src/probe.ts',
    },
    outdir: 'dist',
  },
  {
    ...node,
    entryPoints: { projection: 'src/projection.ts' },
    outdir: 'dist',
    // UMAP's WebAssembly is a data URL, which is absolute without import.meta.url as its base.
    logOverride: { 'empty-import-meta': 'silent' },
  },
  {
    ...common,
    platform: 'browser',
    format: 'iife',
    entryPoints: { pair: 'webview/pair/main.ts', alignment: 'webview/alignment/main.ts', runs: 'webview/runs/main.ts' },
    outdir: 'dist/webview',
  },
];

/** The wasm backend's binaries lie beside the bundles; the backend picks the one that the machine supports. */
async function copyWasm() {
  const from = new URL('node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url);
  const names = (await readdir(from)).filter((name) => name.endsWith('.wasm'));
  await mkdir(new URL('wasm/', dist), { recursive: true });
  await Promise.all(names.map((name) => copyFile(new URL(name, from), new URL(`wasm/${name}`, dist))));
}

/** The JSON Schemas by which editors check and complete the files that people write (package.json names them). */
async function writeSchemas() {
  await mkdir(new URL('schemas/', dist), { recursive: true });
  for (const [file, name] of [
    ['pairlab.yaml', 'dataset'],
    ['experiment.yaml', 'experiment'],
  ]) {
    const schema = execFileSync(process.execPath, [fileURLToPath(new URL('cli.js', dist)), 'schema', file]);
    await writeFile(new URL(`schemas/${name}.schema.json`, dist), schema);
  }
}

await rm(dist, { recursive: true, force: true });
const contexts = await Promise.all(bundles.map((options) => context(options)));
await copyWasm();
if (watch) {
  await Promise.all(contexts.map((bundle) => bundle.watch()));
} else {
  const results = await Promise.all(contexts.map((bundle) => bundle.rebuild()));
  await Promise.all(contexts.map((bundle) => bundle.dispose()));
  await chmod(new URL('cli.js', dist), 0o755);
  await writeSchemas();
  if (production) await writeNotices(results.map(({ metafile }) => metafile));
}
