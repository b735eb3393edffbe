/**
 * The ring of the other compute backends: the conformance suite on WebGPU in software (SwiftShader, of Debian's chromium, with
 * libvulkan1) and on TensorFlow on the processor, where an installed TensorFlow is found: that of the Python environment in
 * PAIRLAB_TENSORFLOW, else of the python3 on the path. What is not there counts as one test skipped, with its reason.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { build } from '../build.mjs';
import { at, node, succeed } from '../process.mjs';
import { add, nothing } from './tally.mjs';
import { runVitest } from './vitest.mjs';

const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const LIBRARIES = '/usr/lib';
/** Set-ups of these tests, which leave the user's alone. */
const runtimes = at('node_modules', '.cache', 'runtimes');
const cli = at('dist', 'cli.js');

const SUITE = 'test/engine/conformance';
const EVERYTHING = [SUITE];
const AGAINST_FLOAT64 = ['compute', 'layers', 'losses', 'steps'].map((part) => `${SUITE}/${part}.test.ts`);

/**
 * @param {boolean} isNamed then SwiftShader computes everything too, for which it takes a quarter of an hour or more
 * @returns {Promise<import('./tally.mjs').Tally>}
 */
export async function backendsRing(isNamed) {
  await build();
  return add(await onWebgpu(isNamed ? EVERYTHING : AGAINST_FLOAT64), await onTensorflow(EVERYTHING));
}

/** On the GPUs of this machine, with the backends that its user has set up. @returns {Promise<import('./tally.mjs').Tally>} */
export async function gpuRing() {
  await build();
  const { backends } = JSON.parse(execFileSync(process.execPath, [cli, 'backend', '--json'], { encoding: 'utf8' }));
  let tally = nothing;
  for (const { name, state, reason = '', next = '' } of backends) {
    if (name !== 'tensorflow-gpu' && name !== 'webgpu') continue;
    tally = add(
      tally,
      state === 'ready' ? await conformance(name, EVERYTHING, {}) : leftOut(name, `${reason} ${next}`),
    );
  }
  return tally;
}

async function onWebgpu(parts) {
  if (!existsSync(SWIFTSHADER) || !(await hasVulkan())) {
    return leftOut('webgpu', '`sudo apt-get install chromium libvulkan1` brings a Vulkan in software.');
  }
  await setUp('webgpu');
  return await conformance('webgpu', parts, {
    PAIRLAB_RUNTIMES: runtimes,
    VK_ICD_FILENAMES: SWIFTSHADER,
    PAIRLAB_SOFTWARE_ADAPTER: '1',
  });
}

async function onTensorflow(parts) {
  const python = pythonWithTensorflow();
  if (python === undefined) {
    return leftOut('tensorflow', 'no Python with TensorFlow. Name an environment in PAIRLAB_TENSORFLOW.');
  }
  await setUp('tensorflow', '--tensorflow', python);
  return await conformance('tensorflow', parts, { PAIRLAB_RUNTIMES: runtimes });
}

/** Long limits: SwiftShader compiles each kernel on the processor. */
async function conformance(backend, parts, env) {
  console.log(`\n── conformance on ${backend} ──`);
  const args = ['--project', 'engine', ...parts, '--testTimeout=600000'];
  return await runVitest(`conformance-${backend}`, args, { ...env, PAIRLAB_TEST_BACKEND: backend });
}

function leftOut(backend, reason) {
  console.log(`Conformance on ${backend} is skipped: ${reason}`);
  return { ...nothing, skipped: 1 };
}

async function setUp(backend, ...more) {
  if (existsSync(`${runtimes}/${backend}/current`)) return;
  const env = { ...process.env, PAIRLAB_RUNTIMES: runtimes };
  await succeed(`Setting up ${backend}`, node(cli, ['backend', 'setup', backend, '--yes', ...more], { env }));
}

/** In the folder of this machine's architecture, such as x86_64-linux-gnu. */
async function hasVulkan() {
  const folders = await readdir(LIBRARIES).catch(() => []);
  return folders.some((folder) => existsSync(`${LIBRARIES}/${folder}/libvulkan.so.1`));
}

function pythonWithTensorflow() {
  const asked = process.env.PAIRLAB_TENSORFLOW;
  if (asked !== undefined) return asked;
  const look = 'import importlib.util, sys; print(sys.executable if importlib.util.find_spec("tensorflow") else "")';
  try {
    return execFileSync('python3', ['-c', look], { encoding: 'utf8', stdio: 'pipe' }).trim() || undefined;
  } catch {
    return undefined;
  }
}
