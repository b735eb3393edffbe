import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CancelledError } from '../../../src/base/errors.ts';
import { exists, namesIn } from '../../../src/base/files.ts';
import type { ProgressStep } from '../../../src/base/progress.ts';
import { chooseBackend, tableOfBackends } from '../../../src/learning/backends/choose.ts';
import { BackendRefusal } from '../../../src/learning/backends/refusal.ts';
import { findRuntime, setUpFiles } from '../../../src/learning/backends/runtimes.ts';
import { planSetUp } from '../../../src/learning/backends/setUp/plan.ts';
import { setUpBackend } from '../../../src/learning/backends/setUp/setUp.ts';
import { nativeNodeVersion, statusOf } from '../../../src/learning/backends/status.ts';

const CLI = resolve(import.meta.dirname, '../../../dist/cli.js');

let runtimes = '';
const path = process.env['PATH'];
beforeEach(async () => {
  runtimes = await mkdtemp(join(tmpdir(), 'pairlab-runtimes-'));
  process.env['PAIRLAB_RUNTIMES'] = runtimes;
});
afterEach(async () => {
  delete process.env['PAIRLAB_NODE'];
  process.env['PATH'] = path;
  await rm(runtimes, { recursive: true, force: true });
});

/** A package in the runtime folder, with the version that is asked for and code of our own. */
async function putPackage(name: string, files: Record<string, string>, version = '4.22.0'): Promise<void> {
  const folder = join(runtimes, 'node_modules', name);
  const all = { 'package.json': JSON.stringify({ name, version }), ...files };
  for (const [file, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
}

const kernels = (code: string) => ({
  'lib/napi-v8/tfjs_binding.node': 'no library',
  'dist/nodejs_kernel_backend.js': code,
  'dist/register_all_kernels.js': '',
});

describe('the table of backends', () => {
  test('has a row for each, of which wasm is measured and the others say how to set them up', async () => {
    const { backends, chosen } = await tableOfBackends();
    expect(backends.map(({ name, state }) => `${name}: ${state}`)).toEqual([
      'tensorflow-gpu: not set up',
      'webgpu: not set up',
      'tensorflow: not set up',
      'wasm: ready',
    ]);
    expect(backends[0]?.next).toBe('Set it up: `pairlab backend setup tensorflow-gpu`.');
    const measured = backends[3]?.measured;
    expect(measured?.productError).toBeLessThan(1e-6);
    expect(measured?.gigaflops).toBeGreaterThan(0.5);
    expect(measured?.stepMs).toBe(measured?.wasmStepMs);
    expect(chosen).toBe('wasm');
  });

  test('is kept until something changes, and a fresh look is taken when it is asked for', async () => {
    const first = await statusOf('wasm');
    expect(await statusOf('wasm')).toEqual(first);
    expect((await statusOf('wasm', { fresh: true })).probed).not.toBe(first.probed);
  });

  test.each([
    ['a package of another version', '4.20.0', kernels(''), /is 4\.20\.0, and this PairLab works with 4\.22\.0/],
    ['a package without its addon', '4.22.0', {}, /has no addon for N-API \d+/],
    ['a library that cannot be loaded', '4.22.0', kernels(''), /^libtensorflow cannot be loaded: /],
  ])('has a row for %s', async (_, version, files, reason) => {
    await putPackage('@tensorflow/tfjs-node', files, version);
    const status = await statusOf('tensorflow');
    expect(status.state).toBe('refused');
    expect(status.reason).toMatch(reason);
    expect(status.next).toBe('Set it up again: `pairlab backend setup tensorflow`.');
  });

  test('has a row for a library that takes its process down', async () => {
    const crash = "process.kill(process.pid, 'SIGSEGV'); export const create = () => {};";
    await putPackage('webgpu', { 'index.js': crash, 'package.json': '{"version":"0.6.2","type":"module"}' });
    await putPackage('@tensorflow/tfjs-backend-webgpu', {});
    const { state, reason } = await statusOf('webgpu');
    expect(state).toBe('refused');
    expect(reason).toMatch(/^It took its process down \(SIGSEGV\)\./);
    const { name, refused } = await chooseBackend('auto');
    expect(name).toBe('wasm');
    expect(refused.map((each) => each.name)).toEqual(['tensorflow-gpu', 'webgpu', 'tensorflow']);
    await expect(chooseBackend('webgpu')).rejects.toBeInstanceOf(BackendRefusal);
  });

  test('has a row for a library that hangs, which is given up after two minutes', async () => {
    const begun = join(runtimes, 'begun');
    const hang = `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(begun)}, ''); for (;;);`;
    await putPackage('webgpu', { 'index.js': hang, 'package.json': '{"version":"0.6.2","type":"module"}' });
    await putPackage('@tensorflow/tfjs-backend-webgpu', {});
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const asked = statusOf('webgpu');
      while (!(await exists(begun))) await new Promise(setImmediate);
      vi.advanceTimersByTime(120_000);
      const { state, reason } = await asked;
      expect({ state, reason }).toEqual({ state: 'refused', reason: 'It did not answer within 120 seconds.' });
    } finally {
      vi.useRealTimers();
    }
  });

  test('refuses a configured Node that cannot be started, by a sentence that names it', async () => {
    process.env['PAIRLAB_NODE'] = '/no/such/node';
    await expect(nativeNodeVersion()).rejects.toThrow('The Node /no/such/node cannot be started.');
  });

  test('refuses a configured Node that is too old, before anything is loaded', async () => {
    const old = join(runtimes, 'node');
    await writeFile(old, '#!/bin/sh\necho v18.20.4\n');
    await chmod(old, 0o755);
    process.env['PAIRLAB_NODE'] = old;
    await expect(tableOfBackends()).rejects.toThrow(`The Node ${old} is v18.20.4. PairLab needs 20.12 or newer.`);
  });
});

describe('a set-up', () => {
  function isThere(pid: number): boolean {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  }

  /** An npm that writes what an installation would have written, or fails. */
  async function pretendNpm(script: string): Promise<void> {
    const folder = join(runtimes, 'bin');
    await mkdir(folder);
    await writeFile(join(folder, 'npm'), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, 'npm'), 0o755);
    process.env['PATH'] = `${folder}:${path}`;
  }

  /** A set-up of webgpu as one that has succeeded leaves it. */
  async function setUpBefore() {
    await putPackage('webgpu', {}, '0.6.2');
    await putPackage('@tensorflow/tfjs-backend-webgpu', {});
    const { folder, current } = setUpFiles('webgpu');
    await mkdir(join(folder, 'before'), { recursive: true });
    await rename(join(runtimes, 'node_modules'), join(folder, 'before', 'node_modules'));
    await writeFile(current, 'before\n');
    const runtime = await findRuntime('webgpu');
    expect(runtime?.packageFiles[0]).toContain(join(folder, 'before'));
    return { folder, current, runtime };
  }

  test('that fails leaves the one before as it is, and nothing of its own', async () => {
    const { folder, current, runtime } = await setUpBefore();
    await pretendNpm('echo "npm error network is unreachable" >&2; exit 1');
    const failure = setUpBackend(await planSetUp({ backend: 'webgpu' }), {});
    await expect(failure).rejects.toThrow(/npm failed:\nnpm error network is unreachable/);
    expect(await readFile(current, 'utf8')).toBe('before\n');
    expect((await namesIn(folder)).sort()).toEqual(['before', 'current']);
    expect(await findRuntime('webgpu')).toEqual(runtime);
  });

  test('that is cancelled leaves the one before as it is, and ends what npm has started', async () => {
    const { folder, runtime } = await setUpBefore();
    const child = join(runtimes, 'child');
    await pretendNpm(`sleep 1000 & echo $! > ${child}.tmp; mv ${child}.tmp ${child}; wait`);
    const cancel = new AbortController();
    const cancelled = expect(
      setUpBackend(await planSetUp({ backend: 'webgpu' }), { signal: cancel.signal }),
    ).rejects.toBeInstanceOf(CancelledError);
    while (!(await exists(child))) await new Promise(setImmediate);
    cancel.abort();
    await cancelled;
    expect((await namesIn(folder)).sort()).toEqual(['before', 'current']);
    expect(await findRuntime('webgpu')).toEqual(runtime);
    const pid = Number(await readFile(child, 'utf8'));
    await vi.waitUntil(() => !isThere(pid), { timeout: 60_000 });
  });

  test('that is killed leaves the one before at work, and the next one takes its rest away', async () => {
    const { folder, runtime } = await setUpBefore();
    const begun = join(runtimes, 'begun');
    await pretendNpm(`echo $$ > ${begun}.tmp; mv ${begun}.tmp ${begun}; exec sleep 1000`);
    const child = spawn(process.execPath, [CLI, 'backend', 'setup', 'webgpu', '--yes'], { stdio: 'ignore' });
    while (!(await exists(begun))) await new Promise(setImmediate);
    child.kill('SIGKILL');
    await once(child, 'close');
    process.kill(Number(await readFile(begun, 'utf8')), 'SIGKILL');
    expect(await namesIn(folder)).toHaveLength(3);
    expect(await findRuntime('webgpu')).toEqual(runtime);
    await rm(join(runtimes, 'bin'), { recursive: true });
    await pretendNpm('exit 1');
    await expect(setUpBackend(await planSetUp({ backend: 'webgpu' }), {})).rejects.toThrow('npm failed');
    expect((await namesIn(folder)).sort()).toEqual(['before', 'current']);
  });

  test('says that it fetches libtensorflow, and how to do without its host where that is out of reach', async () => {
    await pretendNpm(
      'case "$*" in *lock-only*) echo \'{"packages":{"":{},"a":{}}}\' > package-lock.json ;; ' +
        'ci*) echo "npm http fetch GET 200 https://registry.npmjs.org/a/-/a-1.0.0.tgz 9ms" >&2 ;; ' +
        '*) echo "getaddrinfo ENOTFOUND storage.googleapis.com" >&2; exit 1 ;; esac',
    );
    const stages: ProgressStep[] = [];
    const failure = setUpBackend(await planSetUp({ backend: 'tensorflow' }), {
      progress: (step) => stages.push(step),
    });
    await expect(failure).rejects.toThrow(
      'use an installed TensorFlow: `pairlab backend setup tensorflow --tensorflow <python environment>`',
    );
    expect(stages).toEqual([
      { stage: 'asking npm for versions', done: 0 },
      { stage: 'fetching packages', done: 1, total: 1 },
      { stage: 'fetching libtensorflow', done: 0 },
    ]);
  });

  test('names what building an addon lacks, with the command that installs it', async () => {
    const environment = join(runtimes, 'none');
    await expect(planSetUp({ backend: 'tensorflow', tensorflow: environment })).rejects.toThrow(
      `Python in ${environment}: \`python3 -m venv ${environment}\``,
    );
    await expect(planSetUp({ backend: 'webgpu', tensorflow: environment })).rejects.toThrow(
      'webgpu does not use TensorFlow',
    );
  });

  test('says what it would fetch before it fetches anything', async () => {
    const plan = await planSetUp({ backend: 'tensorflow-gpu' });
    expect(plan.fetches[0]).toBe('@tensorflow/tfjs-node-gpu@4.22.0');
    expect(plan.fetches[1]).toContain('libtensorflow 2.9.1');
    expect(await namesIn(runtimes)).toEqual([]);
  });
});
