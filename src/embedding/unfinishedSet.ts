import { appendFile, mkdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { EnvironmentError, errorCode, explainFileError } from '../base/errors.ts';
import { isAbandoned, namesIn, readTextIfThere, unfinishedPath } from '../base/files.ts';
import { sharedZeros } from '../base/matrix.ts';
import { toFloats } from '../base/numberType.ts';
import { openFile } from '../container/source.ts';
import type { ItemRow } from '../dataset/snapshot.ts';
import { UnreadableItem } from './embeddingSet.ts';
import type { EncodedItems } from './encodedItems.ts';

/** What was added: so many items, of which the unreadable ones have no vector. */
const Batch = z.object({
  items: z.int().positive(),
  /** 0 when none of them has a vector. */
  dimensions: z.int().nonnegative(),
  unreadable: z.array(UnreadableItem),
  isShared: z.boolean(),
});
export type Batch = z.infer<typeof Batch>;

const NUMBERS = 'vectors.f32';
const BLOCK_BYTES = 4 * 1024 * 1024;
const BATCHES = 'batches.jsonl';
/** The set, 12 digits of its state, and whether it was released or who writes it. */
const LEFT = /^(.+)\.[0-9a-f]{12}\.(left|.+\.tmp)$/;

/**
 * Vectors of a set that is being encoded, on disk batch by batch in the order of the items, so that a killed run goes on
 * where it stopped. A batch counts once its line is written, which is after its numbers. Of several processes that encode
 * the same set at once, each has its own.
 */
export class UnfinishedSet {
  readonly #folder: string;
  /** Where another run finds what this one leaves. */
  readonly #released: string;
  readonly #batches: Batch[];

  /**
   * @param folder where the embedding sets of the dataset lie
   * @param set names what is encoded
   * @param state of the items and the encoder, 12 hexadecimal digits: what was left of another state is removed
   */
  static async open(folder: string, set: string, state: string): Promise<UnfinishedSet> {
    const released = join(folder, `${set}.${state}.left`);
    const path = unfinishedPath(join(folder, `${set}.${state}`));
    try {
      for (const left of await leftOf(folder, set)) {
        const isOfState = left.startsWith(join(folder, `${set}.${state}.`));
        // Only one of several processes gets it.
        if (!isOfState || !(await moveTo(left, path))) await rm(left, { recursive: true, force: true });
      }
      await mkdir(path, { recursive: true });
      return new UnfinishedSet(path, released, await readBatches(path));
    } catch (error) {
      throw explainFileError(error, path);
    }
  }

  private constructor(folder: string, released: string, batches: Batch[]) {
    this.#folder = folder;
    this.#released = released;
    this.#batches = batches;
  }

  /** Items that are done. */
  get done(): number {
    return this.#batches.reduce((sum, { items }) => sum + items, 0);
  }

  /** Numbers of a vector; 0 while there is none. */
  get dimensions(): number {
    return this.#batches.find(({ dimensions }) => dimensions > 0)?.dimensions ?? 0;
  }

  /** True for vectors in a space that the two sides of a model share. */
  get isShared(): boolean {
    return this.#batches.some(({ isShared }) => isShared);
  }

  /** The items without a vector, and why each has none. */
  get unreadable(): UnreadableItem[] {
    return this.#batches.flatMap((batch) => batch.unreadable);
  }

  /** @param vectors of the readable ones of the items, one after the other */
  async add(batch: Batch, vectors: Float32Array): Promise<void> {
    try {
      const bytes = new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength);
      await appendFile(join(this.#folder, NUMBERS), bytes);
      await appendFile(join(this.#folder, BATCHES), `${JSON.stringify(batch)}\n`);
    } catch (error) {
      throw explainFileError(error, this.#folder);
    }
    this.#batches.push(batch);
  }

  /** The ids of the items that have a vector, in the order of their vectors. */
  idsOf(items: readonly ItemRow[]): string[] {
    const without = new Set(this.unreadable.map(({ item }) => item));
    return items.map(({ id }) => id).filter((id) => !without.has(id));
  }

  /** All vectors end to end, some at a time: for more than memory holds. */
  async *blocks(): AsyncGenerator<Float32Array, undefined> {
    const file = openFile(join(this.#folder, NUMBERS));
    try {
      for (let at = 0; at < file.size; at += BLOCK_BYTES) {
        yield toFloats(await file.read(at, BLOCK_BYTES), 'float32');
      }
    } finally {
      file.close();
    }
  }

  /** All vectors, when all items are done. */
  async read(items: readonly ItemRow[]): Promise<EncodedItems> {
    const { unreadable } = this;
    const ids = this.idsOf(items);
    const vectors = sharedZeros(ids.length, this.dimensions).data;
    let at = 0;
    for await (const block of this.blocks()) {
      if (at + block.length <= vectors.length) vectors.set(block, at);
      at += block.length;
    }
    if (at === vectors.length) return { dimensions: this.dimensions, ids, vectors, unreadable };
    throw new EnvironmentError(`${this.#folder} is damaged. Delete it and encode again.`);
  }

  /** Leaves to the next run what is done. */
  async release(): Promise<void> {
    if (!(await moveTo(this.#folder, this.#released))) await this.remove();
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** What runs that were stopped or killed left of a set. */
async function leftOf(folder: string, set: string): Promise<string[]> {
  const left: string[] = [];
  for (const name of await namesIn(folder)) {
    const [, itsSet, rest] = LEFT.exec(name) ?? [];
    const path = join(folder, name);
    if (itsSet === set && (rest === 'left' || (await isAbandoned(path)))) left.push(path);
  }
  return left;
}

/** False when the folder is gone, or something is there already. */
async function moveTo(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTEMPTY', 'EEXIST', 'EPERM'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}

/** The batches whose numbers are all there; whatever was written behind them is cut off. */
async function readBatches(folder: string): Promise<Batch[]> {
  const numbers = join(folder, NUMBERS);
  await appendFile(numbers, '');
  const { size } = await stat(numbers);
  const batches: Batch[] = [];
  let bytes = 0;
  for (const line of ((await readTextIfThere(join(folder, BATCHES))) ?? '').split('\n')) {
    const batch = parse(line);
    const end = bytes + (batch === undefined ? 0 : 4 * (batch.items - batch.unreadable.length) * batch.dimensions);
    if (batch === undefined || end > size) break;
    batches.push(batch);
    bytes = end;
  }
  await truncate(numbers, bytes);
  await writeFile(join(folder, BATCHES), batches.map((batch) => `${JSON.stringify(batch)}\n`).join(''));
  return batches;
}

/** `undefined` for a line that a killed process did not finish. */
function parse(line: string): Batch | undefined {
  try {
    return Batch.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
