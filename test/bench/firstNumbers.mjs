/**
 * What stands between opening the alignment panel over a stored report and its first numbers (target: 1 s with the page):
 * the questions that the panel asks, of a new engine and of one that has answered them before. The walk through VS Code
 * (`test/vscode/walks/alignment.spec.ts`) prints the whole time.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importSources } from './support/bundle.mjs';
import { pairlab } from './support/pairlab.mjs';

const sizes = [6, 50];
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const { CancellationToken, EngineProcess } = await importSources(
  'firstNumbers',
  `export { EngineProcess } from './src/editor/engineProcess.ts';
   export { CancellationToken } from 'vscode-jsonrpc/node';`,
);

for (const pairsPerClass of sizes) {
  const folder = await mkdtemp(join(tmpdir(), 'pairlab bench '));
  try {
    pairlab('sample', folder, '--classes', '40', '--pairs-per-class', String(pairsPerClass));
    pairlab('init', folder);
    pairlab('index', folder);
    pairlab('align', folder);
    await measure(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measure(folder) {
  const silent = Object.fromEntries(
    ['progress', 'alignment/part', 'runs/changed', 'datasets/changed', 'log'].map((name) => [name, () => {}]),
  );
  const started = performance.now();
  const engine = new EngineProcess(cli, folder, { on: silent, onLine() {}, onExit() {} });
  const [dataset] = await ask(engine, 'dataset/list', {});
  const listed = performance.now();
  await open(engine, dataset);
  const first = performance.now();
  await open(engine, dataset);
  const again = performance.now();
  engine.stop();
  const [start, opened, reopened] = [listed - started, first - listed, again - first].map(inMs);
  const { count } = dataset.snapshot.pairs[0];
  console.log(`${count} pairs: engine started in ${start}, stored report read in ${opened}, once more in ${reopened}`);
}

/** As `AlignmentPanel` does. */
async function open(engine, { path: dataset, snapshot }) {
  const { first, second } = snapshot.pairs[0];
  const [newest] = await ask(engine, 'alignment/reports', { dataset, modalities: { first, second } });
  await Promise.all([
    ask(engine, 'alignment/report', { dataset, report: newest.id }),
    ask(engine, 'embedding/list', { dataset }),
    ask(engine, 'embedding/runs', { dataset }),
  ]);
}

function ask(engine, name, params) {
  return engine.request(name, params, CancellationToken.None);
}

function inMs(time) {
  return `${Math.round(time)} ms`;
}
