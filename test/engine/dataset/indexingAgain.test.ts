import { rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Random } from '../../../src/base/random.ts';
import { query } from '../../../src/base/table.ts';
import type { Snapshot } from '../../../src/dataset/snapshot.ts';
import { snapshotFolder } from '../../../src/dataset/snapshotFiles.ts';
import { addFiles, BY_STEM, indexed, inShort, photo, picture, placeWith, sound } from './place.ts';

/** Every cell of the three tables of a snapshot, and its id. */
async function allRows({ dataset, summary }: Snapshot): Promise<unknown[]> {
  const tables = ['items', 'pairs', 'problems'].map((name) =>
    query(
      'SELECT * FROM read_parquet($path)',
      { path: join(snapshotFolder(dataset, summary.id), `${name}.parquet`) },
      z.unknown(),
    ),
  );
  return [summary.id, ...(await Promise.all(tables))];
}

describe('indexing again', () => {
  it('reads only files that changed, and gives the same snapshot for the same content', async () => {
    const folder = await placeWith({
      'pairlab.yaml': BY_STEM,
      'images/a.png': await picture(1),
      'audio/a.wav': sound(),
      'images/b.png': 'text, not a picture',
      'audio/b.wav': sound({ samples: [7] }),
    });
    const first = await indexed(folder);
    expect([first.reread, first.reused]).toEqual([4, 0]);
    const second = await indexed(folder);
    expect([second.reread, second.reused]).toEqual([0, 4]);
    expect(second.snapshot.summary).toEqual(first.snapshot.summary);
    expect(second.problems).toEqual(first.problems);

    await utimes(join(folder, 'audio/a.wav'), new Date(), new Date(2001, 0));
    const touched = await indexed(folder);
    expect([touched.reread, touched.reused]).toEqual([1, 3]);
    expect(touched.snapshot.summary.id).toBe(first.snapshot.summary.id);

    await addFiles(folder, { 'images/b.png': await picture(2) });
    const repaired = await indexed(folder);
    expect([repaired.reread, repaired.problems]).toEqual([1, []]);
    expect(repaired.snapshot.summary.id).not.toBe(first.snapshot.summary.id);
  });

  it('gives the very rows that an index made from nothing gives, when some files have changed', async () => {
    const files: Record<string, Uint8Array> = {};
    for (const number of [1, 2, 3, 4, 5]) {
      files[`images/${number}.png`] = await picture(number);
      files[`audio/${number}.wav`] = sound({ samples: [number] });
    }
    const folder = await placeWith({ 'pairlab.yaml': BY_STEM, ...files, 'images/alone.png': await picture(6) });
    await indexed(folder);
    await addFiles(folder, { 'images/2.png': await picture(1), 'audio/4.wav': 'text, not a sound' });
    const again = await indexed(folder);
    expect([again.reread, again.reused]).toEqual([2, 9]);
    expect(inShort(again.problems)).toEqual([
      'unreadable-media audio/4.wav',
      'missing-counterpart images/alone.png',
      'exact-duplicate images/1.png',
    ]);
    const rows = await allRows(again.snapshot);
    await rm(join(folder, '.pairlab'), { recursive: true });
    const anew = await indexed(folder);
    expect([anew.reread, anew.reused]).toEqual([11, 0]);
    expect(await allRows(anew.snapshot)).toEqual(rows);
  });
});

describe('indexing after edits at random', () => {
  it.each([1, 2, 3])('gives the very rows that an index made from nothing gives (seed %i)', async (seed) => {
    const random = Random.of(seed);
    const folder = await placeWith({
      'pairlab.yaml': BY_STEM,
      'images/0.png': await picture(0),
      'audio/0.wav': sound(),
    });
    for (let round = 0; round < 3; round++) {
      for (let number = 0; number < 12; number++) await editAtRandom(folder, random);
      await indexed(folder);
    }
    const { snapshot } = await indexed(folder);
    const rows = await allRows(snapshot);
    await rm(join(folder, '.pairlab'), { recursive: true });
    const anew = await indexed(folder);
    expect(anew.reused).toBe(0);
    expect(await allRows(anew.snapshot)).toEqual(rows);
  });
});

/** Adds, changes, damages, copies or deletes one of a few files, so that they pair, stand alone and are ambiguous by turns. */
async function editAtRandom(folder: string, random: Random): Promise<void> {
  const name = random.pick(['0', '1', '2', '3', 'x', 'X', 'deep/4']);
  const shade = random.integer(5);
  const edits: (() => Promise<void>)[] = [
    async () => addFiles(folder, { [`images/${name}.png`]: await picture(shade) }),
    async () => addFiles(folder, { [`images/${name}.jpg`]: await photo(shade) }),
    async () => addFiles(folder, { [`audio/${name}.wav`]: sound({ samples: [shade, 1] }) }),
    async () => addFiles(folder, { [`audio/${name}.wav`]: 'text, not a sound' }),
    async () => rm(join(folder, `images/${name}.png`), { force: true }),
    async () => rm(join(folder, `audio/${name}.wav`), { force: true }),
  ];
  await random.pick(edits)();
}
