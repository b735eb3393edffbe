import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { loadDataset } from '../../../../src/dataset/config.ts';
import { indexDataset } from '../../../../src/dataset/indexer.ts';
import { Snapshot } from '../../../../src/dataset/snapshot.ts';
import type { EmbeddingSet } from '../../../../src/embedding/embeddingSet.ts';
import { embeddingSetsOf } from '../../../../src/embedding/embeddingSets.ts';
import { embeddingsOf, encoderOf } from '../../../../src/embedding/encodeSnapshot.ts';
import { npyOf, npyRows, safetensorsOf } from '../../container/arraysOf.ts';
import { zipOf } from '../../container/zipOf.ts';
import { writeParquetFile } from '../../dataset/formats/parquetFile.ts';
import { addFiles, BY_STEM, copyOf, type Files, picture, placeWith, sound } from '../../dataset/place.ts';

/** The vectors of a, b and c. */
const [A, B, C] = [
  [1, 2],
  [3, -4],
  [0.5, 6],
];
const ROWS = [A, B, C].map((row) => row ?? []);

let original: string;
beforeAll(async () => {
  original = await mkdtemp(join(tmpdir(), 'pairlab three '));
  const files: Record<string, string | Uint8Array> = { 'pairlab.yaml': BY_STEM };
  for (const [index, stem] of ['a', 'b', 'c'].entries()) {
    files[`images/${stem}.png`] = await picture(index + 1);
    files[`audio/${stem}.wav`] = sound({ samples: [index * 100, 9, -500] });
  }
  await addFiles(original, files);
  await indexDataset(await loadDataset(original));
});
afterAll(() => rm(original, { recursive: true }));

/** Three pictures named a, b and c, each with a sound, in a folder of the test's own. */
async function threePictures(): Promise<Snapshot> {
  const snapshot = await Snapshot.open(await loadDataset(await copyOf(original)));
  onTestFinished(() => snapshot.close());
  return snapshot;
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  return join(await placeWith({ [name]: content }), name);
}

function rowsOf({ ids, vectors, dimensions }: EmbeddingSet): Record<string, number[]> {
  return Object.fromEntries(
    ids.map((id, row) => [id, [...vectors.subarray(row * dimensions, (row + 1) * dimensions)]]),
  );
}

const ALL = { 'images/a.png': A, 'images/b.png': B, 'images/c.png': C };

describe('imported arrays', () => {
  it.each([
    ['float16', npyOf('<f2', [3, 2], Buffer.from('003c0040004200c400380046', 'hex'))],
    ['float32', npyRows(ROWS)],
    ['float64', npyOf('<f8', [3, 2], Buffer.from(Float64Array.from(ROWS.flat()).buffer))],
  ])('of %s are taken by their position, with a warning, when there are as many as items', async (_, npy) => {
    const set = await embeddingsOf(await threePictures(), 'image', { encoder: await file('clip.npy', npy) });
    expect(rowsOf(set)).toEqual(ALL);
    expect(set).toMatchObject({ encoder: 'clip', fitted: { items: 0 }, unreadable: [], origin: { kind: 'arrays' } });
    expect(set.notes).toEqual([expect.stringMatching(/^Vectors were taken by their position, .*: check that/)]);
  });

  it('of whole numbers are read', async () => {
    const npy = npyOf('<i8', [3, 2], Buffer.from(BigInt64Array.of(1n, 2n, 3n, -4n, 5n, 6n).buffer));
    const set = await embeddingsOf(await threePictures(), 'image', { encoder: await file('clip.npy', npy) });
    expect([...set.vectors]).toEqual([1, 2, 3, -4, 5, 6]);
  });

  it.each([
    ['ids.txt', 'c.png\nb.png\na.png\n'],
    ['ids.json', '["c", "b", "a"]'],
    ['ids.csv', 'split,image_path\ntrain,/far/away/c.jpg\ntrain,/far/away/b.jpg\ntest,/far/away/a.jpg\n'],
    ['ids.jsonl', '{"key": "c"}\n{"key": "b"}\n{"key": "a"}\n'],
  ])('are matched by the ids of %s', async (name, ids) => {
    const encoder = await file('clip.npy', npyRows(ROWS.toReversed()));
    const set = await embeddingsOf(await threePictures(), 'image', { encoder, ids: await file(name, ids) });
    expect(rowsOf(set)).toEqual(ALL);
    expect(set.notes?.[0]).toMatch(/^3 items found by .*; 0 items without a vector, 0 vectors without an item\.$/);
  });

  it('say how many items and vectors have no counterpart, and name the items', async () => {
    const encoder = await file('clip.npy', npyRows(ROWS));
    const ids = await file('ids.txt', 'a\nx\ny');
    const set = await embeddingsOf(await threePictures(), 'image', { encoder, ids });
    expect(rowsOf(set)).toEqual({ 'images/a.png': A });
    expect(set.notes).toEqual(['1 item found by key; 2 items without a vector, 2 vectors without an item.']);
    expect(set.unreadable.map(({ item }) => item)).toEqual(['images/b.png', 'images/c.png']);
  });

  it('of clip-retrieval are taken with their metadata, part by part', async () => {
    const folder = await placeWith({
      'img_emb/img_emb_0.npy': npyRows([C ?? []]),
      'img_emb/img_emb_1.npy': npyRows([B ?? [], A ?? []]),
      'text_emb/text_emb_0.npy': npyRows([[9, 9, 9]]),
    });
    const metadata = (number: number, ...names: string[]): Promise<void> => {
      const rows = names.map((name) => `('/scraped/${name}.jpg', 'a caption')`).join(', ');
      const sql = `SELECT * FROM (VALUES ${rows}) AS t(image_path, caption)`;
      return writeParquetFile(join(folder, `metadata/metadata_${number}.parquet`), sql);
    };
    await metadata(0, 'c');
    await metadata(1, 'b', 'a');
    const set = await embeddingsOf(await threePictures(), 'image', { encoder: folder, name: 'b32', space: 'clip' });
    expect(rowsOf(set)).toEqual(ALL);
    expect(set).toMatchObject({ encoder: 'b32', space: 'clip' });
    expect(set.notes?.[0]).toContain('by stem (column "image_path")');
  });

  it('of DataComp are taken by name, with the uids beside them', async () => {
    const members = {
      'l14_img.npy': npyRows(ROWS),
      'b32_img.npy': npyRows([[1], [2], [3]]),
      'l14_txt.npy': npyRows([[1]]),
    };
    const folder = await placeWith({ '00.npz': zipOf(members) });
    await writeParquetFile(join(folder, '00.parquet'), "SELECT unnest(['a', 'b', 'c']) AS uid");
    const snapshot = await threePictures();
    await expect(embeddingsOf(snapshot, 'image', { encoder: folder })).rejects.toThrow(
      /holds several matrices: l14_img, b32_img, l14_txt\. Name one of them with --array\.$/,
    );
    expect(rowsOf(await embeddingsOf(snapshot, 'image', { encoder: folder, array: 'l14_img' }))).toEqual(ALL);
  });

  it('of a .safetensors file and of a column of a Parquet file are read', async () => {
    const snapshot = await threePictures();
    const tensors = { image: { dtype: 'F32', shape: [3, 2], data_offsets: [0, 24] } };
    const numbers = Buffer.from(Float32Array.from(ROWS.flat()).buffer);
    const safetensors = await file('clip.safetensors', safetensorsOf(tensors, numbers));
    expect(rowsOf(await embeddingsOf(snapshot, 'image', { encoder: safetensors }))).toEqual(ALL);
    const parquet = join(await placeWith({}), 'vectors.parquet');
    const values = "('c', [0.5, 6.0]), ('a', [1.0, 2.0]), ('b', [3.0, -4.0])";
    await writeParquetFile(parquet, `SELECT key, v::FLOAT[] AS vector FROM (VALUES ${values}) AS t(key, v)`);
    expect(rowsOf(await embeddingsOf(snapshot, 'image', { encoder: parquet }))).toEqual(ALL);
  });

  it('with numbers that are not finite are named', async () => {
    const encoder = await file('clip.npy', npyRows([[NaN, 1], B ?? [], [0, 0]]));
    const set = await embeddingsOf(await threePictures(), 'image', { encoder });
    expect(rowsOf(set)).toEqual({ 'images/b.png': B });
    expect(set.unreadable.map(({ sentence }) => sentence)).toEqual([
      expect.stringMatching(
        /^The vector of images\/a\.png in .* holds a number that is not finite: encode it again\.$/,
      ),
      expect.stringContaining('holds nothing but zeros'),
    ]);
  });

  it.each<[string, Files, { ids?: string }, RegExp]>([
    ['of another count', { 'x.npy': npyRows([[1, 2]]) }, {}, /has 1 vector, but there are 3 image items, and no ids/],
    [
      'with too few ids',
      { 'x.npy': npyRows(ROWS), 'ids.txt': 'a\nb' },
      { ids: 'ids.txt' },
      /has 2 ids, but there are 3 vectors/,
    ],
    [
      'with other ids',
      { 'x.npy': npyRows([[1, 2]]), 'ids.txt': 'z' },
      { ids: 'ids.txt' },
      /such as "z"\) names one of the 3 image items \(such as "images\/a\.png", with the key "a"\)/,
    ],
    ['with ids that are not there', { 'x.npy': npyRows(ROWS) }, { ids: 'ids.txt' }, /There is no file .*ids\.txt/],
    ['of texts', { 'x.npy': npyOf('<U4', [3], Buffer.alloc(48)) }, {}, /holds no matrix of numbers/],
    ['that are damaged', { 'x.npy': 'no array' }, {}, /is not a whole NumPy array file/],
  ])('%s are refused', async (_, files, { ids }, sentence) => {
    const folder = await placeWith(files);
    const choice = { encoder: join(folder, 'x.npy'), ...(ids !== undefined && { ids: join(folder, ids) }) };
    await expect(embeddingsOf(await threePictures(), 'image', choice)).rejects.toThrow(sentence);
  });

  it('of several lengths are refused with both', async () => {
    const encoder = await placeWith({ '0.npy': npyRows([[1, 2]]), '1.npy': npyRows([[1, 2, 3]]) });
    await expect(embeddingsOf(await threePictures(), 'image', { encoder })).rejects.toThrow(
      /0\.npy has vectors of 2 numbers, but .*1\.npy of 3/,
    );
  });
});

describe('embedding sets of several encoders', () => {
  it('lie side by side, and the default stays', async () => {
    const snapshot = await threePictures();
    const encoder = await file('clip.npy', npyRows(ROWS));
    const clip = await embeddingsOf(snapshot, 'image', { encoder });
    const usual = await embeddingsOf(snapshot, 'image');
    expect(await embeddingsOf(snapshot, 'image', { encoder: 'patches' })).toEqual(usual);
    expect(await encoderOf(snapshot, 'image')).toEqual({ name: 'patches', version: usual.version });
    expect(await embeddingSetsOf(snapshot)).toEqual([
      { modality: 'image', name: 'clip', dimensions: 2, rows: 3, created: clip.created },
      { modality: 'image', name: 'patches', dimensions: usual.dimensions, rows: 3, created: usual.created },
    ]);
  });

  it('are found by their name, take a space later, and follow their file', async () => {
    const snapshot = await threePictures();
    const encoder = await file('clip.npy', npyRows(ROWS));
    const set = await embeddingsOf(snapshot, 'image', { encoder });
    expect(await embeddingsOf(snapshot, 'image', { encoder: 'clip' })).toEqual(set);
    const named = { ...set, space: 'shared' };
    expect(await embeddingsOf(snapshot, 'image', { encoder: 'clip', space: 'shared' })).toEqual(named);
    expect(await embeddingsOf(snapshot, 'image', { encoder: 'clip' })).toEqual(named);
    await writeFile(encoder, npyRows(ROWS.map((row) => [...row, 7])));
    expect((await embeddingsOf(snapshot, 'image', { encoder: 'clip' })).dimensions).toBe(3);
  });

  it('do not replace each other when they have one name', async () => {
    const snapshot = await threePictures();
    await embeddingsOf(snapshot, 'image', { encoder: await file('clip.npy', npyRows(ROWS)) });
    const other = await file('clip.npy', npyRows(ROWS.toReversed()));
    const taken = /^The name "clip" belongs to the vectors of .*clip\.npy already\. Give another one with --name\.$/;
    await expect(embeddingsOf(snapshot, 'image', { encoder: other })).rejects.toThrow(taken);
    await expect(embeddingsOf(snapshot, 'image', { encoder: other, name: 'ngrams' })).rejects.toThrow('PairLab itself');
    expect((await embeddingsOf(snapshot, 'image', { encoder: other, name: 'clip 2' })).encoder).toBe('clip-2');
  });

  it('of records from before there was a choice are still read', async () => {
    const snapshot = await threePictures();
    const set = await embeddingsOf(snapshot, 'image');
    const folder = join(snapshot.dataset.folder, 'embeddings', 'image-patches');
    const { modality, encoder, version, contents, dimensions, created, fitted, unreadable } = set;
    const old = { modality, encoder, version, contents, dimensions, created: '2026-01-01', fitted, unreadable };
    await addFiles(folder, { 'embedding.json': JSON.stringify(old) });
    expect(created).not.toBe(old.created);
    expect((await embeddingsOf(snapshot, 'image')).created).toBe(old.created);
  });

  it.each([
    ['ngrams', 'The encoder ngrams is for text items, not for image items.'],
    ['no/such', 'There is no encoder, folder or file "no/such". For image items there are: patches;'],
    [import.meta.filename, 'is neither the folder of an ONNX model (with config.json) nor a file of arrays'],
  ])('are refused for %s', async (encoder, sentence) => {
    await expect(embeddingsOf(await threePictures(), 'image', { encoder })).rejects.toThrow(sentence);
  });
});
