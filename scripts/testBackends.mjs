/**
 * `npm run test:backends`: the conformance suite on WebGPU in software (SwiftShader, of Debian's chromium, with libvulkan1)
 * and on TensorFlow on the processor, where an installed TensorFlow is found: that of the Python environment in
 * PAIRLAB_TENSORFLOW, else of the python3 on the path. `npm run test:gpu`: on every GPU backend that is set up here.
 * What is not there is named, and the rest is run.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { build } from './build.mjs';
import { install } from './install.mjs';
import { at, main, node, succeed, tool } from './process.mjs';

const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const VULKAN = ['/usr/lib/x86_64-linux-gnu/libvulkan.so.1', '/usr/lib/aarch64-linux-gnu/libvulkan.so.1'];
/** Set-ups of these tests, which leave the user's alone. */
const runtimes = at('node_modules', '.cache', 'runtimes');
const cli = at('dist', 'cli.js');

await main(async () => {
  await install();
  await build();
  const suites = process.argv.includes('--gpu') ? await onGpu() : await withoutGpu();
  let failed = false;
  for (const { backend, env } of suites) {
    console.log(`\n── ${backend} ──`);
    const suite = ['run', '--project', 'engine', 'test/engine/conformance', '--testTimeout=600000'];
    const code = await tool('vitest', suite, { env: { ...process.env, ...env, PAIRLAB_TEST_BACKEND: backend } });
    failed ||= code !== 0;
  }
  if (suites.length === 0) console.log('Nothing was run.');
  if (failed) process.exitCode = 1;
});

async function withoutGpu() {
  const suites = [];
  if (existsSync(SWIFTSHADER) && VULKAN.some((path) => existsSync(path))) {
    await setUp('webgpu');
    const software = { VK_ICD_FILENAMES: SWIFTSHADER, PAIRLAB_SOFTWARE_ADAPTER: '1' };
    suites.push({ backend: 'webgpu', env: { PAIRLAB_RUNTIMES: runtimes, ...software } });
  } else {
    console.log('webgpu is left out: `sudo apt-get install chromium libvulkan1` brings a Vulkan in software.');
  }
  const python = pythonWithTensorflow();
  if (python === undefined) {
    console.log('tensorflow is left out: no Python with TensorFlow. Name an environment in PAIRLAB_TENSORFLOW.');
  } else {
    await setUp('tensorflow', '--tensorflow', python);
    suites.push({ backend: 'tensorflow', env: { PAIRLAB_RUNTIMES: runtimes } });
  }
  return suites;
}

async function onGpu() {
  const { backends } = JSON.parse(execFileSync(process.execPath, [cli, 'backend', '--json'], { encoding: 'utf8' }));
  const gpus = backends.filter(({ name }) => name === 'tensorflow-gpu' || name === 'webgpu');
  for (const { name, state, reason = '', next = '' } of gpus) {
    if (state !== 'ready') console.log(`${name} is left out: ${reason} ${next}`);
  }
  return gpus.filter(({ state }) => state === 'ready').map(({ name }) => ({ backend: name, env: {} }));
}

async function setUp(backend, ...more) {
  if (existsSync(`${runtimes}/${backend}/current`)) return;
  const env = { ...process.env, PAIRLAB_RUNTIMES: runtimes };
  await succeed(`Setting up ${backend}`, node(cli, ['backend', 'setup', backend, '--yes', ...more], { env }));
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
