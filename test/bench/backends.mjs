/**
 * Milliseconds of the work of training on each backend that is there, beside PyTorch eager on the processor,
 * and on CUDA where there is one: matrix products, one contrastive step of the default networks, one of transformers with
 * 1,024 pairs of pictures as tokens, one CROMA meta-iteration, one MoNA stage-1 step, and 10,000 × 512 similarity with
 * top-k. `PYTHON` names the Python with PyTorch; `THREADS` is how many TensorFlow and PyTorch take, all by default;
 * `LARGEST` is the largest product. A backend in software is left out. All are measured one after the other, in `ROUNDS`
 * rounds; of each figure the lowest counts, because whatever else the machine does only adds to it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const { LARGEST = '4096', ROUNDS = '3', THREADS } = process.env;
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const wasm = path('../../dist/wasm');

const bundle = path('./backends.bundle.cjs');
const columns = await measured();
const reference = columns.find(({ name }) => name === 'PyTorch cpu');
for (const { name, device } of columns) console.log(`${name}: ${device}`);
const work = Object.keys(columns[0].milliseconds);
console.log(`\n| milliseconds | ${columns.map(({ name }) => name).join(' | ')} |`);
console.log(`| --- |${' --- |'.repeat(columns.length)}`);
for (const piece of work) console.log(`| ${piece} | ${columns.map((column) => cell(column, piece)).join(' | ')} |`);
for (const { name, shares = {} } of columns) {
  for (const [data, share] of Object.entries(shares))
    console.log(`${name}: ${(100 * share).toFixed(1)} % of a CROMA meta-iteration waits for ${data}, at most`);
}

function cell({ milliseconds, name }, piece) {
  const ours = milliseconds[piece];
  const theirs = reference?.milliseconds[piece];
  const ratio = theirs === undefined || name === reference.name ? '' : ` (${(ours / theirs).toFixed(2)})`;
  return `${ours.toFixed(ours < 10 ? 2 : 0)}${ratio}`;
}

async function measured() {
  await bundleOurs();
  try {
    const programs = [...ourPrograms(), ...pytorchPrograms()];
    const rounds = Array.from({ length: Number(ROUNDS) }, () => programs.map(({ measure }) => measure()));
    return programs.map(({ name }, at) => ({ name, ...lowest(rounds.map((round) => round[at])) }));
  } finally {
    await rm(bundle, { force: true });
  }
}

async function bundleOurs() {
  const common = { bundle: true, platform: 'node', format: 'cjs', mainFields: ['module', 'main'], logLevel: 'error' };
  const external = ['sharp', '@duckdb/node-api'];
  await build({ ...common, external, entryPoints: [path('./backends.ts')], outfile: bundle });
}

function ourPrograms() {
  const table = JSON.parse(execFileSync(process.execPath, [path('../../dist/cli.js'), 'backend', '--json']));
  const there = table.backends.filter(({ state, measured }) => state === 'ready' && !measured.device.software);
  return there.map(({ name }) => ({ name, measure: () => run(process.execPath, [bundle, name, wasm, LARGEST]) }));
}

function pytorchPrograms() {
  const python = process.env.PYTHON ?? 'python3';
  const look = 'import torch; print("cuda" if torch.cuda.is_available() else "")';
  const found = spawnSync(python, ['-c', look], { encoding: 'utf8' });
  if (found.status !== 0) {
    console.log(`PyTorch is not compared: ${python} has none.`);
    return [];
  }
  const devices = ['cpu', ...(found.stdout.trim() === '' ? [] : ['cuda'])];
  const threads = THREADS === undefined ? [] : [THREADS];
  return devices.map((device) => ({
    name: `PyTorch ${device}`,
    measure: () => run(python, [path('./backends.py'), device, LARGEST, ...threads]),
  }));
}

function lowest([first, ...others]) {
  const all = [first, ...others];
  const least = (figures) =>
    Object.fromEntries(
      Object.keys(first[figures] ?? {}).map((name) => [name, Math.min(...all.map((one) => one[figures][name]))]),
    );
  return { device: first.device, milliseconds: least('milliseconds'), shares: least('shares') };
}

function run(program, args) {
  const env = { ...process.env, ...(THREADS !== undefined && { TF_NUM_INTRAOP_THREADS: THREADS }) };
  return JSON.parse(execFileSync(program, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
}
