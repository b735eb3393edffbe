/**
 * How well wrong pairs are found. First 2,000 made pairs of ten classes that share 8 of 40 dimensions, clearly or blurred,
 * of which 0, 1, 5, 10 or 20 % are given each other's partners: average precision, precision at several cuts of the
 * ranking, and how many wrong pairs are expected, by comparison with strangers and by a mixture of two Gaussians. Then real
 * folders below `DATA`, by the command line: emoji with as many pairs exchanged, and the mismatches that people found in
 * nlvr.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importSources } from './support/bundle.mjs';
import { pairlab } from './support/pairlab.mjs';

const PAIRS = 2000;
const CLASSES = 10;
const SHARED = 8;
const OWN = 32;
const SEEDS = 2;
/** Noise of a side in what the partners share. */
const BLURS = { clear: 0.1, blurred: 0.5 };
const RATES = [0.01, 0.05, 0.1, 0.2];
/** Of the ranking, as multiples of the number of wrong pairs. */
const CUTS = [0.25, 0.5, 1, 2];

const {
  averagePrecision,
  crossValidate,
  estimateMismatch,
  findMismatches,
  precisionAt,
  Random,
  sharedZeros,
  withProducts,
} = await importSources(
  'mismatch',
  `
    export { crossValidate } from './src/alignment/crossValidation.ts';
    export { estimateMismatch } from './src/alignment/metrics/mismatch.ts';
    export { averagePrecision, precisionAt } from './src/alignment/metrics/precision.ts';
    export { findMismatches } from './src/alignment/mismatches.ts';
    export { withProducts } from './src/alignment/products/pool.ts';
    export { sharedZeros } from './src/base/matrix.ts';
    export { Random } from './src/base/random.ts';
  `,
);

console.log(`${PAIRS} made pairs, mean of ${SEEDS} seeds`);
await withProducts(async (products) => {
  for (const [name, blur] of Object.entries(BLURS)) {
    for (const rate of [0, ...RATES]) await measureMade(products, name, blur, rate);
  }
});
const data = process.env.DATA ?? '';
for (const rate of existsSync(`${data}/emoji`) ? RATES : []) {
  inFolder(`${data}/emoji`, (folder) =>
    measureReal(`emoji, ${100 * rate} % exchanged`, folder, exchange(folder, rate)),
  );
}
if (existsSync(`${data}/nlvr`)) {
  inFolder(`${data}/nlvr`, (folder) => measureReal('nlvr, as people judged', folder, judged(folder)));
}
if (data === '') console.log('DATA names no folder, so no real pairs are measured.');

async function measureMade(products, name, blur, rate) {
  const runs = [];
  for (let seed = 0; seed < SEEDS; seed++) {
    const { data: made, wrong } = makePairs(rate, blur, Random.of(seed, 'mismatch bench'));
    const ranking = await crossValidate(products, made, { folds: 5, seed, relevance: 'instance' });
    const { scored, report } = findMismatches({ pairs: made.pairs, sources: [], ranking, agreement: [] });
    const margins = made.pairs.map((_, pair) => ({
      marginForward: ranking.forward.scored[pair].margin,
      marginBackward: ranking.backward.scored[pair].margin,
    }));
    const mixture = estimateMismatch(margins).expectedWrong;
    const truth = scored.map(({ index }) => wrong.has(index));
    runs.push({ ...judge(truth), expected: report.mismatches.expected, mixture });
  }
  const average = (pick) => runs.reduce((sum, run) => sum + pick(run), 0) / SEEDS;
  tell(`${name}, ${100 * rate} % wrong`, {
    wrong: average(({ wrong }) => wrong),
    average: average((run) => run.average),
    precision: CUTS.map((_, i) => average(({ precision }) => precision[i])),
    expected: `${average(({ expected }) => expected).toFixed(0)} expected, by a mixture ${average(({ mixture }) => mixture).toFixed(0)}`,
  });
}

/** The ranking of a folder with a `pairs.csv`, of whose pairs some are known to be wrong, by their key. */
function measureReal(name, folder, wrong) {
  const table = join(folder, 'ranking.csv');
  pairlab('init', folder);
  pairlab('index', folder);
  const { json } = pairlab('align', folder, '--modalities', 'image-text', '--output', table);
  const [header, ...lines] = readFileSync(table, 'utf8').trim().split('\n');
  const key = header.split(',').indexOf('key');
  const truth = lines.map((line) => wrong.has(line.split(',')[key]));
  const expected = `${json.mismatches.expected.toFixed(0)} expected${json.mismatches.standOut ? '' : ' (they do not stand out)'}`;
  tell(name, { ...judge(truth), expected });
}

function judge(truth) {
  const wrong = truth.filter(Boolean).length;
  const cuts = CUTS.map((share) => Math.max(1, Math.round(share * wrong)));
  return { wrong, average: averagePrecision(truth), precision: precisionAt(truth, cuts) };
}

function tell(name, { wrong, average, precision, expected }) {
  const cuts = CUTS.map((cut, i) => `${cut} × ${precision[i].toFixed(2)}`).join(', ');
  console.log(
    `${name}: average precision ${average.toFixed(3)}, precision at ${cuts} of the ${wrong} wrong; ${expected}`,
  );
}

function inFolder(source, work) {
  const folder = mkdtempSync(join(tmpdir(), 'pairlab-bench-'));
  try {
    cpSync(source, folder, { recursive: true });
    work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Gives some pairs each other's text, and tells their keys. */
function exchange(folder, rate) {
  const [header, ...rows] = table(folder);
  const text = header.indexOf('text_file');
  const chosen = Random.of(0, 'exchanged pairs').sample([...rows.keys()], Math.round(rate * rows.length));
  const texts = chosen.map((row) => rows[row].slice(text, text + 2));
  for (const [place, row] of chosen.entries()) {
    rows[row].splice(text, 2, ...texts[(place + 1) % chosen.length]);
  }
  writeFileSync(join(folder, 'pairs.csv'), [header, ...rows].map((cells) => cells.join(',')).join('\n'));
  return new Set(chosen.map((row) => rows[row][0]));
}

function judged(folder) {
  const [header, ...rows] = table(folder);
  return new Set(rows.filter((cells) => cells.at(-1) === 'false').map((cells) => cells[header.indexOf('pair_id')]));
}

/** The cells of `pairs.csv`, whose quoted cells hold no line breaks; they keep their quotes. */
function table(folder) {
  const lines = readFileSync(join(folder, 'pairs.csv'), 'utf8').trim().split(/\r?\n/);
  return lines.map((line) =>
    line
      .match(/("([^"]|"")*"|[^,]*)(,|$)/g)
      .slice(0, -1)
      .map((cell) => cell.replace(/,$/, '')),
  );
}

/** Each side is a random mixture of what the partners share and of dimensions of its own. */
function makePairs(rate, blur, random) {
  const normals = (count) => Array.from({ length: count }, () => random.normal());
  const centres = Array.from({ length: CLASSES }, () => normals(SHARED));
  const classes = Array.from({ length: PAIRS }, () => random.integer(CLASSES));
  const shared = classes.map((name) => normals(SHARED).map((value, c) => value + centres[name][c]));
  const chosen = random.sample([...shared.keys()], Math.round(rate * PAIRS));
  const partnerOf = [...shared.keys()];
  for (const [place, pair] of chosen.entries()) partnerOf[pair] = chosen[(place + 1) % chosen.length];
  const itemOf = Uint32Array.from(shared.keys());
  const data = {
    pairs: classes.map((name, pair) => ({ id: String(pair), key: String(pair), class: String(name) })),
    first: mix(shared, blur, normals),
    second: mix(
      partnerOf.map((pair) => shared[pair]),
      blur,
      normals,
    ),
    firstOf: itemOf,
    secondOf: itemOf,
  };
  return { data, wrong: new Set(chosen) };
}

function mix(shared, blur, normals) {
  const columns = SHARED + OWN;
  const weights = Array.from({ length: columns }, () => normals(columns));
  const rows = shared.map((common) => {
    const noise = normals(SHARED);
    const all = [...common.map((value, c) => value + blur * noise[c]), ...normals(OWN).map((value) => 0.3 * value)];
    return weights.map((weight) => weight.reduce((sum, value, c) => sum + value * all[c], 0));
  });
  const matrix = sharedZeros(rows.length, columns);
  matrix.data.set(rows.flat());
  return matrix;
}
