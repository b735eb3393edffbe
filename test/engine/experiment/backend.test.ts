import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namesIn, writeJson } from '../../../src/base/files.ts';
import { runExperiment } from '../../../src/experiment/queue.ts';
import { runFiles } from '../../../src/experiment/runFolder.ts';
import { statusOf } from '../../../src/learning/backends/status.ts';
import type { BackendStatus } from '../../../src/protocol.ts';
import { makeWorkspace, removeWorkspace, writeExperiment } from './workspace.ts';

let workspace: string;

beforeAll(async () => {
  workspace = await makeWorkspace();
  process.env['PAIRLAB_RUNTIMES'] = join(workspace, 'runtimes');
  await pretendThatTensorflowWasThere();
});

afterAll(() => removeWorkspace(workspace));

/** Leaves a package without its addon, and an answer of the probe as it was when the addon was there. */
async function pretendThatTensorflowWasThere(): Promise<void> {
  const folder = join(workspace, 'runtimes', 'node_modules', '@tensorflow', 'tfjs-node');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"version":"4.22.0"}');
  const { probed = '' } = await statusOf('tensorflow');
  const status: BackendStatus = {
    ...{ name: 'tensorflow', state: 'ready', probed },
    measured: {
      ...{ device: { name: 'a processor' }, versions: {}, gigaflops: 100, productError: 0, stepError: 0 },
      ...{ stepMs: 1, wasmStepMs: 2 },
    },
  };
  const probes = join(workspace, 'runtimes', 'probes');
  for (const name of await namesIn(probes)) await writeJson(join(probes, name), status);
  expect(await statusOf('tensorflow')).toEqual(status);
}

describe('a run whose backend does not open', () => {
  const settings = { methods: ['scratch'], testTasks: 2, adaptationSteps: 2 };

  it('goes on with the next best where `auto` chose it, and its record and its log say why', async () => {
    const [run] = await runExperiment(await writeExperiment(workspace, 'chosen', settings));
    expect(run).toMatchObject({ state: 'finished', backend: { name: 'wasm', by: 'auto' } });
    const refused = run?.backend?.refused.at(-1);
    expect(refused).toMatchObject({ name: 'tensorflow', state: 'refused', measured: { stepMs: 1 } });
    expect(refused?.reason).toMatch(/^The probe had found it usable, but it does not open now: .* has no addon for/);
    expect(run?.backend?.status).toMatchObject({ name: 'wasm', state: 'ready' });
    expect(await readFile(runFiles(run?.folder ?? '').log, 'utf8')).toContain(
      `\`auto\` passes tensorflow over. ${refused?.reason}`,
    );
  });

  it('fails with the reason where the experiment names it', async () => {
    const named = await writeExperiment(workspace, 'named', { ...settings, backend: 'tensorflow' });
    const [run] = await runExperiment(named);
    expect(run?.state).toBe('failed');
    expect(run?.error).toMatch(/has no addon for .* Set it up again: `pairlab backend setup tensorflow`\.$/);
  });
});

it('a run that names wasm is not probed, and says that the experiment named it', async () => {
  const named = { methods: ['scratch'], testTasks: 2, adaptationSteps: 2, backend: 'wasm' };
  const [run] = await runExperiment(await writeExperiment(workspace, 'wasm', named));
  expect(run?.state).toBe('finished');
  expect(run?.backend).toMatchObject({ name: 'wasm', by: 'experiment', refused: [] });
  expect(run?.backend).not.toHaveProperty('status');
});
