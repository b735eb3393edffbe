import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNpy } from '../../../src/base/npy.ts';
import { loadDataset } from '../../../src/dataset/config.ts';
import { indexDataset } from '../../../src/dataset/indexer.ts';
import { initDataset } from '../../../src/dataset/propose.ts';
import { Snapshot } from '../../../src/dataset/snapshot.ts';
import type { EmbeddingSet } from '../../../src/embedding/embeddingSet.ts';
import { embeddingsOf, encodeSnapshot } from '../../../src/embedding/encodeSnapshot.ts';
import { Modality } from '../../../src/protocol.ts';
import { writeSample } from '../../../src/sample/sample.ts';

let folder: string;
let snapshot: Snapshot;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pairlab encode '));
  await writeSample(folder, { classes: 8, pairsPerClass: 12 });
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

/** Share of items whose class is that of the nearest centroid of the other items' classes, by cosine. */
function centroidAccuracy({ ids, vectors, dimensions }: EmbeddingSet, classOf: ReadonlyMap<string, string>): number {
  const sums = new Map<string, Float64Array>();
  const rowOf = (row: number) => vectors.subarray(row * dimensions, (row + 1) * dimensions);
  for (const [row, id] of ids.entries()) {
    const sum = sums.get(classOf.get(id) ?? '') ?? new Float64Array(dimensions);
    sums.set(
      classOf.get(id) ?? '',
      sum.map((value, c) => value + (rowOf(row)[c] ?? 0)),
    );
  }
  const right = ids.filter((id, row) => {
    const own = classOf.get(id) ?? '';
    const scored = [...sums].map(([name, sum]) => {
      const centre = name === own ? sum.map((value, c) => value - (rowOf(row)[c] ?? 0)) : sum;
      const length = Math.hypot(...centre);
      return { name, score: centre.reduce((total, value, c) => total + value * (rowOf(row)[c] ?? 0), 0) / length };
    });
    return scored.reduce((best, other) => (other.score > best.score ? other : best)).name === own;
  });
  return right.length / ids.length;
}

describe('encodeSnapshot', () => {
  it.each(Modality.options)(
    'gives %s items finite vectors that tell their class, and the same again',
    async (modality) => {
      const set = await encodeSnapshot(snapshot, modality);
      const items = await snapshot.items(modality);
      expect(set.ids).toEqual(items.map(({ id }) => id));
      expect(set.vectors).toHaveLength(items.length * set.dimensions);
      expect(set.vectors.every(Number.isFinite)).toBe(true);
      expect(set.dimensions).toBeLessThanOrEqual(128);
      const classes = new Map(items.map((item) => [item.id, item.class ?? '']));
      expect(centroidAccuracy(set, classes)).toBeGreaterThan(2 / 8);
      const again = await encodeSnapshot(snapshot, modality);
      expect(Buffer.compare(Buffer.from(again.vectors.buffer), Buffer.from(set.vectors.buffer))).toBe(0);
      expect(again.ids).toEqual(set.ids);
    },
  );

  it.each([
    ['image', 'patches-pca'],
    ['audio', 'log-mel-pca'],
  ] as const)(
    'gives %s items by %s as many numbers, the first ones of the most variance',
    async (modality, encoder) => {
      const { vectors, dimensions, ids } = await encodeSnapshot(snapshot, modality, { encoder });
      expect(dimensions).toBe((await encodeSnapshot(snapshot, modality)).dimensions);
      const squares = Array.from({ length: dimensions }, (_, at) =>
        ids.reduce((sum, _id, row) => sum + (vectors[row * dimensions + at] ?? 0) ** 2, 0),
      );
      expect(squares[0]).toBeGreaterThan(3 * (squares[9] ?? 0));
      expect(squares[9]).toBeGreaterThan(2 * (squares[dimensions - 1] ?? 0));
    },
  );

  it('fits on the train split only', async () => {
    const set = await encodeSnapshot(snapshot, 'text');
    const train = (await snapshot.items('text')).filter(({ split }) => split === 'train');
    expect(set.fitted).toEqual({ items: train.length, split: 'train' });
  });

  it('stores an array that others can read, and nothing else beside it', async () => {
    const set = await encodeSnapshot(snapshot, 'audio');
    const stored = join(snapshot.dataset.folder, 'embeddings', 'audio-log-mel');
    expect((await readdir(stored)).sort()).toEqual(['embedding.json', 'ids.parquet', 'vectors.npy']);
    expect(await readNpy(join(stored, 'vectors.npy'))).toEqual({
      rows: set.ids.length,
      columns: set.dimensions,
      data: set.vectors,
    });
    expect((await readdir(join(stored, '..'))).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  it('leaves nothing behind when it is stopped', async () => {
    await expect(encodeSnapshot(snapshot, 'image', { signal: AbortSignal.abort() })).rejects.toThrow(
      'Stopped as asked',
    );
    const names = await readdir(join(snapshot.dataset.folder, 'embeddings'));
    expect(names.filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  it('names an item that can no longer be read, and encodes the others', async () => {
    const other = await mkdtemp(join(tmpdir(), 'pairlab vanished '));
    try {
      await writeSample(other, { classes: 4, pairsPerClass: 5 });
      const indexed = await openIndexed(other);
      const items = await indexed.items('image');
      const [gone, broken] = [items[3], items[10]];
      await rm(gone?.location.path ?? '');
      await writeFile(broken?.location.path ?? '', 'this is no picture');
      const set = await encodeSnapshot(indexed, 'image');
      expect(set.unreadable.map(({ item }) => item)).toEqual([gone?.id, broken?.id]);
      expect(set.ids).toEqual(items.filter((item) => item !== gone && item !== broken).map(({ id }) => id));
      expect(set.vectors).toHaveLength(set.ids.length * set.dimensions);
      indexed.close();
    } finally {
      await rm(other, { recursive: true });
    }
  });
});

describe('embeddingsOf', () => {
  const record = () => join(snapshot.dataset.folder, 'embeddings', 'text-ngrams', 'embedding.json');

  it('reuses what is stored for the same snapshot and encoder', async () => {
    const set = await encodeSnapshot(snapshot, 'text');
    expect(await embeddingsOf(snapshot, 'text')).toEqual(set);
  });

  it.each([
    ['other contents', (text: string) => text.replace(/"contents": "[^"]+"/, '"contents": "other"')],
    ['another version of the encoder', (text: string) => text.replace(/"version": \d+/, '"version": 0')],
    ['a damaged record', () => '{'],
  ])('encodes again for %s', async (_, change) => {
    const set = await encodeSnapshot(snapshot, 'text');
    await writeFile(record(), change(await readFile(record(), 'utf8')));
    const again = await embeddingsOf(snapshot, 'text');
    expect(again.created).not.toBe(set.created);
    expect(again.vectors).toEqual(set.vectors);
  });

  it('encodes again when the array is cut short', async () => {
    await encodeSnapshot(snapshot, 'text');
    const path = join(snapshot.dataset.folder, 'embeddings', 'text-ngrams', 'vectors.npy');
    await writeFile(path, (await readFile(path)).subarray(0, -8));
    expect((await embeddingsOf(snapshot, 'text')).ids).toHaveLength(96);
  });
});
