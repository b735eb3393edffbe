import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { computeAlignment } from '../../../src/alignment/computeAlignment.ts';
import { Random } from '../../../src/base/random.ts';
import { initDataset } from '../../../src/dataset/propose.ts';
import type { Snapshot } from '../../../src/dataset/snapshot.ts';
import { AlignmentQuestion, type AlignmentReport } from '../../../src/protocol.ts';
import { npyRows } from '../container/arraysOf.ts';
import { indexed, placeWith } from '../dataset/place.ts';
import { numberOf } from './measured.ts';

const PAIRS = 60;
const question = AlignmentQuestion.parse({ modalities: { first: 'image', second: 'text' } });

/** Rows of both modalities that are two noisy views of one thing. */
function views(): { images: number[][]; texts: number[][] } {
  const random = Random.of(11, 'views');
  const images = Array.from({ length: PAIRS }, () => Array.from({ length: 6 }, () => random.normal()));
  return { images, texts: images.map((row) => row.map((value) => value + 0.1 * random.normal()).reverse()) };
}

async function open(images: number[][], texts: number[][]): Promise<Snapshot> {
  const folder = await placeWith({ 'image.npy': npyRows(images), 'text.npy': npyRows(texts) });
  await initDataset(folder, { force: true });
  const { snapshot } = await indexed(folder);
  onTestFinished(() => snapshot.close());
  return snapshot;
}

async function align(images: number[][], texts: number[][]): Promise<AlignmentReport> {
  return await computeAlignment(await open(images, texts), question);
}

describe('an alignment of bad vectors', () => {
  it.each([1e18, 1e36, 1e-18, 1e-36])('gives the same numbers whatever the scale of a side: × %f', async (scale) => {
    const { images, texts } = views();
    const [plain, scaled] = [
      await align(images, texts),
      await align(
        images.map((row) => row.map((value) => value * scale)),
        texts,
      ),
    ];
    for (const name of ['linearCka', 'debiasedCka', 'mutualKnn', 'svcca', 'procrustes', 'separability'] as const) {
      expect(numberOf(scaled.geometry[name])).toBeCloseTo(numberOf(plain.geometry[name]), 3);
    }
    expect(numberOf(scaled.forward?.measures.recall1)).toBe(numberOf(plain.forward?.measures.recall1));
    const [own, other] = [plain, scaled].map(({ sets }) => sets.first);
    expect((other?.norms.median ?? 0) / scale / (own?.norms.median ?? 1)).toBeCloseTo(1, 5);
    expect(other?.effectiveRank).toBeCloseTo(own?.effectiveRank ?? 0, 4);
  });

  it('counts those that are not finite or all zeros, and says so', async () => {
    const { images, texts } = views();
    for (const row of [3, 20, 40]) images[row] = [Number.NaN, 1, 2, 3, 4, 5];
    images[7] = [1, 2, 3, Number.NEGATIVE_INFINITY, 4, 5];
    for (const row of [10, 11]) texts[row] = [0, 0, 0, 0, 0, 0];
    const report = await align(images, texts);
    expect(report.pairs).toBe(PAIRS - 6);
    expect(report.sets.first).toMatchObject({ rows: PAIRS, notFinite: 4, zero: 0 });
    expect(report.sets.second).toMatchObject({ rows: PAIRS, notFinite: 0, zero: 2 });
    expect(report.notes).toEqual(
      expect.arrayContaining([
        '4 of the 60 image vectors hold a number that is not finite and were left out.',
        '2 of the 60 text vectors hold nothing but zeros: they have no direction.',
      ]),
    );
  });

  it('takes an array by the position of its rows for the rows of a dataset', async () => {
    const { images, texts } = views();
    const snapshot = await open(images, texts);
    const file = join(snapshot.dataset.root, '..', `copy ${PAIRS}.npy`);
    await writeFile(file, npyRows(images));
    const [own, imported] = [
      await computeAlignment(snapshot, question),
      await computeAlignment(snapshot, { ...question, encoders: { first: file } }),
    ];
    expect(imported.forward?.measures).toEqual(own.forward?.measures);
    expect(imported.notes.find((note) => note.includes('by their position'))).toContain('in the order of the rows');
  });

  it('says nothing of encoders that were fitted where none was', async () => {
    const { images, texts } = views();
    const { notes } = await align(images, texts);
    expect(notes.some((note) => note.includes('encoders were fitted'))).toBe(false);
  });
});
