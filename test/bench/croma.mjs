/**
 * Milliseconds per CROMA meta-iteration (5-way, 10 meta-shots, 8 inner steps on each of the two tasks; 128-dimensional
 * features): PairLab on wasm, and the same algorithm in PyTorch eager on one thread where `python3` (or `PYTHON`) has it.
 */
import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const ITERATIONS = 100;
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/** Times the meta-training of the sources as they stand; the bundle is thrown away. */
async function timePairLab() {
  const bundle = path('./croma.bundle.cjs');
  const common = { bundle: true, platform: 'node', format: 'cjs', mainFields: ['module', 'main'], logLevel: 'error' };
  await build({ ...common, entryPoints: [path('./croma.ts')], outfile: bundle });
  try {
    const { timeCroma } = (await import(pathToFileURL(bundle).href)).default;
    return await timeCroma(path('../../node_modules/@tensorflow/tfjs-backend-wasm/dist'), ITERATIONS);
  } finally {
    await rm(bundle, { force: true });
  }
}

/** Undefined where there is no PyTorch. */
function timePyTorch() {
  const python = process.env.PYTHON ?? 'python3';
  const result = spawnSync(python, [path('./croma.py'), String(ITERATIONS)], { encoding: 'utf8' });
  if (result.status === 0) return Number(result.stdout);
  const reason = (result.error?.message ?? result.stderr).trim().split('\n').at(-1);
  console.log(`PyTorch is not compared: ${python} could not run it (${reason}).`);
  return undefined;
}

const ours = await timePairLab();
console.log(`CROMA meta-iteration, PairLab on wasm:      ${ours.toFixed(1)} ms`);
const theirs = timePyTorch();
if (theirs !== undefined) {
  console.log(`CROMA meta-iteration, PyTorch, one thread:  ${theirs.toFixed(1)} ms`);
  console.log(`PairLab / PyTorch:                          ${(ours / theirs).toFixed(2)}`);
}
