/**
 * The ring of the other compute backends: the conformance suite on WebGPU in software (SwiftShader, of Debian's chromium, with
 * libvulkan1) and on TensorFlow on the processor, where an installed TensorFlow is found: that of the Python environment in
 * PAIRLAB_TENSORFLOW, else of the python3 on the path. What is not there counts as one test skipped, with its reason.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { build } from '../build.mjs';
import { at, node, succeed } from '../process.mjs';
import { add, nothing } from './tally.mjs';
import { runVitest } from './vitest.mjs';

const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const LIBRARIES = '/usr/lib';
/** Set-ups of these tests, which leave the user's alone: a folder for each backend and all the versions that it is made of. */
const cache = at('node_modules', '.cache', 'runtimes');
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
  return await conformance('webgpu', parts, {
    PAIRLAB_RUNTIMES: await setUp('webgpu', ['webgpu', '@tensorflow/tfjs-backend-webgpu']),
    VK_ICD_FILENAMES: SWIFTSHADER,
    PAIRLAB_SOFTWARE_ADAPTER: '1',
  });
}

async function onTensorflow(parts) {
  const found = pythonWithTensorflow();
  if (found === undefined) {
    return leftOut('tensorflow', 'no Python with TensorFlow. Name an environment in PAIRLAB_TENSORFLOW.');
  }
  const { python, version } = found;
  const folder = await setUp('tensorflow', ['@tensorflow/tfjs-node'], { python, version });
  return await conformance('tensorflow', parts, { PAIRLAB_RUNTIMES: folder });
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

/**
 * Sets a backend up, unless that was done with the same packages and the same TensorFlow.
 * @param {string} backend
 * @param {readonly string[]} packages of it
 * @param {{ python: string, version: string } | undefined} tensorflow that its addon is built against
 * @returns {Promise<string>} the folder of the set-up
 */
async function setUp(backend, packages, tensorflow) {
  const { peerDependencies } = JSON.parse(await readFile(at('package.json'), 'utf8'));
  const madeOf = { packages: packages.map((name) => [name, peerDependencies[name]]), tensorflow };
  const key = createHash('sha256').update(JSON.stringify(madeOf)).digest('hex').slice(0, 8);
  const folder = `${cache}/${backend}-${key}`;
  if (existsSync(`${folder}/${backend}/current`)) return folder;
  await removeSetUps(backend);
  const env = { ...process.env, PAIRLAB_RUNTIMES: folder };
  const against = tensorflow === undefined ? [] : ['--tensorflow', tensorflow.python];
  await succeed(`Setting up ${backend}`, node(cli, ['backend', 'setup', backend, '--yes', ...against], { env }));
  return folder;
}

/** Those of other versions, which nothing uses any more: each is a hundred megabytes and more. */
async function removeSetUps(backend) {
  const names = await readdir(cache).catch(() => []);
  const others = names.filter((name) => new RegExp(`^${backend}(-[0-9a-f]{8})?$`).test(name));
  await Promise.all(others.map((name) => rm(`${cache}/${name}`, { recursive: true, force: true })));
}

/** In the folder of this machine's architecture, such as x86_64-linux-gnu. */
async function hasVulkan() {
  const folders = await readdir(LIBRARIES).catch(() => []);
  return folders.some((folder) => existsSync(`${LIBRARIES}/${folder}/libvulkan.so.1`));
}

/** Looks without importing it, which would take seconds. */
const LOOK = `
import json, sys
from importlib import metadata
names = ["tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tensorflow-macos", "tf-nightly"]
known = [(str(found.metadata["Name"]).replace("_", "-"), found.version) for found in metadata.distributions()]
versions = [version for name, version in known if name in names]
print(json.dumps({"python": sys.executable, "version": versions[0]}))
`;

/** @returns {{ python: string, version: string } | undefined} the interpreter, and which TensorFlow it has */
function pythonWithTensorflow() {
  const asked = process.env.PAIRLAB_TENSORFLOW;
  const candidates = asked === undefined ? ['python3'] : [`${asked}/bin/python3`, asked];
  for (const python of candidates) {
    try {
      return JSON.parse(execFileSync(python, ['-I', '-c', LOOK], { encoding: 'utf8', stdio: 'pipe' }));
    } catch {
      // It is not there, or has no TensorFlow.
    }
  }
  if (asked !== undefined) throw new Error(`PAIRLAB_TENSORFLOW is ${asked}, which is no Python with TensorFlow.`);
  return undefined;
}
