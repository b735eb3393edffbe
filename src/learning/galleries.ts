import { dot, fromRows, type Matrix, rowOf, unitRows } from '../base/matrix.ts';
import { Random } from '../base/random.ts';
import { mean } from '../base/statistics.ts';
import type { LearningData } from './data.ts';
import { isUsable } from './pools.ts';

const GALLERIES = 20;
const MOST_PAIRS = 50;
const CUT_OFFS = [1, 5];

export type Side = 'source' | 'target';

/** Pairs of test classes among which each item looks for its partner. No item is in it twice. */
export interface Gallery {
  /** Rows; place i of both lists is a pair. */
  readonly sources: readonly number[];
  readonly targets: readonly number[];
  /** What a query has to find: places with its number. Its own pair; of weak pairs all of its class. */
  readonly groups: readonly number[];
}

/** Recall@k in one direction: the share of queries that find a match among their k most alike, in [0, 1]. */
export interface Recall {
  readonly from: Side;
  readonly k: number;
  /** What a random order finds on average. */
  readonly chance: number;
  /** One for each gallery. */
  readonly values: readonly number[];
}

/**
 * Draws twenty galleries of fifty pairs (or of all, where there are fewer) from the test classes, the same for every
 * method of a seed: recall depends on how many there are to choose from. None where there are fewer than two pairs.
 */
export function drawGalleries(data: LearningData, classes: readonly number[], seed: number): Gallery[] {
  const pairs = data.pairs.filter((pair) => classes.includes(pair.class) && isUsable(pair, data));
  const galleries = Array.from({ length: GALLERIES }, (_, index) => {
    const taken = { sources: new Set<number>(), targets: new Set<number>() };
    const chosen = Random.of(seed, `gallery ${index}`)
      .shuffle(pairs)
      .filter(({ source, target }) => {
        if (taken.sources.size === MOST_PAIRS || taken.sources.has(source) || taken.targets.has(target)) return false;
        taken.sources.add(source);
        taken.targets.add(target);
        return true;
      });
    return {
      sources: chosen.map((pair) => pair.source),
      targets: chosen.map((pair) => pair.target),
      groups: chosen.map((pair, place) => (data.strength === 'strong' ? place : pair.class)),
    };
  });
  return galleries.filter(({ sources }) => sources.length > 1);
}

/**
 * Recall@1 and recall@5 both ways, by cosine, before any adaptation to the classes (methods.md 11, C10).
 * @param embed gives a vector for each row of one side
 */
export async function retrieve(
  galleries: readonly Gallery[],
  embed: (side: Side, rows: readonly number[]) => Promise<readonly Float32Array[]>,
): Promise<Recall[]> {
  const ranked: { from: Side; ranks: number[]; groups: readonly number[] }[] = [];
  for (const { sources, targets, groups } of galleries) {
    const source = unitRows(fromRows(await embed('source', sources)));
    const target = unitRows(fromRows(await embed('target', targets)));
    ranked.push({ from: 'source', ranks: ranksOf(source, target, groups), groups });
    ranked.push({ from: 'target', ranks: ranksOf(target, source, groups), groups });
  }
  return (['source', 'target'] as const).flatMap((from) => {
    const own = ranked.filter((one) => one.from === from);
    if (own.length === 0) return [];
    return CUT_OFFS.map((k) => ({
      ...{ from, k, chance: mean(own.map(({ groups }) => chanceOf(groups, k))) },
      values: own.map(({ ranks }) => mean(ranks.map((rank) => (rank <= k ? 1 : 0)))),
    }));
  });
}

/** The rank of each query's best match, from 1; what is exactly as alike comes before it. */
function ranksOf(queries: Matrix, candidates: Matrix, groups: readonly number[]): number[] {
  return groups.map((group, query) => {
    const scores = groups.map((_, place) => dot(rowOf(queries, query), rowOf(candidates, place)));
    const best = Math.max(...scores.filter((_, place) => groups[place] === group));
    return 1 + scores.filter((score, place) => groups[place] !== group && score >= best).length;
  });
}

/** 1 − C(n − m, k) / C(n, k) for a query with m matches among n, mean over the queries. */
function chanceOf(groups: readonly number[], k: number): number {
  return mean(
    groups.map((group) => {
      const wrong = groups.filter((other) => other !== group).length;
      let missed = 1;
      for (let drawn = 0; drawn < Math.min(k, groups.length); drawn++) {
        missed *= Math.max(0, wrong - drawn) / (groups.length - drawn);
      }
      return 1 - missed;
    }),
  );
}
