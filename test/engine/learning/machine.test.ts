import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CancelledError } from '../../../src/base/errors.ts';
import { nvidiaDevice, nvidiaLoad } from '../../../src/learning/backends/nvidia.ts';
import { runTool } from '../../../src/learning/backends/setUp/tool.ts';
import { stampsOfAddons, writeLinked } from '../../../src/learning/backends/tensorflow/linked.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pairlab machine '));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** Puts a program of some lines of shell on the path. */
async function program(name: string, ...lines: readonly string[]): Promise<void> {
  const file = join(folder, name);
  await writeFile(file, ['#!/bin/sh', ...lines, ''].join('\n'));
  await chmod(file, 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH']}`);
}

describe('what nvidia-smi tells', () => {
  it('is the load of a GPU, and nothing where it does not say it', async () => {
    await program('nvidia-smi', 'echo "1024, 50"');
    expect(await nvidiaLoad()).toEqual({ memory: 2 ** 30, utilisation: 0.5 });
    await program('nvidia-smi', 'echo "1024, [N/A]"');
    expect(await nvidiaLoad()).toBeUndefined();
  });

  it('is of the first GPU that programs may see', async () => {
    await program('nvidia-smi', 'for word; do last=$word; done; echo "of $last, 16384, 550"');
    vi.stubEnv('CUDA_VISIBLE_DEVICES', '3,1');
    expect(await nvidiaDevice()).toEqual({ name: 'of --id=3', memory: 2 ** 34, driver: '550' });
  });
});

describe('a tool of the set-up', () => {
  it('ends with all that it has started when it is cancelled', async () => {
    const stop = new AbortController();
    const options = { cwd: folder, signal: stop.signal, hear: () => stop.abort() };
    // The child holds the output open: were it left alone, this would wait for it.
    await expect(runTool('sh', ['-c', 'sleep 600 & echo started; wait'], options)).rejects.toThrow(CancelledError);
  });
});

describe('what tells an addon from another', () => {
  it('changes when the addon is replaced, and when the library that it was built against is gone', async () => {
    const output = join(folder, 'lib', 'napi-v8');
    const library = join(folder, 'libtensorflow.so');
    await mkdir(output, { recursive: true });
    await writeFile(join(output, 'tfjs_binding.node'), 'addon');
    await writeFile(library, 'library');
    await writeLinked(output, [library]);
    const runtime = { name: 'tensorflow', packageFiles: [join(folder, 'package.json')], versions: {} } as const;
    const before = await stampsOfAddons(runtime);
    expect(await stampsOfAddons(runtime)).toEqual(before);
    await writeFile(join(output, 'tfjs_binding.node'), 'another addon');
    const replaced = await stampsOfAddons(runtime);
    expect(replaced).not.toEqual(before);
    await rm(library);
    expect(await stampsOfAddons(runtime)).toEqual([replaced[0], `${library} is gone`]);
  });
});
