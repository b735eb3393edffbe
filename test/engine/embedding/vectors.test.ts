import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { computeAlignment } from '../../../src/alignment/computeAlignment.ts';
import { Random } from '../../../src/base/random.ts';
import { initDataset } from '../../../src/dataset/propose.ts';
import type { Snapshot } from '../../../src/dataset/snapshot.ts';
import { embeddingsOf } from '../../../src/embedding/encodeSnapshot.ts';
import { AlignmentQuestion } from '../../../src/protocol.ts';
import { numberOf } from '../alignment/measured.ts';
import { npyRows } from '../container/arraysOf.ts';
import { zipOf } from '../container/zipOf.ts';
import { writeParquetFile } from '../dataset/formats/parquetFile.ts';
import { addFiles, type Files, indexed, placeWith } from '../dataset/place.ts';

const PAIRS = 200;
const [IMAGE_NUMBERS, TEXT_NUMBERS] = [12, 8];
const MODALITIES = { first: 'image', second: 'text' } as const;

/** Vectors of pictures, and texts whose numbers are a linear map of them with a little noise. */
function plantedVectors(): { images: number[][]; texts: number[][] } {
  const random = Random.of(7, 'planted vectors');
  const rows = (count: number, numbers: number): number[][] =>
    Array.from({ length: count }, () => Array.from({ length: numbers }, () => random.normal()));
  const map = rows(TEXT_NUMBERS, IMAGE_NUMBERS);
  const images = rows(PAIRS, IMAGE_NUMBERS);
  const texts = images.map((image) =>
    map.map((weights) => weights.reduce((sum, weight, c) => sum + weight * (image[c] ?? 0), 0.05 * random.normal())),
  );
  return { images, texts };
}

/** The vectors as clip-retrieval writes them: the rows of two shards pair by their position. */
function shards(images: number[][], texts: number[][]): Files {
  const half = images.length / 2;
  return {
    'img_emb/img_emb_0.npy': npyRows(images.slice(0, half)),
    'img_emb/img_emb_1.npy': npyRows(images.slice(half)),
    'text_emb/text_emb_0.npy': npyRows(texts.slice(0, half)),
    'text_emb/text_emb_1.npy': npyRows(texts.slice(half)),
  };
}

async function open(files: Files): Promise<Snapshot> {
  return await openFolder(await placeWith(files));
}

async function openFolder(folder: string): Promise<Snapshot> {
  await initDataset(folder, { force: true });
  const { snapshot } = await indexed(folder);
  onTestFinished(() => snapshot.close());
  return snapshot;
}

describe('vectors of the dataset itself', () => {
  it('are the embedding set, row for row', async () => {
    const { images, texts } = plantedVectors();
    const snapshot = await open(shards(images, texts));
    const set = await embeddingsOf(snapshot, 'image');
    expect(set).toMatchObject({ encoder: 'vectors', dimensions: IMAGE_NUMBERS, fitted: { items: 0 }, unreadable: [] });
    expect(set.ids).toEqual((await snapshot.items('image')).map(({ id }) => id));
    for (const [id, number] of [['img_emb/img_emb_0.npy#10', 9] as const, ['img_emb/img_emb_1.npy#2', 101] as const]) {
      const at = set.ids.indexOf(id) * IMAGE_NUMBERS;
      expect([...set.vectors.subarray(at, at + IMAGE_NUMBERS)]).toEqual((images[number] ?? []).map(Math.fround));
    }
  });

  it('with a planted linear relation are found to agree, and do not when their rows are shuffled', async () => {
    const { images, texts } = plantedVectors();
    const question = AlignmentQuestion.parse({ modalities: MODALITIES });
    const report = await computeAlignment(await open(shards(images, texts)), question);
    expect(report.sets).toMatchObject({ first: { encoder: 'vectors' }, second: { encoder: 'vectors' } });
    expect(report.pairs).toBe(PAIRS);
    expect(numberOf(report.forward?.measures.recall1)).toBeGreaterThan(0.95);
    const mixed = Random.of(8, 'shuffled rows').shuffle(texts);
    const shuffled = await computeAlignment(await open(shards(images, mixed)), question);
    expect(numberOf(shuffled.forward?.measures.recall1)).toBeLessThan(0.1);
  });

  it('of captions count as vectors, though the words are there', async () => {
    const { images, texts } = plantedVectors();
    const folder = await placeWith({
      'a.npz': zipOf({ 'l14_img.npy': npyRows(images), 'l14_txt.npy': npyRows(texts) }),
    });
    const select = `SELECT lpad(n::VARCHAR, 32, '0') AS uid, 'caption ' || n AS text FROM range(${PAIRS}) t(n)`;
    await writeParquetFile(join(folder, 'a.parquet'), select);
    const set = await embeddingsOf(await openFolder(folder), 'text');
    expect(set).toMatchObject({ encoder: 'vectors', dimensions: TEXT_NUMBERS });
    expect(set.ids).toHaveLength(PAIRS);
  });

  it('that are not finite, or zeros, are named and left out', async () => {
    const { images, texts } = plantedVectors();
    images[3] = [NaN, ...(images[3] ?? []).slice(1)];
    images[150] = (images[150] ?? []).map(() => 0);
    const snapshot = await open(shards(images, texts));
    const set = await embeddingsOf(snapshot, 'image');
    expect(set.unreadable.map(({ item }) => item)).toEqual(['img_emb/img_emb_0.npy#4', 'img_emb/img_emb_1.npy#51']);
    expect(set.unreadable[0]?.sentence).toContain('holds a number that is not finite');
    expect(set.vectors).toHaveLength((PAIRS - 2) * IMAGE_NUMBERS);
    expect(set.vectors.every(Number.isFinite)).toBe(true);
  });

  it('of two lengths are refused with both', async () => {
    const { images, texts } = plantedVectors();
    const short = { 'img_emb/img_emb_1.npy': npyRows(images.slice(PAIRS / 2).map((row) => row.slice(1))) };
    const snapshot = await open({ ...shards(images, texts), ...short });
    await expect(embeddingsOf(snapshot, 'image')).rejects.toThrow(
      'Some image vectors have 12 numbers (img_emb/img_emb_0.npy), others 11 numbers (img_emb/img_emb_1.npy)',
    );
  });

  it('are read anew each time, and named when their file is gone or has become another', async () => {
    const { images, texts } = plantedVectors();
    const folder = await placeWith(shards(images, texts));
    const snapshot = await openFolder(folder);
    const before = await embeddingsOf(snapshot, 'image');
    const doubled = images.slice(0, PAIRS / 2).map((row) => row.map((value) => 2 * value));
    await addFiles(folder, { 'img_emb/img_emb_0.npy': npyRows(doubled) });
    expect((await embeddingsOf(snapshot, 'image')).vectors[0]).toBeCloseTo(2 * (before.vectors[0] ?? 0), 5);
    await addFiles(folder, { 'img_emb/img_emb_0.npy': npyRows(images.slice(0, 60)) });
    await rm(join(folder, 'img_emb', 'img_emb_1.npy'));
    const { ids, unreadable } = await embeddingsOf(snapshot, 'image');
    expect(ids).toHaveLength(60);
    expect(unreadable).toHaveLength(140);
    expect(unreadable.find(({ item }) => item === 'img_emb/img_emb_0.npy#61')?.sentence).toContain(
      'is no longer in its array',
    );
    await rm(join(folder, 'img_emb'), { recursive: true });
    await expect(embeddingsOf(snapshot, 'image')).rejects.toThrow(/None of the 200 image vectors can be used/);
  });
});
