import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJson } from '../../../src/base/files.ts';
import { loadDataset } from '../../../src/dataset/config.ts';
import { Snapshot } from '../../../src/dataset/snapshot.ts';
import { loadExperiment } from '../../../src/experiment/config.ts';
import { planRuns } from '../../../src/experiment/plan.ts';
import { runExperiment } from '../../../src/experiment/queue.ts';
import { RunReport, readRecord, runFiles } from '../../../src/experiment/runFolder.ts';
import { runsOf } from '../../../src/experiment/runs.ts';
import { NETWORKS } from '../../../src/learning/networks/encoders.ts';
import { execute, makeWorkspace, removeWorkspace, writeExperiment } from './workspace.ts';

let workspace: string;
beforeAll(async () => {
  workspace = await makeWorkspace();
});
afterAll(() => removeWorkspace(workspace));

/** A run that takes few steps, because networks over tokens are slow. */
const FEW = {
  ...{ inputs: 'media', shots: [1], testTasks: 2, validationTasks: 1 },
  ...{ iterations: 2, innerSteps: 2, adaptationSteps: 2, validateEvery: 1 },
};

async function idsOf(path: string): Promise<string[]> {
  const { records, snapshots } = await planRuns(await loadExperiment(path));
  snapshots.close();
  return records.map(({ id }) => id);
}

describe('an experiment over media', () => {
  it('trains a transformer from the command line, and its runs share what was decoded once', async () => {
    const experiment = await writeExperiment(workspace, 'tokens', { ...FEW, network: 'transformer', seeds: [0, 1] });
    const ended = await execute('cli', ['run', experiment]);
    expect(ended.code, ended.stderr).toBe(0);
    const runs = await runsOf(experiment);
    expect(runs.map(({ state }) => state)).toEqual(['finished', 'finished']);
    const { plan } = await readRecord(runs[0]?.folder ?? '');
    expect(plan).toMatchObject({ inputs: 'media', encoders: { source: 'pixels 1', target: 'words 1' } });
    expect(plan.settings.network).toBe('transformer');
    const dataset = await loadDataset(workspace);
    expect((await readdir(join(dataset.folder, 'media'))).sort()).toEqual(['image-pixels', 'text-words']);
    expect(await readdir(dataset.folder)).not.toContain('embeddings');
  });

  it.each(NETWORKS.filter((network) => network !== 'transformer'))('trains the network %s', async (network) => {
    const [run] = await runExperiment(await writeExperiment(workspace, network, { ...FEW, network }));
    expect(run).toMatchObject({ state: 'finished' });
    const report = await readJson(runFiles(run?.folder ?? '').report, RunReport);
    expect(report?.results).toMatchObject([{ shots: 1, accuracies: [expect.any(Number), expect.any(Number)] }]);
  });

  it('has runs of its own: inputs and network are part of what tells runs apart', async () => {
    const ids = await Promise.all(
      [{}, { inputs: 'media' }, { inputs: 'media', network: 'mixer' }, { network: 'linear' }].map(
        async (settings, at) =>
          (await idsOf(await writeExperiment(workspace, `same${at}`, { name: 'same', ...settings }))).join(),
      ),
    );
    expect(new Set(ids).size).toBe(4);
  });

  it('names in its report an item that can no longer be read, and goes on without it', async () => {
    const damaged = await makeWorkspace();
    try {
      const snapshot = await Snapshot.open(await loadDataset(damaged));
      const [, item] = await snapshot.items('image');
      snapshot.close();
      await writeFile(item?.location.path ?? '', 'this is no picture');
      const [run] = await runExperiment(await writeExperiment(damaged, 'damaged', FEW));
      const report = await readJson(runFiles(run?.folder ?? '').report, RunReport);
      expect(report?.notes).toContainEqual(
        expect.stringMatching(/^1 image item cannot be used and takes no part\. The first one: .*\.png /),
      );
    } finally {
      await removeWorkspace(damaged);
    }
  });

  it('is refused before any run starts when the network takes tokens and gets vectors', async () => {
    const experiment = await writeExperiment(workspace, 'refused', { network: 'transformer' });
    const ended = await execute('cli', ['run', experiment]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('"network" is transformer, which takes tokens, but "inputs" is embeddings');
  });
});
