import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { computeAlignment } from '../../../src/alignment/computeAlignment.ts';
import { readReport, storedReports } from '../../../src/alignment/store.ts';
import { InputError } from '../../../src/base/errors.ts';
import { loadDataset } from '../../../src/dataset/config.ts';
import { indexDataset } from '../../../src/dataset/indexer.ts';
import { initDataset } from '../../../src/dataset/propose.ts';
import { Snapshot } from '../../../src/dataset/snapshot.ts';
import { AlignmentQuestion, AlignmentReport, GeometryName } from '../../../src/protocol.ts';
import { writeSample } from '../../../src/sample/sample.ts';
import { chanceOf, numberOf } from './measured.ts';

const imageAndText = AlignmentQuestion.parse({ modalities: { first: 'image', second: 'text' } });
const textAndImage = AlignmentQuestion.parse({ modalities: { first: 'text', second: 'image' } });

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
  it('finds right pairs above chance, tells its parts, stores its report and gives the same numbers again', async () => {
    const snapshot = await openSample({ classes: 12, pairsPerClass: 10 });
    const parts: AlignmentReport[] = [];
    const report = await computeAlignment(snapshot, imageAndText, {}, (part) => parts.push(part));
    expect(AlignmentReport.parse(report)).toEqual(report);
    expect(report).toMatchObject({ pairs: 120, strength: 'strong', relevance: 'instance', folds: 5, complete: true });
    expect(report.forward).toMatchObject({ from: 'image', to: 'text', candidates: 24, queries: 120 });
    expect(report.backward).toMatchObject({ from: 'text', to: 'image', candidates: 24, queries: 120 });
    expect(chanceOf(report.forward?.measures.recall1)).toBeCloseTo(1 / 24, 10);
    for (const { measures, queries } of [report.forward, report.backward].flatMap((way) => way ?? [])) {
      const [recall, chance] = [numberOf(measures.recall10), chanceOf(measures.recall10)];
      expect(recall).toBeGreaterThan(chance + 2 * Math.sqrt((chance * (1 - chance)) / queries));
    }
    expect(report.forward?.histogram.reduce((sum, { queries }) => sum + queries, 0)).toBe(120);
    expect(Object.keys(report.geometry).toSorted()).toEqual([...GeometryName.options].toSorted());
    expect(Object.values(report.geometry).every((measured) => Number.isFinite(numberOf(measured)))).toBe(true);
    expect(report.breakdowns.map(({ by }) => by)).toEqual(['class', 'split']);
    expect(report.suspicious).toHaveLength(50);
    expect(report.notes.some((note) => note.includes('another seed'))).toBe(true);
    expect(parts.length).toBeGreaterThan(4);
    expect(parts.every(({ complete }) => !complete)).toBe(true);
    expect(await readReport(snapshot.dataset, report.id)).toEqual(report);
    const again = await computeAlignment(snapshot, imageAndText);
    expect({ ...again, created: '' }).toEqual({ ...report, created: '' });
    const other = await computeAlignment(snapshot, { ...imageAndText, seed: 1, folds: 3, map: 'procrustes' });
    expect(other).toMatchObject({ folds: 3, comparison: { space: 'mapped', map: 'procrustes' } });
    const stored = await storedReports(snapshot, imageAndText.modalities);
    expect(stored.map(({ id }) => id)).toEqual([other.id, report.id]);
    snapshot.close();
  });

  it('counts any item of the class as a match when pairs are weak', async () => {
    const snapshot = await openSample({ classes: 6, pairsPerClass: 12, layout: 'class-folders' });
    const report = await computeAlignment(snapshot, imageAndText);
    expect(report).toMatchObject({ strength: 'weak', relevance: 'class' });
    expect(chanceOf(report.forward?.measures.recall1)).toBeGreaterThan(1.5 / (report.forward?.candidates ?? 1));
    expect(report.notes.some((note) => note.includes('weak'))).toBe(true);
    snapshot.close();
  });

  it('says so when all vectors of a side are equal, and shows no number that would mislead', async () => {
    const snapshot = await writeTable(40, () => 'the same words');
    const report = await computeAlignment(snapshot, textAndImage);
    const sentence = 'All 40 text vectors are equal, so nothing can be told from them.';
    expect(Object.keys(report.geometry).toSorted()).toEqual([...GeometryName.options].toSorted());
    expect(new Set(Object.values(report.geometry).map((measured) => JSON.stringify(measured)))).toEqual(
      new Set([JSON.stringify({ missing: sentence })]),
    );
    expect(report.mismatches).toEqual({ expected: 0, standOut: false, sentence });
    const { recall1 } = report.forward?.measures ?? {};
    expect(numberOf(recall1)).toBeCloseTo(chanceOf(recall1), 10);
    expect(report.notes).toContain(sentence);
    expect(report.notes.some((note) => note.includes('not better than chance'))).toBe(true);
    snapshot.close();
  });

  it('refuses fewer than ten pairs with a sentence', async () => {
    const snapshot = await writeTable(9, (row) => `words ${row}`);
    const computing = computeAlignment(snapshot, textAndImage);
    await expect(computing).rejects.toThrow(InputError);
    await expect(computing).rejects.toThrow(
      'table has 9 text–image pairs that can be read; alignment needs at least 10.',
    );
    snapshot.close();
  });

  it('refuses to compare vectors of different lengths as one space', async () => {
    const snapshot = await writeTable(40, (row) => `words ${row % 7}`);
    const computing = computeAlignment(snapshot, { ...textAndImage, space: 'shared' });
    await expect(computing).rejects.toThrow(/cannot be of one space: choose a map/);
    snapshot.close();
  });
});

/** Strong pairs of written texts and the sample's pictures. */
async function writeTable(count: number, textOf: (row: number) => string): Promise<Snapshot> {
  await writeSample(folder, { classes: 4, pairsPerClass: 12, layout: 'csv' });
  const data = join(folder, 'data');
  const pictures = (await readdir(data, { recursive: true })).filter((path) => path.endsWith('.png')).sort();
  const lines = pictures.slice(0, count).map((path, row) => `"${path}",${textOf(row)}`);
  await writeFile(join(data, 'table.csv'), ['image,text', ...lines, ''].join('\n'));
  const config = {
    name: 'table',
    root: 'data',
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
