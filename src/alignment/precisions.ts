import type { Job } from '../base/progress.ts';
import { Random } from '../base/random.ts';
import type { MappedItems } from './foldRanking.ts';
import { retrievingOf } from './heldOut.ts';
import { type PairedVectors, type PairsInSpace, swapped } from './pairedVectors.ts';
import { averagePrecisions } from './products/acrossPass.ts';
import type { Products } from './products/pool.ts';
import { countRows } from './products/rows.ts';

/** Average precision of each query, and what it would be by chance. */
export interface Precisions {
  readonly values: readonly number[];
  readonly chance: number;
}

/** Each query sorts the scores of all candidates. */
const MOST_QUERIES = 2000;

/**
 * Average precision of retrieval by class, both ways, over all candidates: of every item that has a match, or of a seeded
 * sample. `undefined` when the pairs have no classes.
 */
export async function classPrecisions(
  products: Products,
  data: PairedVectors,
  mapped: MappedItems,
  seed: number,
  job: Job,
): Promise<{ forward: Precisions; backward: Precisions } | undefined> {
  const classes = new Set(data.pairs.map((pair) => pair.class));
  if (classes.has(undefined) || classes.size < 2) return undefined;
  const inSpace = { ...data, ...mapped };
  const chance = chanceOf(data);
  const ask = async (view: PairsInSpace): Promise<Precisions> => {
    const retrieving = retrievingOf(view, Uint32Array.from(view.firstOf.keys()), 'class');
    const asked = queriesOf(countRows(retrieving.queries), seed);
    const precisions = await averagePrecisions(products, retrieving, asked, job);
    return { values: [...precisions].filter((precision) => !Number.isNaN(precision)), chance };
  };
  return { forward: await ask(inSpace), backward: await ask(swapped(inSpace)) };
}

function queriesOf(count: number, seed: number): Uint32Array {
  const all = Uint32Array.from({ length: count }, (_, query) => query);
  if (count <= MOST_QUERIES) return all;
  return Uint32Array.from(Random.of(seed, 'average precision').sample([...all], MOST_QUERIES)).sort();
}

/** The precision of a random order is, at every place, the share of the class; averaged over the pairs. */
function chanceOf({ pairs }: PairedVectors): number {
  const counts = new Map<string | undefined, number>();
  for (const pair of pairs) counts.set(pair.class, (counts.get(pair.class) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum + (count / pairs.length) ** 2, 0);
}
