/**
 * The wall time of a whole experiment on a sample: five methods, k = 1, 5 and 10, three seeds, 200 test tasks each
 * (`TASKS`), text → image. PairLab runs as many cells at once as there are cores; beside it the same in PyTorch eager, a
 * script that does one cell after the other, where `python3` (or `PYTHON`) has it. Both begin with the vectors stored.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importSources } from './support/bundle.mjs';
import { pairlab } from './support/pairlab.mjs';

const TASKS = Number(process.env.TASKS ?? 200);
const METHODS = ['croma', 'align-classify', 'scratch', 'source-only', 'oracle'];

const { planRuns, loadExperiment, openLearningData } = await importSources(
  'experiment',
  `
    export { loadExperiment } from './src/experiment/config.ts';
    export { openLearningData } from './src/experiment/learningData.ts';
    export { planRuns } from './src/experiment/plan.ts';
  `,
);

const folder = mkdtempSync(join(tmpdir(), 'pairlab-bench-'));
try {
  const experiment = prepare();
  await writeFeatures(experiment);
  const { seconds, json } = pairlab('run', experiment);
  console.log(`PairLab:  ${seconds.toFixed(0)} s for ${json.runs.length} runs`);
  const theirs = timePyTorch();
  if (theirs !== undefined) console.log(`PairLab / PyTorch: ${(seconds / theirs).toFixed(2)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A sample, indexed and encoded, and its experiment file. */
function prepare() {
  const dataset = join(folder, 'sample');
  for (const args of [
    ['sample', dataset],
    ['init', dataset, '--force'],
    ['index', dataset],
    ['encode', dataset],
  ]) {
    pairlab(...args);
  }
  const file = join(dataset, 'bench.experiment.yaml');
  const text = [`source: text`, `target: image`, `methods: [${METHODS}]`, `testTasks: ${TASKS}`, ''].join('\n');
  writeFileSync(file, text);
  return file;
}

/** The vectors as PairLab trains on them, for others to read: float32 row by row, classes and pairs as JSON. */
async function writeFeatures(file) {
  const {
    snapshot,
    records: [first],
  } = await planRuns(await loadExperiment(file));
  const data = await openLearningData(snapshot, first.plan);
  for (const side of ['source', 'target']) {
    const { rows, gather } = data[side];
    writeFileSync(join(folder, `${side}.f32`), gather([...Array(rows).keys()]));
  }
  const pairs = data.pairs.map((pair) => [pair.source, pair.target, pair.class]);
  writeFileSync(join(folder, 'pairs.json'), JSON.stringify(pairs));
  data.close();
  snapshot.close();
}

/** Undefined where there is no PyTorch. */
function timePyTorch() {
  const python = process.env.PYTHON ?? 'python3';
  const script = fileURLToPath(new URL('./experiment.py', import.meta.url));
  const started = performance.now();
  const result = spawnSync(python, [script, folder, String(TASKS), ...METHODS], { encoding: 'utf8' });
  const seconds = (performance.now() - started) / 1000;
  if (result.status !== 0) {
    const reason = (result.error?.message ?? result.stderr).trim().split('\n').at(-1);
    console.log(`PyTorch is not compared: ${python} could not run it (${reason}).`);
    return undefined;
  }
  console.log(`PyTorch:  ${seconds.toFixed(0)} s for as many\n${result.stdout.trim()}`);
  return seconds;
}
