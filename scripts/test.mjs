/**
 * `npm test`: everything that must pass. `npm test -- unit engine` runs these rings only; `gpu` runs when it is named.
 * The last line is the sum over all rings; the exit code is 1 when anything failed.
 */
import { install } from './install.mjs';
import { main } from './process.mjs';
import { backendsRing, gpuRing } from './rings/backends.mjs';
import { checks } from './rings/checks.mjs';
import { add, check, line, nothing } from './rings/tally.mjs';
import { vitestRing } from './rings/vitest.mjs';
import { vscodeRing } from './rings/vscode.mjs';

const rings = {
  checks,
  unit: () => vitestRing('unit'),
  engine: () => vitestRing('engine'),
  backends: backendsRing,
  vscode: vscodeRing,
  gpu: gpuRing,
};
/** Needs a machine that few have. */
const ONLY_WHEN_NAMED = ['gpu'];

await main(async () => {
  const named = process.argv.slice(2);
  const names = chosen(named);
  await install();
  const tallies = [];
  for (const name of names) {
    console.log(`\n── ${name} ──`);
    tallies.push({ name, tally: await tallyOf(name, named.includes(name)) });
  }
  console.log();
  for (const { name, tally } of tallies) console.log(`${name}: ${line(tally)}`);
  const sum = tallies.map(({ tally }) => tally).reduce(add, nothing);
  console.log(line(sum));
  if (sum.failed > 0) process.exitCode = 1;
});

/** A ring that cannot even start has failed. */
async function tallyOf(name, isNamed) {
  try {
    return await rings[name](isNamed);
  } catch (error) {
    console.error(error.message);
    return check(false);
  }
}

function chosen(names) {
  const known = Object.keys(rings);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`No ring is called ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  return known.filter((name) => (names.length > 0 ? names.includes(name) : !ONLY_WHEN_NAMED.includes(name)));
}
