/**
 * `npm run bench [-- name …]`: runs the benchmarks of this folder in turn, all of them when none is named. A name stands
 * for all that begin with it: `index` for `indexFiles`, `indexManifests` and `indexTar`.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const known = readdirSync(folder)
  .filter((file) => file.endsWith('.mjs') && file !== 'run.mjs')
  .map((file) => file.replace(/\.mjs$/, ''));
const named = process.argv.length > 2 ? process.argv.slice(2) : [''];

for (const name of named) {
  const chosen = known.filter((benchmark) => benchmark.startsWith(name));
  if (chosen.length === 0) fail(`No benchmark is called ${name}; there are ${known.join(', ')}.`);
  for (const benchmark of chosen) runBenchmark(benchmark);
}

function runBenchmark(name) {
  console.log(`\n── ${name} ──`);
  const { status } = spawnSync(process.execPath, [`${folder}${name}.mjs`], { stdio: 'inherit' });
  if (status !== 0) fail(`The benchmark ${name} failed.`);
}

function fail(sentence) {
  console.error(sentence);
  process.exitCode = 1;
}
