import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { computeAlignment } from '../../../src/alignment/computeAlignment.ts';
import { storedAlignment } from '../../../src/alignment/store.ts';
import { InputError } from '../../../src/base/errors.ts';
import { loadDataset } from '../../../src/dataset/config.ts';
import { indexDataset } from '../../../src/dataset/indexer.ts';
import { initDataset } from '../../../src/dataset/propose.ts';
import { Snapshot } from '../../../src/dataset/snapshot.ts';
import { AlignmentReport } from '../../../src/protocol.ts';
import { writeSample } from '../../../src/sample/sample.ts';

const imageAndText = { first: 'image', second: 'text' } as const;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pairlab align '));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function openSample(options: Parameters<typeof writeSample>[1]): Promise<Snapshot> {
  await writeSample(folder, options);
  await initDataset(folder);
  return await openIndexed();
}

async function openIndexed(): Promise<Snapshot> {
  const dataset = await loadDataset(folder);
  await indexDataset(dataset);
  return await Snapshot.open(dataset);
}

describe('computeAlignment', () => {
  it('finds right pairs above chance, stores its report and gives the same numbers again', async () => {
    const snapshot = await openSample({ classes: 12, pairsPerClass: 15 });
    expect(await storedAlignment(snapshot, imageAndText)).toBeUndefined();
    const report = await computeAlignment(snapshot, imageAndText);
    expect(AlignmentReport.parse(report)).toEqual(report);
    expect(report).toMatchObject({ pairs: 180, strength: 'strong', relevance: 'instance', folds: 5, seed: 0 });
    expect(report.forward).toMatchObject({ from: 'image', to: 'text', candidates: 36, queries: 180 });
    expect(report.backward).toMatchObject({ from: 'text', to: 'image', candidates: 36, queries: 180 });
    expect(report.forward.chance.recall1).toBeCloseTo(1 / 36, 10);
    for (const { recall10, chance, queries } of [report.forward, report.backward]) {
      const standardError = Math.sqrt((chance.recall10 * (1 - chance.recall10)) / queries);
      expect(recall10).toBeGreaterThan(chance.recall10 + 2 * standardError);
    }
    expect(report.suspicious).toHaveLength(20);
    expect(report.notes.some((note) => note.includes('another seed'))).toBe(true);
    expect(await storedAlignment(snapshot, imageAndText)).toEqual(report);
    const again = await computeAlignment(snapshot, imageAndText);
    expect({ ...again, created: '' }).toEqual({ ...report, created: '' });
    const other = await computeAlignment(snapshot, imageAndText, { seed: 1, folds: 3 });
    expect(other.folds).toBe(3);
    expect(await storedAlignment(snapshot, imageAndText)).toEqual(other);
    snapshot.close();
  });

  it('counts any item of the class as a match when pairs are weak', async () => {
    const snapshot = await openSample({ classes: 6, pairsPerClass: 12, layout: 'class-folders' });
    const report = await computeAlignment(snapshot, imageAndText);
    expect(report).toMatchObject({ strength: 'weak', relevance: 'class' });
    expect(report.forward.chance.recall1).toBeGreaterThan(1.5 / report.forward.candidates);
    expect(report.notes.some((note) => note.includes('weak'))).toBe(true);
    snapshot.close();
  });

  it('says so when all vectors of a side are equal, and stays at chance', async () => {
    const snapshot = await writeTable(40, () => 'the same words');
    const report = await computeAlignment(snapshot, { first: 'text', second: 'image' });
    expect(report.linearCka.value).toBe(0);
    expect(report.forward.recall1).toBeCloseTo(report.forward.chance.recall1, 10);
    expect(report.notes.some((note) => note.startsWith('All 40 text vectors are equal'))).toBe(true);
    expect(report.notes.some((note) => note.includes('not better than chance'))).toBe(true);
    snapshot.close();
  });

  it('refuses fewer than ten pairs with a sentence', async () => {
    const snapshot = await writeTable(9, (row) => `words ${row}`);
    const computing = computeAlignment(snapshot, { first: 'text', second: 'image' });
    await expect(computing).rejects.toThrow(InputError);
    await expect(computing).rejects.toThrow(
      'table has 9 text–image pairs that can be read; alignment needs at least 10.',
    );
    snapshot.close();
  });
});

/** Strong pairs of written texts and the sample's pictures. */
async function writeTable(count: number, textOf: (row: number) => string): Promise<Snapshot> {
  await writeSample(folder, { classes: 4, pairsPerClass: 12, layout: 'csv' });
  await initDataset(folder);
  const original = await openIndexed();
  const pictures = (await original.items('image')).slice(0, count);
  original.close();
  const lines = pictures.map(({ path }, row) => `"${path}",${textOf(row)}`);
  await writeFile(join(original.dataset.root, 'table.csv'), ['image,text', ...lines, ''].join('\n'));
  const config = {
    name: 'table',
    root: original.dataset.root,
    pairing: {
      layout: 'table',
      file: 'table.csv',
      items: { text: { cell: 'text' }, image: { path: 'image' } },
      strength: 'strong',
    },
  };
  // JSON is YAML.
  await writeFile(join(folder, 'pairlab.yaml'), JSON.stringify(config));
  return await openIndexed();
}
