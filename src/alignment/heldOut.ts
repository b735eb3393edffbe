import type { Job } from '../base/progress.ts';
import type { AlignmentReport } from '../protocol.ts';
import type { PairsInSpace } from './pairedVectors.ts';
import { type Found, type Retrieving, rankAcross, rankAcrossBothWays } from './products/acrossPass.ts';
import type { Classes } from './products/ahead.ts';
import type { Products } from './products/pool.ts';
import { countRows, pickRows } from './products/rows.ts';
import type { RankedQuery } from './retrieval.ts';

/** How one pair stands, seen from one of its items. */
export interface ScoredPair {
  readonly pair: number;
  /** Cosine of the two items. */
  readonly similarity: number;
  /** `similarity` minus the mean of the ten best items that are no match. */
  readonly margin: number;
  /** Rank of the partner among the items that are no match, 1 is best. */
  readonly rank: number;
}

/** How the items of one side find their matches. */
export interface Direction {
  /** Of every item that has a match, in their order. */
  readonly ranked: readonly RankedQuery[];
  /** Of every pair, in their order. */
  readonly scored: readonly ScoredPair[];
}

/**
 * Every first item of some `pairs` asks for its match among all second items of these pairs, by cosine. A match is a partner (`instance`) or any item of the same class (`class`; an item
 * of pairs of several classes counts for that of its first pair).
 */
export async function rankPairs(
  products: Products,
  data: PairsInSpace,
  pairs: Uint32Array,
  relevance: AlignmentReport['relevance'],
  job: Job = {},
): Promise<Direction> {
  const retrieving = retrievingOf(data, pairs, relevance);
  const found = await rankAcross(products, retrieving, 0, job);
  return directionOf(found, pairs, countRows(retrieving.candidates));
}

/** As {@link rankPairs}, and from the same products every second item asks for its match. */
export async function rankPairsBothWays(
  products: Products,
  data: PairsInSpace,
  pairs: Uint32Array,
  relevance: AlignmentReport['relevance'],
  job: Job = {},
): Promise<{ forward: Direction; backward: Direction }> {
  const retrieving = retrievingOf(data, pairs, relevance);
  const { forward, backward } = await rankAcrossBothWays(products, retrieving, 0, job);
  return {
    forward: directionOf(forward, pairs, countRows(retrieving.candidates)),
    backward: directionOf(backward, pairs, countRows(retrieving.queries)),
  };
}

/** As {@link rankPairs}, when only the first items of the pairs that are `asked` for ask: the ranks of these alone. */
export async function rankSome(
  products: Products,
  data: PairsInSpace,
  { pairs, asked }: { pairs: Uint32Array; asked: ReadonlySet<number> },
  relevance: AlignmentReport['relevance'],
  job: Job = {},
): Promise<readonly RankedQuery[]> {
  const retrieving = retrievingOf(data, pairs, relevance);
  const places = retrieving.links.queries.filter((_, at) => asked.has(pairs[at] ?? 0));
  if (places.length === 0) return [];
  const some = onlyQueries(retrieving, Uint32Array.from(new Set(places)).sort());
  return rankedOf(await rankAcross(products, some, 0, job), countRows(some.candidates));
}

/** The same candidates, with some of the queries by their place and their links. */
function onlyQueries({ queries, candidates, links, classes }: Retrieving, places: Uint32Array): Retrieving {
  const newPlaces = new Map([...places.entries()].map(([at, place]) => [place, at]));
  const isKept = (_: number, pair: number): boolean => newPlaces.has(links.queries[pair] ?? 0);
  return {
    queries: pickRows(queries, places),
    candidates,
    links: {
      queries: links.queries.filter(isKept).map((place) => newPlaces.get(place) ?? 0),
      candidates: links.candidates.filter(isKept),
    },
    ...(classes !== undefined && {
      classes: { owners: Int32Array.from(places, (place) => classes.owners[place] ?? -1), others: classes.others },
    }),
  };
}

/** The items of some pairs, and what is to be found among them. */
export function retrievingOf(
  data: PairsInSpace,
  pairs: Uint32Array,
  relevance: AlignmentReport['relevance'],
): Retrieving {
  const [first, second] = [placesOf(data.firstOf, pairs), placesOf(data.secondOf, pairs)];
  return {
    queries: pickRows(data.first, first.items),
    candidates: pickRows(data.second, second.items),
    links: { queries: first.placeOf, candidates: second.placeOf },
    ...(relevance === 'class' && { classes: classesOf(data, pairs, first, second) }),
  };
}

/** The different items of some pairs in order, and the place among them of each pair's item. */
interface Places {
  readonly items: Uint32Array;
  readonly placeOf: Uint32Array;
}

function placesOf(itemOf: Uint32Array, pairs: Uint32Array): Places {
  const items = Uint32Array.from(new Set(pairs.map((pair) => itemOf[pair] ?? 0))).sort();
  const places = new Map([...items.entries()].map(([place, item]) => [item, place]));
  return { items, placeOf: pairs.map((pair) => places.get(itemOf[pair] ?? 0) ?? 0) };
}

function classesOf({ pairs: rows }: PairsInSpace, pairs: Uint32Array, first: Places, second: Places): Classes {
  const numbers = new Map<string, number>();
  const classes = {
    owners: new Int32Array(first.items.length).fill(-1),
    others: new Int32Array(second.items.length).fill(-1),
  };
  // Backwards, so that the first pair of an item has the last word.
  for (const [at, pair] of [...pairs.entries()].reverse()) {
    const name = rows[pair]?.class;
    if (name === undefined) continue;
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    classes.owners[first.placeOf[at] ?? 0] = number;
    classes.others[second.placeOf[at] ?? 0] = number;
  }
  return classes;
}

function rankedOf({ ranks, relevant }: Found, candidates: number): RankedQuery[] {
  const all = [...ranks].map((rank, owner) => ({ rank, candidates, relevant: relevant[owner] ?? 0 }));
  return all.filter(({ rank }) => rank > 0);
}

function directionOf(found: Found, pairs: Uint32Array, candidates: number): Direction {
  const { pairs: standings } = found;
  return {
    ranked: rankedOf(found, candidates),
    scored: [...pairs].map((pair, at) => ({
      pair,
      similarity: standings.similarity[at] ?? 0,
      margin: standings.margin[at] ?? 0,
      rank: standings.rank[at] ?? 0,
    })),
  };
}
