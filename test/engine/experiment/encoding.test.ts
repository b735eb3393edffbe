import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { computeAlignment } from '../../../src/alignment/computeAlignment.ts';
import { readJson } from '../../../src/base/files.ts';
import { loadDataset } from '../../../src/dataset/config.ts';
import { indexDataset } from '../../../src/dataset/indexer.ts';
import { Snapshot } from '../../../src/dataset/snapshot.ts';
import type { EmbeddingSet } from '../../../src/embedding/embeddingSet.ts';
import { embeddingSetsOf } from '../../../src/embedding/embeddingSets.ts';
import { embeddingsOf } from '../../../src/embedding/encodeSnapshot.ts';
import { networkFiles } from '../../../src/embedding/runs/runNetwork.ts';
import { encodingRunsOf } from '../../../src/experiment/encodingRuns.ts';
import { readHistory } from '../../../src/experiment/events.ts';
import { outlineLearningData } from '../../../src/experiment/learningData.ts';
import { runExperiment, startExperiment } from '../../../src/experiment/queue.ts';
import { RunReport, readRecord, runFiles, runsFolder } from '../../../src/experiment/runFolder.ts';
import { runsOf } from '../../../src/experiment/runs.ts';
import { Snapshots } from '../../../src/experiment/snapshots.ts';
import { stopRun } from '../../../src/experiment/stop.ts';
import { summariseRun } from '../../../src/experiment/summary.ts';
import { planEpisodes } from '../../../src/learning/episodes.ts';
import { retrieve } from '../../../src/learning/galleries.ts';
import { AlignmentQuestion } from '../../../src/protocol.ts';
import { execute, makeWorkspace, removeWorkspace, until, writeExperiment } from './workspace.ts';

/** Runs that take few steps. */
const FEW = {
  ...{ shots: [1], testTasks: 2, validationTasks: 1, iterations: 4, innerSteps: 2, adaptationSteps: 2 },
  transfer: { warmUpSteps: 1, embedderSteps: 1, fineTuneSteps: 1 },
};

let workspace: string;
/** The folders of finished runs, by method, and of one over media. */
const runs: Record<string, string> = {};

beforeAll(async () => {
  workspace = await makeWorkspace();
  const methods = ['croma', 'contrastive', 'scratch', 'frozen'];
  for (const run of await runExperiment(await writeExperiment(workspace, 'heads', { ...FEW, methods }))) {
    expect(run).toMatchObject({ state: 'finished' });
    runs[run.method] = run.folder;
  }
  const tokens = { ...FEW, inputs: 'media', network: 'mixer', iterations: 2, validateEvery: 1 };
  const [run] = await runExperiment(await writeExperiment(workspace, 'tokens', tokens));
  expect(run).toMatchObject({ state: 'finished' });
  runs['media'] = run?.folder ?? '';
});
afterAll(() => removeWorkspace(workspace));

const runOf = (name: string): string => runs[name] ?? '';

async function openSnapshot(folder = workspace): Promise<Snapshot> {
  const snapshot = await Snapshot.open(await loadDataset(folder));
  onTestFinished(() => snapshot.close());
  return snapshot;
}

/** A copy of the workspace with all its runs, and without embedding sets. */
async function copyWorkspace(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'pairlab copy '));
  onTestFinished(() => removeWorkspace(copy));
  await cp(workspace, copy, { recursive: true, filter: (path) => basename(path) !== 'embeddings' });
  return copy;
}

function inCopy(copy: string, name: string): string {
  return join(runsFolder(copy), basename(runOf(name)));
}

/** Recall among the galleries of a run, with the vectors of two embedding sets in the place of its network. */
async function recallBy(folder: string, snapshot: Snapshot, source: EmbeddingSet, target: EmbeddingSet) {
  const { plan } = await readRecord(folder);
  const outline = await outlineLearningData(await Snapshots.open(snapshot.dataset), plan);
  const { galleries } = planEpisodes(outline, plan.settings);
  const sets = { source, target };
  const items = { source: await snapshot.items('image'), target: await snapshot.items('text') };
  return await retrieve(galleries, async (side, rows) =>
    rows.map((row) => {
      const { ids, vectors, dimensions } = sets[side];
      const at = ids.indexOf(items[side][row]?.id ?? '');
      return vectors.subarray(at * dimensions, (at + 1) * dimensions);
    }),
  );
}

describe('the network of a run as an encoder', () => {
  it.each([
    ['embeddings', 'croma'],
    ['media', 'media'],
  ])('over %s gives the vectors by which the run itself retrieved new classes', async (_, name) => {
    const folder = runOf(name);
    const snapshot = await openSnapshot();
    const image = await embeddingsOf(snapshot, 'image', { encoder: folder });
    const text = await embeddingsOf(snapshot, 'text', { encoder: folder });
    const { id } = await readRecord(folder);
    expect(
      [image, text].map(({ ids, dimensions, space, encoder }) => [ids.length, dimensions, space, encoder]),
    ).toEqual([image, text].map(() => [96, 64, id, id]));
    const report = await readJson(runFiles(folder).report, RunReport);
    expect(report?.retrieval.length).toBe(4);
    expect(await recallBy(folder, snapshot, image, text)).toEqual(report?.retrieval);
    expect(await embeddingsOf(snapshot, 'image', { encoder: id })).toEqual(image);
  });

  it('writes the sets of both modalities from the command line, which are compared as one space', async () => {
    const folder = runOf('contrastive');
    const encoded = await execute('cli', ['encode', workspace, '--encoder', folder]);
    expect(encoded.code, encoded.stderr).toBe(0);
    expect(encoded.stdout).toMatch(/learned to bring image and text items into one space\. .* meta-training classes/);
    const snapshot = await openSnapshot();
    const { id } = await readRecord(folder);
    const sets = (await embeddingSetsOf(snapshot)).filter(({ name }) => name === id);
    expect(sets.map(({ modality, space }) => [modality, space])).toEqual([
      ['image', id],
      ['text', id],
    ]);
    const modalities = { first: 'image', second: 'text' } as const;
    const report = await computeAlignment(
      snapshot,
      AlignmentQuestion.parse({ modalities, encoders: { first: id, second: id } }),
    );
    expect(report.comparison).toEqual({ space: 'shared' });
    expect(report.notes.filter((note) => /one space/.test(note))).toHaveLength(1);
  });

  it('of a method that brings nothing together is compared after a map', async () => {
    const { space, notes } = await embeddingsOf(await openSnapshot(), 'text', { encoder: runOf('scratch') });
    expect(space).toBeUndefined();
    expect(notes?.[0]).toMatch(/^Nothing in scratch brings image and text items into one space/);
  });

  it('is refused for a method that embeds nothing, and for a modality that it does not know', async () => {
    const refused = await execute('cli', ['encode', workspace, '--encoder', runOf('frozen')]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('holds no network that embeds both modalities');
    await expect(embeddingsOf(await openSnapshot(), 'audio', { encoder: runOf('croma') })).rejects.toThrow(
      'embeds image and text items, and no audio items',
    );
  });

  it('is there for a run that was stopped, and encodes again after the run went on', async () => {
    // Validated after the last iteration only: a run that is stopped before keeps its last network, not its best one.
    const settings = { ...FEW, iterations: 600, validateEvery: 600 };
    const experiment = await writeExperiment(workspace, 'stopped', settings);
    await startExperiment(experiment, { detach: true });
    const folder = await until(async () => {
      const [run] = await runsOf(experiment);
      return run !== undefined && (await readHistory(runFiles(run.folder).events)).curve.length > 0 && run.folder;
    });
    await stopRun(folder);
    expect(await summariseRun(folder)).toMatchObject({ state: 'stopped' });
    const snapshot = await openSnapshot();
    const early = await embeddingsOf(snapshot, 'text', { encoder: folder });
    await runExperiment(experiment);
    const late = await embeddingsOf(snapshot, 'text', { encoder: early.encoder });
    expect(late.vectors).not.toEqual(early.vectors);
  });

  it('goes on where a stopped run was', async () => {
    const folder = runOf('media');
    const snapshot = await openSnapshot();
    const stop = new AbortController();
    const first = embeddingsOf(snapshot, 'text', {
      encoder: folder,
      name: 'again',
      signal: stop.signal,
      progress: ({ stage }) => stage === 'encoding text items' && stop.abort(),
    });
    await expect(first).rejects.toThrow('Stopped as asked');
    const left = (await readdir(join(snapshot.dataset.folder, 'embeddings'))).filter((name) => name.endsWith('.left'));
    expect(left).toHaveLength(1);
    const steps: number[] = [];
    const set = await embeddingsOf(snapshot, 'text', {
      encoder: folder,
      name: 'again',
      progress: ({ stage, done }) => void (stage === 'encoding text items' && steps.push(done)),
    });
    expect(steps).toEqual([96]);
    expect(set.vectors).toEqual((await embeddingsOf(snapshot, 'text', { encoder: folder, name: 'whole' })).vectors);
  });

  it('over vectors that are fitted on the items is refused for other items; over media it encodes them', async () => {
    const changed = await copyWorkspace();
    const before = await openSnapshot(changed);
    const [one] = await before.items('text');
    await writeFile(one?.location.path ?? '', 'something else');
    await indexDataset(await loadDataset(changed));
    const after = await openSnapshot(changed);
    await expect(embeddingsOf(after, 'text', { encoder: inCopy(changed, 'croma') })).rejects.toThrow(
      /was trained on vectors of ngrams 1, which is fitted on the text items, and the items of tiny are others/,
    );
    expect((await embeddingsOf(after, 'text', { encoder: inCopy(changed, 'media') })).ids).toHaveLength(96);
  });

  it('is found among the runs of its dataset until the run is gone', async () => {
    const own = await copyWorkspace();
    const folder = inCopy(own, 'croma');
    const dataset = await loadDataset(own);
    const { id: run } = await readRecord(folder);
    const found = await encodingRunsOf(dataset);
    expect(found).toContainEqual({ run, folder, method: 'croma', source: 'image', target: 'text' });
    expect(found.map(({ method }) => method)).not.toContain('frozen');
    await rm(networkFiles(folder).record);
    expect(await encodingRunsOf(dataset)).toEqual(found.filter((one) => one.run !== run));
    expect(await encodingRunsOf({ ...dataset, path: join(own, 'other.pairlab.yaml') })).toEqual([]);
  });
});
