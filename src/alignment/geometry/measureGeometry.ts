import { fromRows, type Matrix, rowOf } from '../../base/matrix.ts';
import type { Job } from '../../base/progress.ts';
import { Random } from '../../base/random.ts';
import { GeometryName, type Measured } from '../../protocol.ts';
import { cka } from '../cka.ts';
import type { MappedItems } from '../foldRanking.ts';
import { pairsWithoutSharedItems } from '../folds.ts';
import { pairAlignment, uniformityOfSphere } from '../metrics/alignmentUniformity.ts';
import { areEqual } from '../metrics/effectiveRank.ts';
import { hubness } from '../metrics/hubness.ts';
import { isMeasured } from '../metrics/measured.ts';
import { otdd } from '../metrics/otdd.ts';
import { modalityGap, modalityGapFloor } from '../modalityGap.ts';
import { mutualKnnChance } from '../mutualKnn.ts';
import type { PairedVectors } from '../pairedVectors.ts';
import { principalComponents } from '../pca.ts';
import { rankAcrossBothWays } from '../products/acrossPass.ts';
import type { NearestLists } from '../products/nearest.ts';
import type { Products } from '../products/pool.ts';
import { asUnits, pickRows, type Rows } from '../products/rows.ts';
import { compareRows, sharedNeighbours, uniformityOf } from '../products/withinPass.ts';
import { type Found, SHAPE_COUNT } from './shapes.ts';

const MIN_ROWS = 4;
/** Neighbourhoods compare every row with every other. */
const MOST_COMPARED = 20_000;
/** Shapes decompose matrices of all rows. */
const MOST_SHAPED = 1000;
const SHAPED_COMPONENTS = 64;
/** OTDD decomposes a matrix for every two classes. */
const TRANSPORTED_COMPONENTS = 24;
const NEIGHBOURS = 10;

export interface Geometry {
  readonly found: Found;
  /** About each side whose vectors are all equal, a sentence. Then nothing is measured. */
  readonly flat: readonly string[];
  /** The nearest items of the other modality of every row of {@link compared}; absent when there are too few. */
  readonly across?: { readonly forward: NearestLists; readonly backward: NearestLists };
  /** Pairs of which no two share an item, and those of them whose neighbourhoods were compared, and whose shape. */
  readonly chosen: Uint32Array;
  readonly compared: Uint32Array;
  readonly shaped: Uint32Array;
}

interface Spaces {
  readonly data: PairedVectors;
  readonly mapped: MappedItems;
  readonly seed: number;
}

/**
 * Everything about the two spaces that is no retrieval, on pairs of which no two share an item: part after part is told
 * as it is ready. What a thread cannot share with others is measured on a seeded sample; the sizes are in the result.
 */
export async function measureGeometry(
  products: Products,
  { data, mapped, seed }: Spaces,
  tell: (found: Found) => void,
  job: Job,
): Promise<Geometry> {
  const chosen = Uint32Array.from(pairsWithoutSharedItems(data.firstOf, data.secondOf));
  const compared = sampleOf(chosen, MOST_COMPARED, seed, 'alignment neighbourhoods');
  const shaped = sampleOf(compared, MOST_SHAPED, seed, 'alignment shapes');
  const sizes = { chosen, compared, shaped };
  const flat = flatSides(data);
  if (chosen.length < MIN_ROWS || flat.length > 0) {
    const reason = `Only ${chosen.length} of the pairs do not share an item; geometry needs ${MIN_ROWS}.`;
    const found = nothing(flat[0] ?? reason);
    tell(found);
    return { found, flat, ...sizes };
  }
  let found: Found = {};
  const add = (part: Found): void => {
    found = { ...found, ...part };
    tell(found);
  };
  const raw = {
    first: { matrix: data.first, listed: data.firstOf },
    second: { matrix: data.second, listed: data.secondOf },
  };
  const common = { first: pickRows(mapped.first, data.firstOf), second: pickRows(mapped.second, data.secondOf) };
  add(await likeness(products, pickRows(raw.first, chosen), pickRows(raw.second, chosen), job));
  add(inOneSpace(pickRows(common.first, compared), pickRows(common.second, compared)));
  add(await neighbourhoods(products, pickRows(raw.first, compared), pickRows(raw.second, compared), job));
  const across = await neighboursAcross(
    products,
    pickRows(common.first, compared),
    pickRows(common.second, compared),
    job,
  );
  add(hubs(across, compared.length));
  const shapes = await shapeInput(products, { raw, common, shaped, data, seed }, job);
  for (const part of await products.run('measureShapes', shapes, SHAPE_COUNT, 'comparing shapes', job)) add(part);
  add(await transport(shapes, job));
  return { found, flat, across, ...sizes };
}

function flatSides({ pairs, first, second }: PairedVectors): string[] {
  const [pair] = pairs;
  const sides = [
    { matrix: first, modality: pair?.first.modality },
    { matrix: second, modality: pair?.second.modality },
  ];
  return sides.flatMap(({ matrix, modality }) =>
    areEqual({ matrix })
      ? `All ${matrix.rows.toLocaleString('en')} ${modality} vectors are equal, so nothing can be told from them.`
      : [],
  );
}

function nothing(missing: string): Found {
  return Object.fromEntries(GeometryName.options.map((name) => [name, { missing }]));
}

function sampleOf(pairs: Uint32Array, most: number, seed: number, purpose: string): Uint32Array {
  if (pairs.length <= most) return pairs;
  return Uint32Array.from(Random.of(seed, purpose).sample([...pairs], most)).sort();
}

async function likeness(products: Products, first: Rows, second: Rows, job: Job): Promise<Found> {
  const { linear, chance, debiased } = await cka(products, first, second, job);
  return {
    linearCka: { value: linear, chance, better: 'higher' },
    debiasedCka: { value: debiased, chance: 0, better: 'higher' },
  };
}

function inOneSpace(first: Rows, second: Rows): Found {
  const count = first.listed?.length ?? 0;
  const alignment = pairAlignment(first, second);
  return {
    modalityGap: { value: modalityGap(first, second), chance: modalityGapFloor(count), better: 'neither' },
    alignment: isMeasured(alignment)
      ? { value: alignment.value, chance: alignment.chance, better: 'lower' }
      : { missing: alignment.reason },
  };
}

async function neighbourhoods(products: Products, first: Rows, second: Rows, job: Job): Promise<Found> {
  const count = first.listed?.length ?? 0;
  const nearest = Math.min(NEIGHBOURS, count - 1);
  const within = (rows: Rows) => compareRows(products, { rows: asUnits(rows), nearest, closeness: true }, job);
  const [a, b] = [await within(first), await within(second)];
  const uniformity = (value: number, { matrix }: Rows): Measured => ({
    value,
    chance: uniformityOfSphere(matrix.columns),
    better: 'lower',
  });
  return {
    mutualKnn: {
      value: sharedNeighbours(a.nearest, b.nearest),
      chance: mutualKnnChance(count, nearest),
      better: 'higher',
    },
    uniformityFirst: uniformity(uniformityOf(a), first),
    uniformitySecond: uniformity(uniformityOf(b), second),
  };
}

async function neighboursAcross(products: Products, queries: Rows, candidates: Rows, job: Job) {
  const pairs = Uint32Array.from(queries.listed ?? [], (_, pair) => pair);
  const links = { queries: pairs, candidates: pairs };
  const nearest = Math.min(NEIGHBOURS, pairs.length);
  const { forward, backward } = await rankAcrossBothWays(products, { queries, candidates, links }, nearest, job);
  return { forward: forward.nearest, backward: backward.nearest };
}

function hubs({ forward, backward }: { forward: NearestLists; backward: NearestLists }, items: number): Found {
  const [there, back] = [forward, backward].map(({ indices, count }) => hubness(indices, count, items));
  const skewness = (result: typeof there): Measured =>
    result !== undefined && isMeasured(result)
      ? { value: result.skewness, chance: result.chance.skewness, better: 'lower' }
      : { missing: 'There are too few pairs.' };
  const antihubs = (result: typeof there): Measured =>
    result !== undefined && isMeasured(result)
      ? { value: result.antihubs, chance: result.chance.antihubs, better: 'lower' }
      : { missing: 'There are too few pairs.' };
  return {
    hubnessForward: skewness(there),
    hubnessBackward: skewness(back),
    antihubsForward: antihubs(there),
    antihubsBackward: antihubs(back),
  };
}

async function shapeInput(
  products: Products,
  {
    raw,
    common,
    shaped,
    data,
    seed,
  }: { raw: Sides; common: Sides; shaped: Uint32Array; data: PairedVectors; seed: number },
  job: Job,
) {
  const [first, second] = [pickRows(raw.first, shaped), pickRows(raw.second, shaped)];
  const reduced = async (sets: readonly Rows[]) =>
    (await principalComponents(products, sets, SHAPED_COMPONENTS, job)).projected;
  const [a] = await reduced([first]);
  const [b] = await reduced([second]);
  const [u, v] = await reduced([pickRows(common.first, shaped), pickRows(common.second, shaped)]);
  const classes = [...shaped].map((pair) => data.pairs[pair]?.class);
  const none = { rows: 0, columns: 0, data: new Float32Array() };
  return { first: a ?? none, second: b ?? none, mappedFirst: u ?? none, mappedSecond: v ?? none, classes, seed };
}

interface Sides {
  readonly first: Rows;
  readonly second: Rows;
}

async function transport(
  { mappedFirst, mappedSecond, classes, seed }: Awaited<ReturnType<typeof shapeInput>>,
  { signal }: Job,
): Promise<Found> {
  // The components are in the order of their variance.
  const labels = (vectors: Matrix) => ({ vectors: firstColumns(vectors, TRANSPORTED_COMPONENTS), labels: classes });
  const result = await otdd(labels(mappedFirst), labels(mappedSecond), seed, signal);
  if (!isMeasured(result)) return { otdd: { missing: result.reason } };
  return { otdd: { value: result.value, chance: result.chance, better: 'lower' } };
}

function firstColumns(matrix: Matrix, count: number): Matrix {
  return fromRows(Array.from({ length: matrix.rows }, (_, row) => rowOf(matrix, row).subarray(0, count)));
}
