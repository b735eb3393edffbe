import { breathe } from '../base/concurrency.ts';
import { type Matrix, rowProducts, selectRows, subtractRow, unitRows } from '../base/matrix.ts';
import { mean } from '../base/statistics.ts';
import type { AlignmentReport } from '../protocol.ts';
import type { PairedVectors } from './pairedVectors.ts';
import { bestRank, countAhead, type RankedQuery } from './retrieval.ts';
import { applyMap, type LinearMap } from './ridge.ts';
import { topIndices } from './top.ts';

const BLOCK = 64;
/** How many of the best others a pair is compared with. */
const RIVALS = 10;

/** How one held-out pair stands, seen from its first item. */
export interface ScoredPair {
  readonly pair: number;
  /** Cosine of the mapped first item and the second item. */
  readonly similarity: number;
  /** `similarity` minus the mean of the ten best items that are no match. */
  readonly margin: number;
  /** Rank of the second item among those that are no match, 1 is best. */
  readonly rank: number;
}

/** The held-out pairs of one fold, mapped from the first modality into the space of the second. */
export interface HeldOut {
  readonly ranked: readonly RankedQuery[];
  readonly scored: readonly ScoredPair[];
  /** Unit vectors, a row for each held-out pair. */
  readonly mapped: Matrix;
  readonly partners: Matrix;
}

/**
 * Every first item of the held-out `pairs` asks for its match among all second items of these pairs, by cosine in the
 * second item's space after the `map`. A match is a partner (`instance`) or any item of the same class (`class`).
 * Holds one block of 64 rows of similarities at a time.
 */
export async function rankHeldOut(
  data: PairedVectors,
  pairs: readonly number[],
  map: LinearMap,
  relevance: AlignmentReport['relevance'],
  signal?: AbortSignal,
): Promise<HeldOut> {
  const queries = distinct(pairs.map((pair) => data.firstOf[pair] ?? 0));
  const candidates = distinct(pairs.map((pair) => data.secondOf[pair] ?? 0));
  const mapped = unitRows(applyMap(map, selectRows(data.first, queries.rows)));
  const targets = unitRows(subtractRow(selectRows(data.second, candidates.rows), map.outputMean));
  const partnerOf = (pair: number): number => candidates.placeOf.get(data.secondOf[pair] ?? 0) ?? 0;
  const pairsOf = groupBy(pairs, (pair) => queries.placeOf.get(data.firstOf[pair] ?? 0) ?? 0);
  const placesOfClass = groupBy(pairs, (pair) => data.pairs[pair]?.class ?? '', partnerOf);

  const ranked: RankedQuery[] = [];
  const scored: ScoredPair[] = [];
  const products = new Float32Array(BLOCK * targets.rows);
  for (let from = 0; from < mapped.rows; from += BLOCK) {
    const to = Math.min(mapped.rows, from + BLOCK);
    rowProducts(mapped, from, to, targets, products);
    for (let query = from; query < to; query++) {
      const scores = products.subarray((query - from) * targets.rows, (query - from + 1) * targets.rows);
      const own = pairsOf.get(query) ?? [];
      const relevant =
        relevance === 'instance' ? own.map(partnerOf) : (placesOfClass.get(data.pairs[own[0] ?? 0]?.class ?? '') ?? []);
      ranked.push({ rank: bestRank(scores, relevant), candidates: targets.rows, relevant: relevant.length });
      scored.push(...scorePairs(scores, relevant, own, partnerOf));
    }
    await breathe(signal);
  }
  return {
    ranked,
    scored,
    mapped: selectRows(
      mapped,
      pairs.map((pair) => queries.placeOf.get(data.firstOf[pair] ?? 0) ?? 0),
    ),
    partners: selectRows(targets, pairs.map(partnerOf)),
  };
}

function scorePairs(
  scores: Float32Array,
  relevant: readonly number[],
  pairs: readonly number[],
  partnerOf: (pair: number) => number,
): ScoredPair[] {
  const ignored = new Uint8Array(scores.length);
  for (const match of relevant) ignored[match] = 1;
  const rivals = scores.filter((_, candidate) => ignored[candidate] === 0);
  const best = topIndices(rivals, RIVALS).map((index) => rivals[index] ?? 0);
  const level = best.length === 0 ? 0 : mean(best);
  return pairs.map((pair) => {
    const similarity = scores[partnerOf(pair)] ?? 0;
    return {
      pair,
      similarity,
      margin: similarity - level,
      rank: 1 + countAhead(scores, partnerOf(pair), ignored),
    };
  });
}

function distinct(rows: readonly number[]): { rows: number[]; placeOf: Map<number, number> } {
  const unique = [...new Set(rows)].sort((a, b) => a - b);
  return { rows: unique, placeOf: new Map(unique.map((row, place) => [row, place])) };
}

/** The different values of the elements of each group, in order. */
function groupBy<K>(
  elements: readonly number[],
  keyOf: (element: number) => K,
  pickedFrom: (element: number) => number = (element) => element,
): Map<K, number[]> {
  const groups = new Map<K, Set<number>>();
  for (const element of elements) {
    const key = keyOf(element);
    const group = groups.get(key) ?? new Set();
    group.add(pickedFrom(element));
    groups.set(key, group);
  }
  return new Map([...groups].map(([key, values]) => [key, [...values]]));
}
