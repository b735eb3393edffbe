import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { datacomp } from '../../../../src/dataset/formats/datacomp.ts';
import { npyOf, npyRows } from '../../container/arraysOf.ts';
import { zipOf } from '../../container/zipOf.ts';
import { placeWith } from '../place.ts';
import { writeParquetFile } from './parquetFile.ts';
import { faults, readFormat } from './read.ts';

const PAIRING = { layout: 'datacomp', tables: '*.parquet', vectors: 'l14', strength: 'strong' } as const;
const UIDS = [
  '0000000000000001000000000000000f',
  '80000000000000000000000000000000',
  'ff000000000000000000000000000000',
];
const IMAGES = [
  [1, 2],
  [0, 0],
  [3, 4],
];

async function metadata(texts = IMAGES): Promise<string> {
  const root = await placeWith({ 'a.npz': zipOf({ 'l14_img.npy': npyRows(IMAGES), 'l14_txt.npy': npyRows(texts) }) });
  const rows = UIDS.map((uid, row) => `('${uid}', 'caption ${row}')`);
  await writeParquetFile(join(root, 'a.parquet'), `SELECT * FROM (VALUES ${rows.join(', ')}) AS t(uid, text)`);
  return root;
}

/** A subset as DataComp's filters save it: pairs of 64 bits, the upper ones first. */
function subset(uids: readonly string[]): Buffer {
  const numbers = Buffer.alloc(16 * uids.length);
  for (const [index, uid] of uids.entries()) {
    numbers.writeBigUInt64LE(BigInt(`0x${uid.slice(0, 16)}`), 16 * index);
    numbers.writeBigUInt64LE(BigInt(`0x${uid.slice(16)}`), 16 * index + 8);
  }
  return npyOf("[('f0', '<u8'), ('f1', '<u8')]", [uids.length], numbers);
}

describe('the metadata of DataComp', () => {
  it('pairs the vectors of a picture and its caption by their row', async () => {
    const found = await readFormat(datacomp, PAIRING, await metadata());
    expect(found.pairs.map(({ key }) => key)).toEqual(UIDS);
    expect(found.pairs[2]).toMatchObject({ firstItem: 'a.npz#l14_img:3', secondItem: 'a.npz#l14_txt:3' });
    expect(found.items.at(-1)).toMatchObject({ text: 'caption 2', dimensions: 2, column: 'l14_txt', row: 3 });
    expect(faults(found)).toEqual(['bad-vector a.npz#l14_img:2', 'bad-vector a.npz#l14_txt:2']);
    expect(found.claims).toEqual(['a.npz', 'a.parquet']);
  });

  it('may be narrowed to a subset of its uids', async () => {
    const root = await metadata();
    await writeFile(join(root, 's.npy'), subset([UIDS[0] ?? '', UIDS[2] ?? '']));
    const found = await readFormat(datacomp, { ...PAIRING, subset: 's.npy' }, root);
    expect(found.pairs.map(({ key }) => key)).toEqual([UIDS[0], UIDS[2]]);
    expect(found.items).toHaveLength(4);
    await writeFile(join(root, 's.npy'), subset([UIDS[2] ?? '', UIDS[0] ?? '']));
    await expect(readFormat(datacomp, { ...PAIRING, subset: 's.npy' }, root)).rejects.toThrow(/not sorted/);
  });

  it('is not paired when rows are missing', async () => {
    const found = await readFormat(datacomp, PAIRING, await metadata(IMAGES.slice(1)));
    expect(found.pairs).toEqual([]);
    expect(faults(found)).toContain('bad-vector a.parquet');
  });

  it('is recognised by a table with uids and an .npz file beside it', async () => {
    const files = ['a.npz', 'a.parquet'].map((path) => ({ path, bytes: 1, modified: 0 }));
    const [candidate] = await datacomp.propose({ root: await metadata(), files, refuse: () => {} }, {});
    expect(candidate?.pairing).toEqual(PAIRING);
  });
});

it('any counts of rows and vectors end in a pair for each row, or in a problem and none', async () => {
  const count = fc.integer({ min: 1, max: 4 });
  await fc.assert(
    fc.asyncProperty(count, count, count, fc.uniqueArray(fc.nat(9)), async (rows, images, texts, chosen) => {
      const vectors = (length: number): Buffer => npyRows(Array.from({ length }, (_, row) => [row + 1, 2]));
      const uids = Array.from({ length: rows }, (_, row) => row.toString(16).padStart(32, '0'));
      const root = await placeWith({
        'a.npz': zipOf({ 'l14_img.npy': vectors(images), 'l14_txt.npy': vectors(texts) }),
        's.npy': subset(chosen.toSorted((a, b) => a - b).map((uid) => uid.toString(16).padStart(32, '0'))),
      });
      const values = uids.map((uid) => `('${uid}', 'x')`);
      await writeParquetFile(join(root, 'a.parquet'), `SELECT * FROM (VALUES ${values.join(', ')}) AS t(uid, text)`);
      const isWhole = rows === images && rows === texts;
      const found = await readFormat(datacomp, PAIRING, root);
      expect(found.pairs.map(({ key }) => key)).toEqual(isWhole ? uids : []);
      expect(faults(found)).toEqual(isWhole ? [] : ['bad-vector a.parquet']);
      const narrowed = await readFormat(datacomp, { ...PAIRING, subset: 's.npy' }, root);
      expect(narrowed.pairs.map(({ key }) => key)).toEqual(
        isWhole ? uids.filter((uid) => chosen.includes(Number(`0x${uid}`))) : [],
      );
    }),
    { numRuns: 15 },
  );
});
