import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { readJson } from '../../../src/base/files.ts';
import { loadDataset } from '../../../src/dataset/config.ts';
import { indexDataset } from '../../../src/dataset/indexer.ts';
import { readHistory } from '../../../src/experiment/events.ts';
import { RunReport, runFiles } from '../../../src/experiment/runFolder.ts';
import { listRuns } from '../../../src/experiment/runs.ts';
import { stopRun } from '../../../src/experiment/stop.ts';
import { writeSample } from '../../../src/sample/sample.ts';

const DIST = resolve(import.meta.dirname, '../../../dist');

const DATASET = `name: tiny
root: data
pairing:
  layout: stem
  items:
    image: "{split}/images/{class}/{stem}"
    text: "{split}/captions/{class}/{stem}"
  strength: strong
`;

/** A small experiment that takes a few seconds a run. */
export const SETTINGS = {
  source: 'image',
  target: 'text',
  methods: ['croma'],
  seeds: [0],
  ways: 2,
  shots: [1, 2],
  queries: 3,
  testTasks: 10,
  validationTasks: 2,
  adaptationSteps: 8,
  innerSteps: 4,
  iterations: 60,
  validateEvery: 25,
};

/** A folder with an indexed sample of pictures and captions. */
export async function makeWorkspace(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pairlab experiment '));
  await writeSample(folder, { classes: 12, pairsPerClass: 8 });
  await writeFile(join(folder, 'pairlab.yaml'), DATASET);
  await indexDataset(await loadDataset(folder));
  return folder;
}

/** Ends what still runs there first. */
export async function removeWorkspace(folder: string): Promise<void> {
  for (const run of await listRuns(folder)) await stopRun(run.folder);
  await rm(folder, { recursive: true, force: true });
}

/** JSON is YAML. */
export async function writeExperiment(folder: string, name: string, settings: object = {}): Promise<string> {
  const path = join(folder, `${name}.experiment.yaml`);
  await writeFile(path, JSON.stringify({ ...SETTINGS, ...settings }, null, 2));
  return path;
}

/** Executes a built program to its end. */
export async function execute(
  program: 'cli' | 'runner',
  args: readonly string[],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(DIST, `${program}.js`), ...args]);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const code = await new Promise<number | null>((end) => child.on('close', end));
  return { code, stdout, stderr };
}

/** All that a run has measured. */
export async function numbersOf(folder: string) {
  const report = await readJson(runFiles(folder).report, RunReport);
  const { curve, results } = await readHistory(runFiles(folder).events);
  return { tested: report?.results, selected: report?.selectedIteration, curve, results };
}

/** Looks until there is something; the test runner's own limit ends a wait in vain. */
export async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await setTimeout(50);
  }
}
