import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadDataset } from '../../../src/dataset/config.ts';
import { indexDataset } from '../../../src/dataset/indexer.ts';
import { initDataset } from '../../../src/dataset/propose.ts';
import { adviseOn } from '../../../src/experiment/advice.ts';
import { runExperiment } from '../../../src/experiment/queue.ts';
import { reportExperiment } from '../../../src/experiment/report.ts';
import { readRecord } from '../../../src/experiment/runFolder.ts';
import { writeSample } from '../../../src/sample/sample.ts';
import { execute, SETTINGS } from './workspace.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pairlab apart '));
  await makeDataset('pictures', { seed: 1, classes: 8 });
  await makeDataset('sounds', { seed: 2, classes: 6 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function makeDataset(name: string, options: { seed: number; classes: number }): Promise<void> {
  const place = join(folder, name);
  await mkdir(place);
  await writeSample(place, { ...options, pairsPerClass: 6 });
  await initDataset(place, { force: true });
  await indexDataset(await loadDataset(place));
}

const FEW = {
  ...SETTINGS,
  ...{ sourceDataset: '../pictures', source: 'image', target: 'audio', inputs: 'patches' },
  ...{ methods: ['mona', 'fine-tune'], shots: [2], testTasks: 2, validationClasses: 0, testClasses: 3, iterations: 2 },
  transfer: { embedder: 'source', warmUpSteps: 1, embedderSteps: 1, fineTuneSteps: 1 },
};

async function writeExperiment(name: string, settings: object = {}): Promise<string> {
  const path = join(folder, 'sounds', `${name}.experiment.yaml`);
  await writeFile(path, JSON.stringify({ ...FEW, ...settings }, null, 2));
  return path;
}

test('a model of one dataset’s pictures is moved to another dataset’s sounds, and the report says so', async () => {
  const experiment = await writeExperiment('moved');
  const runs = await runExperiment(experiment);
  expect(runs.map(({ state, error }) => error ?? state)).toEqual(['finished', 'finished']);
  const { plan, dataset, sourceDataset } = await readRecord(runs[0]?.folder ?? '');
  expect([dataset, sourceDataset]).toEqual(['pairlab.yaml', '../pictures/pairlab.yaml']);
  expect(plan.encoders).toEqual({ source: 'pixels 1', target: 'spectrum-patches 1' });
  expect(plan.sourceData).not.toBe(plan.data);
  const { report, files } = await reportExperiment(experiment);
  // Three of the sounds' classes are for the test; of the eight classes of pictures they are left out of training.
  expect(report.classes).toEqual({ train: 5, validation: 0, test: 3 });
  const text = await readFile(files.markdown, 'utf8');
  expect(text).toContain('new audio classes, after training with image labels of another dataset.');
  expect(text).toContain(join(folder, 'pictures', 'pairlab.yaml'));
});

test('a method that needs pairs, advice on pairs, and the dataset itself as its source are refused', async () => {
  const croma = await execute('cli', ['run', await writeExperiment('croma', { methods: ['croma'] })]);
  expect(croma.code).toBe(2);
  expect(croma.stderr).toContain(
    '"methods" names croma, which learn from pairs, and with "sourceDataset" there are none',
  );
  await expect(adviseOn(await writeExperiment('advice'))).rejects.toThrow(/items of two datasets make no pairs/);
  const same = await writeExperiment('same', { sourceDataset: 'pairlab.yaml' });
  await expect(runExperiment(same)).rejects.toThrow(
    /`sourceDataset` is .*pairlab\.yaml, as `dataset` is\. Leave it out/,
  );
});

test('another source is another run, and the experiment is planned anew when the source has changed', async () => {
  const before = await runExperiment(await writeExperiment('changed', { methods: ['fine-tune'] }));
  await rm(join(folder, 'pictures'), { recursive: true });
  await makeDataset('pictures', { seed: 3, classes: 8 });
  const after = await runExperiment(await writeExperiment('changed', { methods: ['fine-tune'] }));
  expect(after.map(({ state }) => state)).toEqual(['finished']);
  expect(after[0]?.id).not.toBe(before[0]?.id);
});
