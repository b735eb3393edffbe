import { appendFile, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ItemRow } from '../../../src/dataset/snapshot.ts';
import { UnfinishedSet } from '../../../src/embedding/unfinishedSet.ts';
import { placeWith } from '../dataset/place.ts';

const [STATE, OTHER] = ['0123456789ab', 'ba9876543210'];
const ITEMS = ['a', 'b', 'c'].map((id): ItemRow => {
  return { id, modality: 'text', path: id, location: { path: id }, bytes: 1, readable: true };
});
const FIRST = { items: 2, dimensions: 2, unreadable: [{ item: 'a', sentence: 'a is empty.' }], isShared: false };

let folder: string;
beforeEach(async () => {
  folder = await placeWith({});
});

async function open(set = 'text-words', state = STATE): Promise<UnfinishedSet> {
  return await UnfinishedSet.open(folder, set, state);
}

/** The batch of a and b, of which b has a vector. */
async function withFirst(): Promise<UnfinishedSet> {
  const set = await open();
  await set.add(FIRST, Float32Array.of(1, 2));
  return set;
}

describe('UnfinishedSet', () => {
  it('gives what was added, when all is', async () => {
    const set = await withFirst();
    await set.add({ items: 1, dimensions: 2, unreadable: [], isShared: true }, Float32Array.of(3, 4));
    expect(set).toMatchObject({ done: 3, dimensions: 2, isShared: true, unreadable: FIRST.unreadable });
    expect(await set.read(ITEMS)).toEqual({
      dimensions: 2,
      ids: ['b', 'c'],
      vectors: Float32Array.of(1, 2, 3, 4),
      unreadable: FIRST.unreadable,
    });
    await set.remove();
    expect(await readdir(folder)).toEqual([]);
  });

  it('goes on from what was released', async () => {
    await (await withFirst()).release();
    const again = await open();
    expect(again.done).toBe(2);
    await again.add({ items: 1, dimensions: 2, unreadable: [], isShared: false }, Float32Array.of(3, 4));
    expect((await again.read(ITEMS)).vectors).toEqual(Float32Array.of(1, 2, 3, 4));
  });

  it('goes on from what a killed process left, without the batch that it was writing', async () => {
    await withFirst();
    const [name = ''] = await readdir(folder);
    await appendFile(join(folder, name, 'vectors.f32'), Buffer.from('half'));
    await appendFile(join(folder, name, 'batches.jsonl'), '{"items": 1, "dimen');
    // No process has so high a number.
    await rename(join(folder, name), join(folder, name.replace(/\.\d+\.([0-9a-f]{8})\.tmp$/, '.4194999.$1.tmp')));
    const again = await open();
    expect(again.done).toBe(2);
    await again.add({ items: 1, dimensions: 2, unreadable: [], isShared: false }, Float32Array.of(3, 4));
    expect((await again.read(ITEMS)).vectors).toEqual(Float32Array.of(1, 2, 3, 4));
  });

  it('does not touch what another run is writing, or another set', async () => {
    await withFirst();
    await (await open('text-words.2')).release();
    expect((await open()).done).toBe(0);
    expect(await readdir(folder)).toHaveLength(3);
  });

  it('removes what was left of other items or another encoder', async () => {
    await (await withFirst()).release();
    const other = await open('text-words', OTHER);
    expect(other.done).toBe(0);
    expect(await readdir(folder)).toHaveLength(1);
  });
});
