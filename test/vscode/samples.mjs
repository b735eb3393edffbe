/** Workspaces for the tests, made by the project's own command line from nothing. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cache } from '../../scripts/codeServer/versions.mjs';
import { at } from '../../scripts/process.mjs';

export const experimentName = 'small.experiment.yaml';

/** @param {number} iterations of meta-training */
const experiment = (iterations) => `dataset: pairlab.yaml
source: image
target: audio
methods:
  - croma
  - scratch
seeds: [0]
ways: 5
shots: [1, 3]
queries: 3
testTasks: 20
iterations: ${iterations}
validateEvery: 20
validationTasks: 5
`;

/** Few, for runs of which only the results matter. */
const FEW = 80;
/** So many that CROMA outlives a reload of the window on a fast machine, too. */
const MANY = 320;

/** As `pairlab sample` and `pairlab init` leave it, with an experiment file of many iterations; not indexed. */
export const sample = join(cache, 'sample');

/** The same, indexed, aligned and with a finished experiment of few iterations. */
export const finishedSample = join(cache, 'finished-sample');

/** Makes the sample anew. */
export async function makeSample(folder = sample, iterations = MANY) {
  await rm(folder, { recursive: true, force: true });
  await pairlab('sample', folder, '--classes', '40', '--pairs-per-class', '6');
  await pairlab('init', folder);
  await writeFile(join(folder, experimentName), experiment(iterations));
}

/** Makes the finished sample anew. */
export async function makeFinishedSample() {
  await makeSample(finishedSample, FEW);
  await pairlab('index', finishedSample);
  // The second is the one that is shown; the first stands beside it where reports are compared.
  await pairlab('align', finishedSample, '--map', 'procrustes');
  await pairlab('align', finishedSample);
  await pairlab('run', join(finishedSample, experimentName));
}

/** The sample in a folder of its own: a test may write there. */
export async function copyOfSample() {
  const folder = await mkdtemp(join(tmpdir(), 'pairlab-workspace-'));
  await cp(sample, folder, { recursive: true });
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }) };
}

/** Runs the command line; a failure carries what it printed. */
export async function pairlab(...args) {
  await promisify(execFile)(process.execPath, [at('dist', 'cli.js'), ...args]);
}
