/**
 * How well wrong pairs are found: 2,000 made pairs of ten classes that share 8 of 40 dimensions, clearly or blurred. 0, 1,
 * 5, 10 or 20 % of them are given each other's partners. Average precision, precision at several cuts of the ranking, and
 * how many wrong pairs are expected: by a mixture, by comparison with unrelated items, and with the classes of the pairs too.
 */
import { importSources } from './support/bundle.mjs';

const PAIRS = 2000;
const CLASSES = 10;
const SHARED = 8;
const OWN = 32;
const SEEDS = 2;
/** Noise of a side in what the partners share. */
const BLURS = { clear: 0.1, blurred: 0.5 };
const NEIGHBOURS = 10;
/** Of the ranking, as multiples of the number of wrong pairs. */
const CUTS = [0.25, 0.5, 1, 2];

const {
  averagePrecision,
  crossValidate,
  dot,
  estimateMismatch,
  precisionAt,
  Random,
  rowOf,
  topIndices,
  unrelatedMargins,
} = await importSources(
  'mismatch',
  `
    export { crossValidate } from './src/alignment/crossValidation.ts';
    export { estimateMismatch } from './src/alignment/metrics/mismatch.ts';
    export { averagePrecision, precisionAt } from './src/alignment/metrics/precision.ts';
    export { unrelatedMargins } from './src/alignment/metrics/unrelatedMargins.ts';
    export { topIndices } from './src/alignment/top.ts';
    export { dot, rowOf } from './src/base/matrix.ts';
    export { Random } from './src/base/random.ts';
  `,
);

console.log(`${PAIRS} pairs, mean of ${SEEDS} seeds`);
for (const [name, blur] of Object.entries(BLURS)) {
  for (const rate of [0, 0.01, 0.05, 0.1, 0.2]) await measure(name, blur, rate);
}

async function measure(name, blur, rate) {
  const runs = [];
  for (let seed = 0; seed < SEEDS; seed++) runs.push(await findWrongPairs(rate, blur, seed));
  for (const evidence of ['mixture', 'unrelated', 'and classes']) {
    const results = runs.map((run) => run[evidence]);
    const average = (pick) => results.reduce((sum, result) => sum + pick(result), 0) / SEEDS;
    const cuts = CUTS.map((cut, i) => `${cut} × ${average(({ precision }) => precision[i]).toFixed(2)}`);
    console.log(
      `${name.padEnd(7)} ${(100 * rate).toFixed(0).padStart(2)} % wrong, ${evidence.padEnd(11)} average precision ` +
        `${average(({ average }) => average).toFixed(3)}, precision at ${cuts.join(', ')} of the wrong; ` +
        `expected ${average(({ expected }) => expected).toFixed(1)} of ${average(({ wrong }) => wrong).toFixed(1)}`,
    );
  }
}

async function findWrongPairs(rate, blur, seed) {
  const { data, wrong } = makePairs(rate, blur, Random.of(seed, 'mismatch bench'));
  const found = await crossValidate(data, { folds: 5, seed, relevance: 'instance' });
  const margins = data.pairs.map((_, pair) => ({
    marginForward: found.forward.scored[pair].margin,
    marginBackward: found.backward.scored[pair].margin,
  }));
  const classed = margins.map((evidence, pair) => ({
    ...evidence,
    classAgreement: agreement(found.forward, data.pairs, pair),
  }));
  const unrelated = unrelatedMargins(found.forward, found.backward, seed);
  return {
    mixture: judge(margins, estimateMismatch(margins), wrong),
    unrelated: judge(margins, estimateMismatch(margins, unrelated), wrong),
    'and classes': judge(classed, estimateMismatch(classed, unrelated), wrong),
  };
}

function judge(evidence, { probabilities, expectedWrong }, wrong) {
  const margin = ({ marginForward, marginBackward }) => marginForward + marginBackward;
  const ranking = [...evidence.keys()].sort(
    (a, b) => probabilities[b] - probabilities[a] || margin(evidence[a]) - margin(evidence[b]),
  );
  const truth = ranking.map((pair) => wrong.has(pair));
  const cuts = CUTS.map((share) => Math.max(1, Math.round(share * wrong.size)));
  return {
    average: averagePrecision(truth),
    precision: precisionAt(truth, cuts),
    expected: expectedWrong,
    wrong: wrong.size,
  };
}

/** Share of the first items nearest to the partner that carry the pair's class. */
function agreement({ mapped, partners }, pairs, pair) {
  const partner = rowOf(partners, pair);
  const scores = Float32Array.from({ length: mapped.rows }, (_, row) =>
    row === pair ? -2 : dot(partner, rowOf(mapped, row)),
  );
  const nearest = topIndices(scores, NEIGHBOURS);
  return nearest.filter((row) => pairs[row].class === pairs[pair].class).length / NEIGHBOURS;
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
    pairs: classes.map((name) => ({ class: String(name) })),
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
  return { rows: rows.length, columns, data: Float32Array.from(rows.flat()) };
}
