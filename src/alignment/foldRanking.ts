import { sharedZeros } from '../base/matrix.ts';
import type { Job } from '../base/progress.ts';
import type { AlignmentReport } from '../protocol.ts';
import { type Direction, rankPairs, rankPairsBothWays, rankSome } from './heldOut.ts';
import type { FoldMap, Side } from './maps/fitWork.ts';
import { mapToUnit } from './maps/mapping.ts';
import { type PairedVectors, type PairsInSpace, swapped } from './pairedVectors.ts';
import type { Products } from './products/pool.ts';
import type { Rows } from './products/rows.ts';
import { type Strangers, similarityToOthers } from './strangers.ts';

/** Pairs ranked both ways. */
export interface Ranking {
  readonly forward: Direction;
  readonly backward: Direction;
  /** Unit vectors of all items in the space where the first ask for the second: rows as in the paired vectors. */
  readonly mapped: MappedItems;
  /** What similarity the items of a pair have with strangers, to tell a wrong pair by. */
  readonly strangers: StrangerSimilarities;
}

/** Ranks that are told before all others, because these take long. */
export interface Preview {
  /** The pairs whose items ask; they ask among the same candidates as later. */
  readonly asked: ReadonlySet<number>;
  readonly tell: (ranks: PreviewedRanks) => void;
}

export interface PreviewedRanks {
  readonly forward: Pick<Direction, 'ranked'>;
  readonly backward: Pick<Direction, 'ranked'>;
}

export interface StrangerSimilarities extends Strangers {
  /** Of every pair's first item with the second item of `next`. */
  readonly forward: Float32Array;
  /** Of every pair's second item with the first item of `previous`. */
  readonly backward: Float32Array;
}

export interface MappedItems {
  readonly first: Rows;
  readonly second: Rows;
}

/** Pairs, the fold of each, and what was fitted without it. */
export interface FoldedPairs {
  readonly data: PairedVectors;
  readonly foldOf: Uint32Array;
  readonly folds: number;
  readonly maps: readonly FoldMap[];
  readonly relevance: AlignmentReport['relevance'];
  readonly strangers: Strangers;
  readonly preview?: Preview | undefined;
}

/** Each side is mapped to the other one and ranks there. The mapped vectors of one way make room for those of the other. */
export async function rankEachWay(products: Products, folded: FoldedPairs, job: Job): Promise<Ranking> {
  const { first, second } = folded.data;
  const { strangers, preview } = folded;
  const columns = Math.max(first.columns, second.columns);
  const room = { first: sharedZeros(first.rows, columns).data, second: sharedZeros(second.rows, columns).data };
  const backRoom = { first: room.second, second: room.first };
  const mapForward = async () => ({ ...folded.data, ...(await mapItems(products, folded, 'forward', room, job)) });
  const mapBack = async () => ({
    ...swapped(folded.data),
    ...(await mapItems(products, folded, 'backward', backRoom, job)),
  });
  const rankIn = (data: PairsInSpace): Promise<Direction[]> =>
    rankFolds(folded, (held, quiet) => rankPairs(products, data, held, folded.relevance, quiet), job);
  const previewed = preview && (await previewIn(products, await mapForward(), folded, preview.asked, job));
  const back = await mapBack();
  if (previewed)
    preview.tell({ forward: previewed, backward: await previewIn(products, back, folded, preview.asked, job) });
  const backward = join(await rankIn(back));
  // Before the room is used again.
  const backStrange = similarityToOthers(back, strangers.previous);
  const data = await mapForward();
  const strange = { ...strangers, forward: similarityToOthers(data, strangers.next), backward: backStrange };
  const mapped = { first: data.first, second: data.second };
  return { forward: join(await rankIn(data)), backward, mapped, strangers: strange };
}

/** Both sides are mapped into one space, where they rank each other. */
export async function rankBothWays(products: Products, folded: FoldedPairs, job: Job): Promise<Ranking> {
  const mapped = await mapItems(products, folded, 'forward', {}, job);
  const data = { ...folded.data, ...mapped };
  await previewBothWays(products, data, folded, job);
  const ranked = await rankFolds(
    folded,
    (held, quiet) => rankPairsBothWays(products, data, held, folded.relevance, quiet),
    job,
  );
  return {
    forward: join(ranked.map(({ forward }) => forward)),
    backward: join(ranked.map(({ backward }) => backward)),
    mapped,
    strangers: strangersBothWays(data, folded.strangers),
  };
}

/** In one space, both sides ask the same. */
export function strangersBothWays(data: PairsInSpace, strangers: Strangers): StrangerSimilarities {
  return {
    ...strangers,
    forward: similarityToOthers(data, strangers.next),
    backward: similarityToOthers(swapped(data), strangers.previous),
  };
}

/** Every item by the map that was fitted without its fold; `first` is the side that asks. */
async function mapItems(
  products: Products,
  { data, foldOf, maps }: FoldedPairs,
  side: Side,
  into: { readonly first?: Float32Array; readonly second?: Float32Array },
  job: Job,
): Promise<MappedItems> {
  const view = side === 'forward' ? data : swapped(data);
  const inOrder = maps.filter((map) => map.side === side).sort((a, b) => a.fold - b.fold);
  const mapSide = async (which: 'first' | 'second', itemOf: Uint32Array): Promise<Rows> => {
    const [matrix, room] = [view[which], into[which]];
    const groupOf = foldsOfItems(itemOf, foldOf, matrix.rows);
    const through = inOrder.map(({ map }) => map[which]);
    const mapping = { rows: { matrix }, groupOf, maps: through, ...(room !== undefined && { room }) };
    return { matrix: await mapToUnit(products, mapping, job) };
  };
  return { first: await mapSide('first', view.firstOf), second: await mapSide('second', view.secondOf) };
}

/** All pairs of an item are in one fold. */
function foldsOfItems(itemOf: Uint32Array, foldOf: Uint32Array, items: number): Uint32Array {
  const folds = new Uint32Array(items);
  for (const [pair, item] of itemOf.entries()) folds[item] = foldOf[pair] ?? 0;
  return folds;
}

/** What a preview needs to know of the folds. */
type Previewed = Pick<FoldedPairs, 'foldOf' | 'folds' | 'relevance' | 'preview'>;

/** Tells the preview, if there is to be one, in a space that both sides share. */
export async function previewBothWays(
  products: Products,
  data: PairsInSpace,
  folded: Previewed,
  job: Job,
): Promise<void> {
  const { preview } = folded;
  if (preview === undefined) return;
  const forward = await previewIn(products, data, folded, preview.asked, job);
  preview.tell({ forward, backward: await previewIn(products, swapped(data), folded, preview.asked, job) });
}

/** The first items of the pairs that are asked for, each ranking those of its fold. */
async function previewIn(
  products: Products,
  data: PairsInSpace,
  folded: Previewed,
  asked: ReadonlySet<number>,
  job: Job,
): Promise<Pick<Direction, 'ranked'>> {
  const rank = (pairs: Uint32Array, quiet: Job) => rankSome(products, data, { pairs, asked }, folded.relevance, quiet);
  return { ranked: (await rankFolds(folded, rank, job)).flat() };
}

async function rankFolds<T>(
  { foldOf, folds }: Previewed,
  rank: (held: Uint32Array, job: Job) => Promise<T>,
  job: Job,
): Promise<T[]> {
  const ranked: T[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const held = Uint32Array.from(foldOf.keys()).filter((pair) => foldOf[pair] === fold);
    ranked.push(await rank(held, quietly(job)));
    job.progress?.({ stage: 'ranking held-out pairs', done: fold + 1, total: folds });
  }
  return ranked;
}

/** A fold is a step of its own: what happens within it is not told. */
function quietly({ signal }: Job): Job {
  return signal === undefined ? {} : { signal };
}

function join(directions: readonly Direction[]): Direction {
  return {
    ranked: directions.flatMap(({ ranked }) => ranked),
    scored: directions.flatMap(({ scored }) => scored).sort((a, b) => a.pair - b.pair),
  };
}
