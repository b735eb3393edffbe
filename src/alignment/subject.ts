import { InputError } from '../base/errors.ts';
import type { Job } from '../base/progress.ts';
import { Random } from '../base/random.ts';
import type { VectorFault } from '../dataset/formats/vectorItems.ts';
import type { Snapshot } from '../dataset/snapshot.ts';
import type { EmbeddingSet } from '../embedding/embeddingSet.ts';
import { embeddingsOf } from '../embedding/encodeSnapshot.ts';
import type { AlignmentQuestion, AlignmentReport, ModalityPair, PairRow, SetHealth, Strength } from '../protocol.ts';
import { vectorHealth } from './metrics/health.ts';
import { type PairedVectors, pairVectors } from './pairedVectors.ts';
import type { Products } from './products/pool.ts';
import { shared } from './products/rows.ts';
import { bringToOne } from './scaling.ts';

const MIN_PAIRS = 10;
const MAX_PAIRS = 100_000;

/** An embedding set as a report tells of it. */
export interface SubjectSet {
  readonly health: SetHealth;
  readonly version: number;
  readonly created: string;
  readonly space: string | undefined;
  /** How many items the encoder was fitted on; 0 where it was not. */
  readonly fittedItems: number;
  /** What a person should know about the vectors. */
  readonly notes: readonly string[];
}

/** What a report is about: the pairs of a snapshot with the vectors of their items. */
export interface Subject {
  readonly question: AlignmentQuestion;
  readonly sets: { readonly first: SubjectSet; readonly second: SubjectSet };
  readonly data: PairedVectors & { readonly missing: number };
  /** Usable pairs of the snapshot, before any were left out. */
  readonly all: number;
  readonly strength: Strength;
  readonly relevance: AlignmentReport['relevance'];
}

/**
 * Reads the pairs and encodes what is not encoded yet. Above 100,000 pairs a seeded sample stands for all. Throws
 * {@link InputError} when fewer than ten pairs have vectors.
 */
export async function gatherSubject(
  products: Products,
  snapshot: Snapshot,
  question: AlignmentQuestion,
  job: Job,
): Promise<Subject> {
  const { modalities, encoders, seed } = question;
  const all = await snapshot.pairs(modalities);
  requirePairs(all.length, snapshot, modalities);
  const first = await embeddingsOf(snapshot, modalities.first, { ...job, encoder: encoders.first });
  const second = await embeddingsOf(snapshot, modalities.second, { ...job, encoder: encoders.second });
  const sets = { first: await describe(products, first, job), second: await describe(products, second, job) };
  const pairs = limitPairs(all, seed);
  const data = pairVectors(pairs, first, second);
  requirePairs(data.pairs.length, snapshot, modalities);
  const weak = pairs.some(({ strength }) => strength === 'weak');
  return {
    question,
    sets,
    data,
    all: all.length,
    strength: weak ? 'weak' : 'strong',
    relevance: weak && pairs.every((pair) => pair.class !== undefined) ? 'class' : 'instance',
  };
}

async function describe(products: Products, set: EmbeddingSet, job: Job): Promise<SubjectSet> {
  const { encoder, version, created, dimensions, space, notes = [], ids, vectors, unreadable, fitted } = set;
  const scale = bringToOne(vectors);
  const health = await vectorHealth(products, shared({ rows: ids.length, columns: dimensions, data: vectors }), job);
  const { min = 0, median = 0, max = 0 } = health.norms ?? {};
  // Those that say nothing got no row when the set was made.
  const withFault = (wanted: VectorFault): number => unreadable.filter(({ fault }) => fault === wanted).length;
  const [notFinite, zero] = [withFault('not-finite'), withFault('zero')];
  return {
    version,
    created,
    space,
    fittedItems: fitted.items,
    notes,
    health: {
      encoder,
      dimensions,
      rows: health.rows + notFinite + zero,
      notFinite: health.notFinite + notFinite,
      zero: health.zero + zero,
      duplicates: health.duplicates,
      norms: { minimum: min / scale, median: median / scale, maximum: max / scale },
      effectiveRank: health.effectiveRank ?? 1,
    },
  };
}

function requirePairs(count: number, { dataset }: Snapshot, { first, second }: ModalityPair): void {
  if (count >= MIN_PAIRS) return;
  throw new InputError(
    `${dataset.name} has ${count} ${first}–${second} pairs that can be read; alignment needs at least ${MIN_PAIRS}.`,
  );
}

/** In the order of the pairs. */
function limitPairs(pairs: readonly PairRow[], seed: number): readonly PairRow[] {
  if (pairs.length <= MAX_PAIRS) return pairs;
  const sampled = Random.of(seed, 'alignment pairs').sample([...pairs.keys()], MAX_PAIRS);
  return sampled.sort((a, b) => a - b).flatMap((index) => pairs[index] ?? []);
}
