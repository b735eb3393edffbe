import { cp, mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancelledError, EnvironmentError } from '../../../../src/base/errors.ts';
import { readNpy } from '../../../../src/base/npy.ts';
import { loadDataset } from '../../../../src/dataset/config.ts';
import { indexDataset } from '../../../../src/dataset/indexer.ts';
import { initDataset } from '../../../../src/dataset/propose.ts';
import { Snapshot } from '../../../../src/dataset/snapshot.ts';
import type { MediaSet } from '../../../../src/embedding/media/mediaSet.ts';
import { mediaEncodingOf, mediaSetOf } from '../../../../src/embedding/media/readMedia.ts';
import { writeIds } from '../../../../src/embedding/setFolder.ts';
import { Modality } from '../../../../src/protocol.ts';
import { writeSample } from '../../../../src/sample/sample.ts';
import { npyRows } from '../../container/arraysOf.ts';
import { placeWith } from '../../dataset/place.ts';

let folder: string;
let snapshot: Snapshot;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pairlab media '));
  await writeSample(folder, { classes: 4, pairsPerClass: 20 });
  snapshot = await openIndexed(folder);
});
afterAll(async () => {
  snapshot.close();
  await rm(folder, { recursive: true });
});

async function openIndexed(workspace: string): Promise<Snapshot> {
  await initDataset(workspace, { force: true });
  const dataset = await loadDataset(workspace);
  await indexDataset(dataset);
  return await Snapshot.open(dataset);
}

const stored = (name: string) => join(snapshot.dataset.folder, 'media', name);
const everything = ({ ids, gather }: MediaSet) => gather([...ids.keys()]);
/** Opens a set, looks, and closes it. */
async function look<T>(modality: Modality, what: (set: MediaSet) => T): Promise<T> {
  const set = await mediaSetOf(snapshot, modality, 'media');
  try {
    return what(set);
  } finally {
    set.close();
  }
}

describe('a media set', () => {
  it.each(Modality.options)(
    'gives every %s item an array of finite numbers, the same again when read anew',
    async (modality) => {
      const items = await snapshot.items(modality);
      const { shape } = await mediaEncodingOf(snapshot, modality, 'media');
      const first = await look(modality, (set) => {
        expect(set.ids).toEqual(items.map(({ id }) => id));
        expect(set.shape).toEqual(shape);
        return everything(set);
      });
      expect(first.length).toBe(items.length * shape.reduce((product, length) => product * length, 1));
      expect(first.every(Number.isFinite)).toBe(true);
      await rm(join(snapshot.dataset.folder, 'media'), { recursive: true });
      expect(Buffer.compare(Buffer.from((await look(modality, everything)).buffer), Buffer.from(first.buffer))).toBe(0);
    },
  );

  it('holds sounds as patches of the same grid as pictures, and refuses texts', async () => {
    const set = await mediaSetOf(snapshot, 'audio', 'patches');
    expect(set.shape).toEqual([6, 6, 36]);
    const values = everything(set);
    expect(values.length).toBe(80 * 36 * 36);
    expect(values.every((value) => value >= -1 && value <= 1)).toBe(true);
    set.close();
    const sentence = '`inputs: patches` is not possible for text items. Set `inputs: media`.';
    await expect(mediaSetOf(snapshot, 'text', 'patches')).rejects.toThrow(sentence);
  });

  it('is an array that others can read, with nothing else beside it', async () => {
    const values = await look('text', everything);
    expect((await readdir(stored('text-words'))).sort()).toEqual(['arrays.npy', 'ids.parquet', 'media.json']);
    expect((await readNpy(join(stored('text-words'), 'arrays.npy'))).data).toEqual(values);
    expect(
      (await readdir(join(snapshot.dataset.folder, 'media'))).filter((name) => /\.(tmp|left)$/.test(name)),
    ).toEqual([]);
  });

  it('is used again as it is, and read anew when its items, its version or its arrays have changed', async () => {
    const record = join(stored('text-words'), 'media.json');
    const created = () => look('text', (set) => set.created);
    const first = await created();
    expect(await created()).toBe(first);
    for (const change of [
      (text: string) => text.replace(/"contents": "[^"]+"/, '"contents": "other"'),
      (text: string) => text.replace(/"version": \d+/, '"version": 0'),
      () => '{',
    ]) {
      const before = await created();
      await writeFile(record, change(await readFile(record, 'utf8')));
      expect(await created()).not.toBe(before);
    }
    const before = await created();
    await truncate(join(stored('text-words'), 'arrays.npy'), 4000);
    expect(await created()).not.toBe(before);
  });

  it('goes on where it was stopped', async () => {
    await rm(stored('image-pixels'), { recursive: true, force: true });
    const stop = new AbortController();
    const done: number[] = [];
    const progress = (state: { done: number }) => {
      done.push(state.done);
      stop.abort();
    };
    await expect(mediaSetOf(snapshot, 'image', 'media', { signal: stop.signal, progress })).rejects.toThrow(
      CancelledError,
    );
    expect(done).toEqual([64]);
    const again: number[] = [];
    const set = await mediaSetOf(snapshot, 'image', 'media', { progress: (state) => again.push(state.done) });
    expect(again).toEqual([80]);
    expect(set.ids).toHaveLength(80);
    set.close();
  });

  it('stays what it was for who has it open, while another takes its place', async () => {
    const set = await mediaSetOf(snapshot, 'text', 'media');
    const before = everything(set);
    await rm(stored('text-words'), { recursive: true });
    await look('text', () => undefined);
    expect(everything(set)).toEqual(before);
    set.close();
  });

  it('is made by several processes at once, and each of them reads a whole one', async () => {
    await rm(stored('text-words'), { recursive: true });
    const sets = await Promise.all([1, 2, 3].map(() => mediaSetOf(snapshot, 'text', 'media')));
    for (const set of sets) {
      expect(everything(set).length).toBe(80 * 32 * 64);
      set.close();
    }
  });

  it('names an item that cannot be read, and holds the others', async () => {
    const copy = await mkdtemp(join(tmpdir(), 'pairlab media damaged '));
    try {
      await cp(folder, copy, { recursive: true, filter: (path) => !path.includes('.pairlab') });
      const indexed = await openIndexed(copy);
      const items = await indexed.items('image');
      await writeFile(items[3]?.location.path ?? '', 'this is no picture');
      const set = await mediaSetOf(indexed, 'image', 'media');
      expect(set.unreadable).toEqual([{ item: items[3]?.id, sentence: expect.stringContaining('.png') }]);
      expect(set.ids).toEqual(items.filter((_, at) => at !== 3).map(({ id }) => id));
      set.close();
      indexed.close();
    } finally {
      await rm(copy, { recursive: true });
    }
  });

  it('reads only the rows that are wanted of an array that is too large for memory', async () => {
    const set = await mediaSetOf(snapshot, 'image', 'media');
    const third = set.gather([3]);
    const [size, rows] = [third.length, 150_000];
    set.close();
    // Behind its 80 rows the file is a hole: 2.3 GB, more than can be read at once.
    const file = await open(join(stored('image-pixels'), 'arrays.npy'), 'r+');
    const header = Buffer.alloc(128);
    await file.read(header, 0, 128, 0);
    const grown = header.toString('latin1').replace(`(80, ${size}), }    `, `(${rows}, ${size}), }`);
    await file.write(Buffer.from(grown, 'latin1'), 0, 128, 0);
    await file.truncate(128 + rows * size * 4);
    await file.close();
    await writeIds(
      stored('image-pixels'),
      Array.from({ length: rows }, (_, row) => String(row)),
    );
    const large = await mediaSetOf(snapshot, 'image', 'media');
    expect(large.ids).toHaveLength(rows);
    const before = process.memoryUsage().arrayBuffers;
    expect(large.gather([3, rows - 1]).subarray(0, size)).toEqual(third);
    expect(large.gather([rows - 1]).every((value) => value === 0)).toBe(true);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10e6);
    expect(() => large.gather([rows])).toThrow(EnvironmentError);
    expect(await large.read([3, rows - 1, 3])).toEqual(large.gather([3, rows - 1, 3]));
    await expect(large.read([3, rows])).rejects.toThrow(EnvironmentError);
    large.close();
  });

  it('is refused for items that are vectors, with what to set', async () => {
    const place = await placeWith({
      'img_emb/img_emb_0.npy': npyRows([[1, 2]]),
      'text_emb/text_emb_0.npy': npyRows([[1, 2]]),
    });
    const vectors = await openIndexed(place);
    const sentence = /the image items of .* are vectors, which hold no media\. Set `inputs: embeddings`\./;
    await expect(mediaSetOf(vectors, 'image', 'media')).rejects.toThrow(sentence);
    vectors.close();
  });
});
