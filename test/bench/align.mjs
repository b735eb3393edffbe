/**
 * The alignment metrics on 10,000 × 512 vectors (`ROWS`, `COLUMNS`) that are two noisy views of one thing, beside the same
 * in NumPy and faiss with two threads where `python3` (or `PYTHON`) has them: 5-fold ridge maps with six strengths and
 * ranks both ways, linear CKA, mutual 10-NN and the uniformity of both sides. With `LARGE=1` also 100,000 × 512: first the
 * whole command `pairlab align --space shared` in a process of its own, its time and its largest resident memory; then
 * exact ranks both ways, two principal components, held-out ranks both ways by 5-fold ridge maps, and the largest resident
 * memory of it all. `LARGE=command` measures the command alone.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importSources } from './support/bundle.mjs';
import { pairlab as command } from './support/pairlab.mjs';

const ROWS = Number(process.env.ROWS ?? 10_000);
const COLUMNS = Number(process.env.COLUMNS ?? 512);
const ROUNDS = 3;
const LARGE = 100_000;
const VALIDATION = { folds: 5, seed: 0, relevance: 'instance' };

const pairlab = await importSources(
  'align',
  `
    export { ckaOfMoments } from './src/alignment/cka.ts';
    export { crossValidate } from './src/alignment/crossValidation.ts';
    export { principalComponents } from './src/alignment/pca.ts';
    export { rankAcrossBothWays } from './src/alignment/products/acrossPass.ts';
    export { withProducts } from './src/alignment/products/pool.ts';
    export { asUnits } from './src/alignment/products/rows.ts';
    export { compareRows, sharedNeighbours, uniformityOf } from './src/alignment/products/withinPass.ts';
    export { sharedZeros } from './src/base/matrix.ts';
    export { writeNpy } from './src/base/npy.ts';
    export { Random } from './src/base/random.ts';
  `,
);

const folder = mkdtempSync(join(tmpdir(), 'pairlab-bench-'));
try {
  if (process.env.LARGE !== 'command') await compare();
  if (process.env.LARGE !== undefined) await measureCommand();
  if (process.env.LARGE === '1') await measureLarge();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** By turns, because the speed of a machine drifts. */
async function compare() {
  const [a, b] = twoViews(ROWS, COLUMNS);
  const files = [a, b].map((matrix, side) => {
    const file = join(folder, `${side}.f32`);
    writeFileSync(file, matrix.data);
    return file;
  });
  console.log(`alignment of ${ROWS.toLocaleString('en')} × ${COLUMNS}`);
  const ratios = [];
  for (let round = 0; round < ROUNDS; round++) {
    const ours = await measure(a, b);
    tell('PairLab', ours);
    const theirs = measureNumpy(files);
    if (theirs === undefined) {
      console.log(
        'There is no Python with NumPy and faiss here (PYTHON names one), so there is nothing to compare with.',
      );
      return;
    }
    tell('NumPy and faiss, two threads', theirs);
    ratios.push(total(ours) / total(theirs));
  }
  const median = ratios.toSorted((x, y) => x - y)[Math.floor(ROUNDS / 2)];
  console.log(`PairLab takes ${median.toFixed(2)} times as long, the median of ${ROUNDS} rounds.`);
}

async function measure(a, b) {
  return await pairlab.withProducts(async (products) => {
    const [seconds, results] = [{}, {}];
    const time = async (name, work) => {
      const started = performance.now();
      results[name] = await work();
      seconds[name] = (performance.now() - started) / 1000;
    };
    let moments;
    await time('retrieval', async () => {
      const validated = await pairlab.crossValidate(products, dataOf(a, b), VALIDATION);
      moments = validated.moments;
      return [validated.forward, validated.backward].map(
        ({ ranked }) => ranked.filter(({ rank }) => rank <= 10).length / ranked.length,
      );
    });
    await time('geometry', () => [pairlab.ckaOfMoments(moments, { matrix: a }, { matrix: b }).linear]);
    const within = [];
    await time('neighbours and uniformity', async () => {
      for (const matrix of [a, b]) {
        const rows = pairlab.asUnits({ matrix });
        within.push(await pairlab.compareRows(products, { rows, nearest: 10, closeness: true }));
      }
      return [pairlab.sharedNeighbours(within[0].nearest, within[1].nearest), ...within.map(pairlab.uniformityOf)];
    });
    return { seconds, results };
  });
}

/** Each row of one matrix is paired with that of the other. */
function dataOf(first, second) {
  const itemOf = Uint32Array.from({ length: first.rows }, (_, row) => row);
  return { pairs: Array.from(itemOf, () => ({})), first, second, firstOf: itemOf, secondOf: itemOf };
}

function measureNumpy(files) {
  const script = fileURLToPath(new URL('support/align.py', import.meta.url));
  const { stdout, status } = spawnSync(process.env.PYTHON ?? 'python3', [script, ...files, ROWS, COLUMNS]);
  return status === 0 ? JSON.parse(stdout.toString()) : undefined;
}

/** All that a person waits for, of a dataset that is indexed. */
async function measureCommand() {
  for (const [side, { rows, columns, data }] of twoViews(LARGE, 512, true).entries()) {
    await pairlab.writeNpy(join(folder, `${['image', 'text'][side]}.npy`), rows, columns, [data]);
  }
  command('init', folder);
  command('index', folder);
  const { seconds, processor, megabytes, json } = command('align', folder, '--space', 'shared');
  const recalls = [json.forward, json.backward].map(({ measures }) => measures.recall1.value.toFixed(3));
  console.log(
    `pairlab align of 100,000 × 512: ${seconds.toFixed(0)} s (${processor.toFixed(0)} s of processors), ${megabytes.toFixed(0)} MB, recall at 1: ${recalls.join(', ')}`,
  );
}

async function measureLarge() {
  const [a, b] = twoViews(LARGE, 512, true);
  await pairlab.withProducts(async (products) => {
    const started = performance.now();
    const [queries, candidates] = [pairlab.asUnits({ matrix: a }), pairlab.asUnits({ matrix: b })];
    const itemOf = Uint32Array.from({ length: LARGE }, (_, row) => row);
    const retrieving = { queries, candidates, links: { queries: itemOf, candidates: itemOf } };
    const { forward, backward } = await pairlab.rankAcrossBothWays(products, retrieving);
    const ranked = performance.now();
    await pairlab.principalComponents(products, [queries, candidates], 2);
    const reduced = performance.now();
    await pairlab.crossValidate(products, dataOf(a, b), VALIDATION);
    const [ranking, components, ridge] = [ranked - started, reduced - ranked, performance.now() - reduced].map((time) =>
      (time / 1000).toFixed(1),
    );
    const recalls = [forward, backward].map(({ ranks }) =>
      (ranks.filter((rank) => rank === 1).length / LARGE).toFixed(3),
    );
    console.log(`exact ranks of 100,000 × 512 both ways: ${ranking} s (recall at 1: ${recalls.join(', ')})`);
    console.log(`two principal components of both sides: ${components} s`);
    console.log(`ridge maps of 5 folds and held-out ranks both ways: ${ridge} s`);
  });
  console.log(`largest resident memory: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
}

/** Two mixtures of one latent vector, each with noise of its own; in one space the mixture is the same. */
function twoViews(rows, columns, inOneSpace = false) {
  const random = pairlab.Random.of(0, 'bench');
  const latent = 32;
  const mixtures = [0, 1].map(() => Float32Array.from({ length: latent * columns }, () => random.normal()));
  const mixing = inOneSpace ? [mixtures[0], mixtures[0]] : mixtures;
  const views = [0, 1].map(() => pairlab.sharedZeros(rows, columns));
  const hidden = new Float32Array(latent);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < latent; i++) hidden[i] = random.normal();
    for (const [side, { data }] of views.entries()) {
      for (let c = 0; c < columns; c++) {
        let value = 20 * (random.uniform() - 0.5);
        for (let i = 0; i < latent; i++) value += hidden[i] * mixing[side][i * columns + c];
        data[row * columns + c] = value;
      }
    }
  }
  return views;
}

function total({ seconds }) {
  return Object.values(seconds).reduce((sum, value) => sum + value, 0);
}

function tell(who, measured) {
  const parts = Object.entries(measured.seconds).map(([name, value]) => `${name} ${value.toFixed(2)} s`);
  const numbers = Object.values(measured.results)
    .flat()
    .map((value) => value.toFixed(4));
  console.log(`  ${who}: ${total(measured).toFixed(2)} s (${parts.join(', ')}); ${numbers.join(' ')}`);
}
