import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDataset } from '../../../src/dataset/config.ts';
import { Snapshot } from '../../../src/dataset/snapshot.ts';
import { embeddingsOf } from '../../../src/embedding/encodeSnapshot.ts';
import { loadExperiment } from '../../../src/experiment/config.ts';
import { planRuns } from '../../../src/experiment/plan.ts';
import { runExperiment } from '../../../src/experiment/queue.ts';
import { readRecord } from '../../../src/experiment/runFolder.ts';
import { makeWorkspace, removeWorkspace, writeExperiment } from './workspace.ts';

let workspace: string;
beforeAll(async () => {
  workspace = await makeWorkspace();
});
afterAll(() => removeWorkspace(workspace));

const FEW = { shots: [1], testTasks: 2, validationTasks: 1, iterations: 2, innerSteps: 2, adaptationSteps: 2 };

async function idsOf(settings: object): Promise<string> {
  const path = await writeExperiment(workspace, 'ids', settings);
  const { records, snapshots } = await planRuns(await loadExperiment(path));
  snapshots.close();
  return records.map(({ id }) => id).join();
}

describe('an experiment that names an encoder', () => {
  it('trains on its vectors, and its network encodes items from them', async () => {
    const settings = { ...FEW, encoders: { image: 'patches-pca' } };
    const [run] = await runExperiment(await writeExperiment(workspace, 'pca', settings));
    expect(run).toMatchObject({ state: 'finished' });
    const { plan } = await readRecord(run?.folder ?? '');
    expect(plan.encoders.source).toBe('patches-pca 1');
    const dataset = await loadDataset(workspace);
    const stored = await readdir(join(dataset.folder, 'embeddings'));
    expect(stored).toContain('image-patches-pca');
    expect(stored).not.toContain('image-patches');
    const snapshot = await Snapshot.open(dataset);
    try {
      const items = await snapshot.items('image');
      const { ids, dimensions } = await embeddingsOf(snapshot, 'image', { encoder: run?.folder });
      expect(ids).toHaveLength(items.length);
      expect(dimensions).toBe(64);
    } finally {
      snapshot.close();
    }
  });

  it('has runs of its own, and with the default encoder those of an experiment that names none', async () => {
    const unnamed = await idsOf({});
    expect(await idsOf({ encoders: { image: 'patches' } })).toBe(unnamed);
    expect(await idsOf({ encoders: { image: 'patches-pca' } })).not.toBe(unnamed);
  });
});
