/** `npm run bench [-- name …]`: runs the benchmarks of this folder in turn, all of them when none is named. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const known = readdirSync(folder)
  .filter((file) => file.endsWith('.mjs') && file !== 'run.mjs')
  .map((file) => file.replace(/\.mjs$/, ''));
const chosen = process.argv.length > 2 ? process.argv.slice(2) : known;

for (const name of chosen) {
  if (known.includes(name)) runBenchmark(name);
  else fail(`No benchmark is called ${name}; there are ${known.join(', ') || 'none yet'}.`);
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
