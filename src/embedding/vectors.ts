import { breathe } from '../base/concurrency.ts';
import { InputError } from '../base/errors.ts';
import { sharedZeros } from '../base/matrix.ts';
import type { Job } from '../base/progress.ts';
import { openVectors } from '../container/vectors.ts';
import { faultOfVector, faultText } from '../dataset/formats/vectorItems.ts';
import type { ItemRow } from '../dataset/snapshot.ts';
import type { Modality } from '../protocol.ts';
import { type EncodedItems, type Failed, withoutFailed } from './encodedItems.ts';
import type { VectorSource } from './vectorSource.ts';

/** Vectors of the dataset itself. They are read each time anew. */
export const VECTORS: VectorSource = {
  name: 'vectors',
  version: 1,
  isStored: false,
  encode: async ({ items, modality }, job) => ({ fitted: { items: 0 }, ...(await readVectors(items, modality, job)) }),
};

/** So many numbers are read at a time. */
const NUMBERS_PER_BLOCK = 1024 * 1024;

/**
 * Items that are vectors already, as they stand in their arrays: nothing is fitted or scaled. A caption that came with a
 * vector (DataComp) counts as that vector, because it is what the vector of its picture was trained to agree with; its
 * words only tell people what it is. A vector that cannot be read or says nothing, with a number that is not finite or with
 * zeros only, gets no row and is named in `unreadable`. Throws {@link InputError} when lengths differ or nothing is left.
 */
async function readVectors(items: readonly ItemRow[], modality: Modality, job: Job): Promise<EncodedItems> {
  const reading = new Reading(items, onlyLength(items, modality), modality, job);
  for (const cells of byArray(items).values()) await reading.read(cells);
  const encoded = reading.end();
  const [first] = encoded.unreadable;
  if (encoded.ids.length > 0 || first === undefined) return encoded;
  throw new InputError(`None of the ${items.length} ${modality} vectors can be used. The first one: ${first.sentence}`);
}

/** An item and its place among all items. */
interface Cell {
  readonly item: ItemRow;
  readonly index: number;
  /** Row of its array, from 0. */
  readonly row: number;
}

function onlyLength(items: readonly ItemRow[], modality: Modality): number {
  const [first] = items;
  const other = items.find(({ dimensions }) => dimensions !== first?.dimensions);
  if (other === undefined) return first?.dimensions ?? 0;
  const [one, another] = [first, other].map((item) => `${item?.dimensions ?? 'no'} numbers (${item?.path})`);
  throw new InputError(
    `Some ${modality} vectors have ${one}, others ${another}, so they cannot be compared. Encode all of them with one encoder, or leave an array out of the dataset.`,
  );
}

/** The items of each array, in the order of its rows. */
function byArray(items: readonly ItemRow[]): Map<string, Cell[]> {
  const arrays = new Map<string, Cell[]>();
  for (const [index, item] of items.entries()) {
    const { path, column, row = 0 } = item.location;
    const array = JSON.stringify([path, column]);
    const cells = arrays.get(array) ?? [];
    if (cells.length === 0) arrays.set(array, cells);
    cells.push({ item, index, row });
  }
  for (const cells of arrays.values()) cells.sort((a, b) => a.row - b.row);
  return arrays;
}

class Reading {
  readonly #items: readonly ItemRow[];
  readonly #dimensions: number;
  readonly #modality: Modality;
  readonly #job: Job;
  readonly #all: Float32Array;
  readonly #failed = new Map<ItemRow, Failed>();
  #done = 0;

  constructor(items: readonly ItemRow[], dimensions: number, modality: Modality, job: Job) {
    this.#items = items;
    this.#dimensions = dimensions;
    this.#modality = modality;
    this.#job = job;
    this.#all = sharedZeros(items.length, dimensions).data;
  }

  /** Reads the items of one array, block by block. */
  async read(cells: readonly Cell[]): Promise<void> {
    const [first] = cells;
    if (first === undefined) return;
    try {
      const { path, column } = first.item.location;
      const vectors = await openVectors(path, column);
      try {
        const step = Math.max(1, Math.floor(NUMBERS_PER_BLOCK / Math.max(1, vectors.columns)));
        for (let at = 0; at < cells.length; ) {
          const from = cells[at]?.row ?? 0;
          const block = cells.slice(at, at + step).filter(({ row }) => row < from + step);
          const last = block.at(-1)?.row ?? from;
          this.#take(block, from, vectors.columns, await vectors.read(from, last + 1));
          at += block.length;
          await breathe(this.#job.signal);
        }
      } finally {
        vectors.close();
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      for (const { item } of cells) this.#failed.set(item, { sentence: error.message });
    }
  }

  end(): EncodedItems {
    return withoutFailed(this.#items, this.#all, this.#dimensions, this.#failed);
  }

  /** @param numbers rows from number `from` on, × `columns` */
  #take(cells: readonly Cell[], from: number, columns: number, numbers: Float32Array): void {
    for (const { item, index, row } of cells) {
      const vector = numbers.subarray((row - from) * columns, (row - from + 1) * columns);
      const failed = vector.length === this.#dimensions ? unusable(item, vector) : this.#changed(item, vector.length);
      if (failed === undefined) this.#all.set(vector, index * this.#dimensions);
      else this.#failed.set(item, failed);
    }
    this.#done += cells.length;
    const stage = `reading ${this.#modality} vectors`;
    this.#job.progress?.({ stage, done: this.#done, total: this.#items.length });
  }

  #changed({ id }: ItemRow, length: number): Failed {
    const had = `has ${length} numbers, but had ${this.#dimensions} when it was indexed`;
    const now = length === 0 ? 'is no longer in its array' : had;
    return { sentence: `${id} ${now}: index the dataset again.` };
  }
}

function unusable({ id }: ItemRow, vector: Float32Array): Failed | undefined {
  const fault = faultOfVector(vector);
  return fault && { sentence: `${id} ${faultText[fault]}: encode its item again or exclude it.`, fault };
}
