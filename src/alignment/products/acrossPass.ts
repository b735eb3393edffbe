import type { Job } from '../../base/progress.ts';
import { addCounts, type Classes, type Marks } from './ahead.ts';
import { bestClassMarks } from './classMarks.ts';
import { markPairs, type PairLinks, turnedClasses, turnedLinks } from './marks.ts';
import { mergeNearest, type NearestLists } from './nearest.ts';
import { type Answers, PAIR_BLOCK, PRECISION_BLOCK, type Questions } from './passWork.ts';
import type { Products } from './pool.ts';
import { countRows, type Rows } from './rows.ts';
import { EDGE } from './tile.ts';

/** How many of the best others a pair is compared with. */
const RIVALS = 10;

/** Unit vectors in shared memory, and what is to be found among them. */
export interface Retrieving {
  readonly queries: Rows;
  readonly candidates: Rows;
  /** Partners: they are the matches, unless there are classes. */
  readonly links: PairLinks;
  /** Owners are the queries: a match is then every candidate of the query's class. −1 is no class, without matches. */
  readonly classes?: Classes;
}

/** How the owners of one side find their matches among all others. */
export interface Found {
  readonly nearest: NearestLists;
  /** Rank of each owner's best match, 1 is best; 0 for an owner without a match. */
  readonly ranks: Uint32Array;
  /** How many others are a match of each owner. */
  readonly relevant: Uint32Array;
  /** Of each pair, seen from this side. */
  readonly pairs: PairStandings;
}

export interface PairStandings {
  /** Cosine of the two items. */
  readonly similarity: Float32Array;
  /** Rank of the partner among the others that are no match, 1 is best. */
  readonly rank: Uint32Array;
  /** `similarity` minus the mean of the ten best others that are no match. */
  readonly margin: Float32Array;
}

/**
 * Every query ranks all candidates by their inner product. Equal scores stand in the order of their index, so that they
 * give the rank of an honest shuffle. `nearest` best candidates are listed for each. O(N M D) time; memory O(N + M) a
 * thread, and never N × M.
 */
export async function rankAcross(
  products: Products,
  retrieving: Retrieving,
  nearest = 0,
  job: Job = {},
): Promise<Found> {
  const { forward } = await askBoth(products, retrieving, nearest, job);
  return conclude(
    forward,
    (await compare(products, retrieving, forward.questions, undefined, job)).map((part) => part.forward),
  );
}

/** As {@link rankAcross}, and from the same products every candidate ranks all queries. */
export async function rankAcrossBothWays(
  products: Products,
  retrieving: Retrieving,
  nearest = 0,
  job: Job = {},
): Promise<{ forward: Found; backward: Found }> {
  const { forward, backward } = await askBoth(products, retrieving, nearest, job);
  const parts = await compare(products, retrieving, forward.questions, backward.questions, job);
  return {
    forward: conclude(
      forward,
      parts.map((part) => part.forward),
    ),
    backward: conclude(
      backward,
      parts.flatMap((part) => part.backward ?? []),
    ),
  };
}

async function compare(
  products: Products,
  { queries, candidates }: Retrieving,
  forward: Questions,
  backward: Questions | undefined,
  job: Job,
): Promise<{ forward: Answers; backward?: Answers }[]> {
  const input = { queries, candidates, forward, ...(backward !== undefined && { backward }) };
  return await products.run('compareAcross', input, Math.ceil(countRows(candidates) / EDGE), 'ranking pairs', job);
}

/**
 * Average precision of the `asked` queries, each over all its matches; NaN for one without. Sorts whole rows of scores,
 * so above about 2,000 queries a sample is to be asked.
 */
export async function averagePrecisions(
  products: Products,
  retrieving: Retrieving,
  asked: Uint32Array,
  job: Job = {},
): Promise<Float64Array> {
  const { queries, candidates, links, classes } = retrieving;
  const precisions = new Float64Array(new SharedArrayBuffer(8 * asked.length));
  const { marks } = markPairs(links, countRows(queries), new Float32Array(links.queries.length));
  await products.run(
    'precisionOf',
    { queries, candidates, asked, partners: marks, ...(classes !== undefined && { classes }), precisions },
    Math.ceil(asked.length / PRECISION_BLOCK),
    'measuring precision',
    job,
  );
  return precisions;
}

async function similaritiesOf(
  products: Products,
  { queries, candidates, links }: Retrieving,
  job: Job,
): Promise<Float32Array> {
  const scores = new Float32Array(new SharedArrayBuffer(4 * links.queries.length));
  const units = Math.ceil(scores.length / PAIR_BLOCK);
  await products.run('scorePairs', { queries, candidates, links, scores }, units, 'comparing partners', job);
  return scores;
}

interface Asked {
  readonly owners: number;
  readonly links: PairLinks;
  readonly similarity: Float32Array;
  readonly markOf: Uint32Array;
  readonly questions: Questions;
}

async function askBoth(
  products: Products,
  retrieving: Retrieving,
  nearest: number,
  job: Job,
): Promise<{ forward: Asked; backward: Asked }> {
  const { queries, candidates, links, classes } = retrieving;
  const similarity = await similaritiesOf(products, retrieving, job);
  const best = classes && (await bestClassMarks(products, queries, candidates, classes, job));
  const ask = (owners: number, own: PairLinks, byClass?: { classes: Classes; best: Marks }): Asked => {
    const { marks, markOf } = markPairs(own, owners, similarity);
    return {
      owners,
      links: own,
      similarity,
      markOf,
      questions: { nearest, rivals: RIVALS, partners: marks, ...byClass },
    };
  };
  return {
    forward: ask(countRows(queries), links, classes && best && { classes, best: best.forward }),
    backward: ask(
      countRows(candidates),
      turnedLinks(links),
      classes && best && { classes: turnedClasses(classes), best: best.backward },
    ),
  };
}

function conclude(asked: Asked, parts: readonly Answers[]): Found {
  const { owners, links, similarity, markOf, questions } = asked;
  const { partners, classes, best } = questions;
  const ahead = addCounts(parts.map((part) => part.aheadOfPartners));
  const rivals = mergeNearest(parts.map((part) => part.rivals));
  const partnersAhead = classes === undefined ? countPartnersAhead(partners) : new Uint32Array(ahead.length);
  const rank = markOf.map((mark) => 1 + (ahead[mark] ?? 0) - (partnersAhead[mark] ?? 0));
  const margin = similarity.map((own, pair) => own - levelOf(rivals, links.queries[pair] ?? 0));
  const aheadOfBest = addCounts(parts.map((part) => part.aheadOfBest));
  return {
    nearest: mergeNearest(parts.map((part) => part.nearest)),
    ranks: best === undefined ? bestRanks(partners, ahead, owners) : bestRanks(best, aheadOfBest, owners),
    relevant: classes === undefined ? countMarks(partners, owners) : countOfClass(classes),
    pairs: { similarity, rank, margin },
  };
}

/** The rank of the best of each owner's marks; 0 without one. */
function bestRanks({ starts }: Marks, ahead: Uint32Array, owners: number): Uint32Array {
  return Uint32Array.from({ length: owners }, (_, owner) => {
    const own = ahead.subarray(starts[owner] ?? 0, starts[owner + 1] ?? 0);
    return own.length === 0 ? 0 : 1 + own.reduce((least, count) => Math.min(least, count));
  });
}

/** How many of the owner's other partners stand ahead of each partner. */
function countPartnersAhead({ starts, others, scores }: Marks): Uint32Array {
  const ahead = new Uint32Array(others.length);
  for (let owner = 0; owner + 1 < starts.length; owner++) {
    for (let mark = starts[owner] ?? 0; mark < (starts[owner + 1] ?? 0); mark++) {
      for (let rival = starts[owner] ?? 0; rival < (starts[owner + 1] ?? 0); rival++) {
        const difference = (scores[rival] ?? 0) - (scores[mark] ?? 0);
        if (difference > 0 || (difference === 0 && rival < mark)) ahead[mark] = (ahead[mark] ?? 0) + 1;
      }
    }
  }
  return ahead;
}

/** The mean score of an owner's rivals; 0 without any. */
function levelOf({ count, scores }: NearestLists, owner: number): number {
  let [sum, rivals] = [0, 0];
  for (const score of scores.subarray(owner * count, (owner + 1) * count)) {
    if (score === Number.NEGATIVE_INFINITY) break;
    sum += score;
    rivals++;
  }
  return rivals === 0 ? 0 : sum / rivals;
}

function countMarks({ starts }: Marks, owners: number): Uint32Array {
  return Uint32Array.from({ length: owners }, (_, owner) => (starts[owner + 1] ?? 0) - (starts[owner] ?? 0));
}

function countOfClass({ owners, others }: Classes): Uint32Array {
  const sizes = new Map<number, number>();
  for (const of of others) if (of >= 0) sizes.set(of, (sizes.get(of) ?? 0) + 1);
  return Uint32Array.from(owners, (of) => sizes.get(of) ?? 0);
}
