import type { Job } from '../base/progress.ts';
import { Random } from '../base/random.ts';
import { mean } from '../base/statistics.ts';
import type { MappedItems } from './foldRanking.ts';
import { retrievingOf } from './heldOut.ts';
import type { Measured } from './metrics/measured.ts';
import { type PairedVectors, type PairsInSpace, swapped } from './pairedVectors.ts';
import { averagePrecisions, type Retrieving } from './products/acrossPass.ts';
import type { Products } from './products/pool.ts';
import { countRows } from './products/rows.ts';
import { chanceOfPrecision } from './retrieval.ts';

/** Average precision of each query that has a match, and what their mean would be by chance. */
export interface Precisions {
  readonly values: readonly number[];
  readonly chance: number;
}

/** Both ways, or why it cannot be measured. */
export type ClassPrecisions = Measured<{ readonly forward: Precisions; readonly backward: Precisions }>;

/** Each query sorts the scores of all candidates. */
const MOST_QUERIES = 2000;

/**
 * Average precision of retrieval by class, both ways, over all candidates: of every item that has a match, or of a seeded
 * sample.
 */
export async function classPrecisions(
  products: Products,
  data: PairedVectors,
  mapped: MappedItems,
  seed: number,
  job: Job,
): Promise<ClassPrecisions> {
  const classes = new Set(data.pairs.map((pair) => pair.class));
  if (classes.has(undefined)) {
    return { reason: classes.size > 1 ? 'Some pairs have no class.' : 'The pairs have no classes.' };
  }
  if (classes.size < 2) return { reason: 'All pairs are of one class, so every order of the items is as good.' };
  const inSpace = { ...data, ...mapped };
  const ask = async (view: PairsInSpace): Promise<Precisions> => {
    const retrieving = retrievingOf(view, Uint32Array.from(view.firstOf.keys()), 'class');
    const asked = queriesOf(countRows(retrieving.queries), seed);
    const precisions = await averagePrecisions(products, retrieving, asked, job);
    const values = [...precisions].filter((precision) => !Number.isNaN(precision));
    return { values, chance: chanceOf(retrieving, asked) };
  };
  return { forward: await ask(inSpace), backward: await ask(swapped(inSpace)) };
}

function queriesOf(count: number, seed: number): Uint32Array {
  const all = Uint32Array.from({ length: count }, (_, query) => query);
  if (count <= MOST_QUERIES) return all;
  return Uint32Array.from(Random.of(seed, 'average precision').sample([...all], MOST_QUERIES)).sort();
}

function chanceOf({ candidates, classes }: Retrieving, asked: Uint32Array): number {
  const counts = new Map<number, number>();
  for (const of of classes?.others ?? []) counts.set(of, (counts.get(of) ?? 0) + 1);
  const matches = [...asked].flatMap((query) => counts.get(classes?.owners[query] ?? -1) ?? []);
  // Of each size once: it adds up as many numbers as there are candidates.
  const chances = new Map(
    [...new Set(matches)].map((count) => [count, chanceOfPrecision(count, countRows(candidates))]),
  );
  return mean(matches.map((count) => chances.get(count) ?? 0));
}
