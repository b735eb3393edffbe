import { InputError } from '../base/errors.ts';
import type { Job } from '../base/progress.ts';
import { Random } from '../base/random.ts';
import type { Snapshot } from '../dataset/snapshot.ts';
import type { EmbeddingSet } from '../embedding/embeddingSet.ts';
import { embeddingsOf } from '../embedding/encodeSnapshot.ts';
import type { AlignmentReport, Modality, ModalityPair, PairRow, Retrieval } from '../protocol.ts';
import { cka } from './cka.ts';
import { crossValidate } from './crossValidation.ts';
import { pairsWithoutSharedItems } from './folds.ts';
import type { Direction } from './heldOut.ts';
import { modalityGap, modalityGapFloor } from './modalityGap.ts';
import { mutualKnn, mutualKnnChance } from './mutualKnn.ts';
import { describeLimits } from './notes.ts';
import { type PairedVectors, pairVectors } from './pairedVectors.ts';
import { type Products, withProducts } from './products/pool.ts';
import type { Rows } from './products/rows.ts';
import { chanceLevels, summarizeRanks } from './retrieval.ts';
import { reportId, storeAlignment } from './store.ts';
import { mostSuspicious } from './suspicious.ts';

const MIN_PAIRS = 10;
const MAX_PAIRS = 20_000;
/** Debiased CKA is defined from four rows on. */
const MIN_GEOMETRY_ROWS = 4;
/** Mutual k-NN compares every row with every other, and its value falls with their number: it is kept comparable. */
const MAX_NEIGHBOURHOOD_ROWS = 2000;
const NEIGHBOURS = 10;

export interface AlignmentOptions {
  readonly seed?: number;
  readonly folds?: number;
}

/**
 * How well the embedding sets of two modalities agree, over the pairs of the snapshot (methods: retrieval after a
 * cross-validated ridge map in both directions, linear CKA, mutual k-NN, modality gap after the map, and the pairs that
 * look most wrong). Encodes what is not encoded yet and stores the report. Throws `InputError` when there are too few
 * pairs.
 */
export async function computeAlignment(
  snapshot: Snapshot,
  modalities: ModalityPair,
  { seed = 0, folds = 5 }: AlignmentOptions = {},
  job: Job = {},
): Promise<AlignmentReport> {
  const allPairs = await snapshot.pairs(modalities);
  requirePairs(allPairs.length, snapshot, modalities);
  const first = await embeddingsOf(snapshot, modalities.first, job);
  const second = await embeddingsOf(snapshot, modalities.second, job);
  const pairs = limitPairs(allPairs, seed);
  const data = pairVectors(pairs, first, second);
  requirePairs(data.pairs.length, snapshot, modalities);

  const weak = pairs.some((pair) => pair.strength === 'weak');
  const relevance = weak && pairs.every((pair) => pair.class !== undefined) ? 'class' : 'instance';
  const { validated, geometry } = await withProducts(async (products) => ({
    validated: await crossValidate(products, data, { folds, seed, relevance }, job),
    geometry: await measureGeometry(products, data, seed, job),
  }));
  const forward = retrievalOf(validated.forward, modalities.first, modalities.second);
  const backward = retrievalOf(validated.backward, modalities.second, modalities.first);
  const report: AlignmentReport = {
    id: reportId(snapshot.summary.data, modalities, seed, folds),
    dataset: snapshot.dataset.name,
    data: snapshot.summary.data,
    created: new Date().toISOString(),
    modalities,
    encoders: { first: nameEncoder(first), second: nameEncoder(second) },
    pairs: data.pairs.length,
    strength: weak ? 'weak' : 'strong',
    relevance,
    folds: validated.folds,
    seed,
    forward,
    backward,
    ...geometry.metrics,
    modalityGap: {
      value: modalityGap(
        { matrix: validated.mapped.first, listed: data.firstOf },
        { matrix: validated.mapped.second, listed: data.secondOf },
      ),
      chance: modalityGapFloor(data.pairs.length),
      better: 'neither',
    },
    suspicious: mostSuspicious(data.pairs, validated),
    notes: describeLimits({
      data,
      all: allPairs.length,
      geometryRows: geometry.rows,
      neighbourhoodRows: geometry.neighbourhoodRows,
      relevance,
      weak,
      foldsAsked: folds,
      folds: validated.folds,
      forward,
      backward,
      modalities,
    }),
  };
  await storeAlignment(snapshot.dataset, report);
  return report;
}

function requirePairs(count: number, snapshot: Snapshot, modalities: ModalityPair): void {
  if (count >= MIN_PAIRS) return;
  throw new InputError(
    `${snapshot.dataset.name} has ${count} ${namePair(modalities)} pairs that can be read; alignment needs at least ${MIN_PAIRS}.`,
  );
}

/** A seeded sample, in the order of the pairs, when there are too many. */
function limitPairs(pairs: readonly PairRow[], seed: number): readonly PairRow[] {
  if (pairs.length <= MAX_PAIRS) return pairs;
  return sampleInOrder([...pairs.keys()], MAX_PAIRS, Random.of(seed, 'alignment pairs')).flatMap(
    (index) => pairs[index] ?? [],
  );
}

function sampleInOrder(indices: readonly number[], count: number, random: Random): number[] {
  return random.sample(indices, count).sort((a, b) => a - b);
}

type Geometry = Pick<AlignmentReport, 'linearCka' | 'debiasedCka' | 'mutualKnn'>;

/** Metrics that compare the two spaces as they are, on pairs of which no two share an item. */
async function measureGeometry(
  products: Products,
  data: PairedVectors,
  seed: number,
  job: Job,
): Promise<{ rows: number; neighbourhoodRows: number; metrics: Geometry }> {
  const chosen = pairsWithoutSharedItems(data.firstOf, data.secondOf);
  if (chosen.length < MIN_GEOMETRY_ROWS) {
    throw new InputError(
      `Only ${chosen.length} of the ${data.pairs.length} pairs do not share an item; alignment needs ${MIN_GEOMETRY_ROWS}.`,
    );
  }
  const rowsOf = (pairs: readonly number[]): [Rows, Rows] => [
    { matrix: data.first, listed: Uint32Array.from(pairs, (pair) => data.firstOf[pair] ?? 0) },
    { matrix: data.second, listed: Uint32Array.from(pairs, (pair) => data.secondOf[pair] ?? 0) },
  ];
  const { linear, chance, debiased } = await cka(products, ...rowsOf(chosen), job);
  const compared = sampleInOrder(chosen, MAX_NEIGHBOURHOOD_ROWS, Random.of(seed, 'alignment neighbourhoods'));
  const neighbours = Math.min(NEIGHBOURS, compared.length - 1);
  const metrics: Geometry = {
    linearCka: { value: linear, chance, better: 'higher' },
    debiasedCka: { value: debiased, chance: 0, better: 'higher' },
    mutualKnn: {
      value: await mutualKnn(products, ...rowsOf(compared), neighbours, job),
      chance: mutualKnnChance(compared.length, neighbours),
      better: 'higher',
      neighbours,
    },
  };
  return { rows: chosen.length, neighbourhoodRows: compared.length, metrics };
}

/** Folds differ by a few candidates: the mean is told. Chance is exact for each query. */
function retrievalOf({ ranked }: Direction, from: Modality, to: Modality): Retrieval {
  const candidates = ranked.reduce((sum, query) => sum + query.candidates, 0) / ranked.length;
  return {
    from,
    to,
    candidates: Math.round(candidates),
    queries: ranked.length,
    ...summarizeRanks(ranked),
    chance: chanceLevels(ranked),
  };
}

function nameEncoder({ encoder, dimensions }: EmbeddingSet): { name: string; dimensions: number } {
  return { name: encoder, dimensions };
}

function namePair({ first, second }: ModalityPair): string {
  return `${first}–${second}`;
}
