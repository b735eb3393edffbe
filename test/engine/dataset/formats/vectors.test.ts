import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { Random } from '../../../../src/base/random.ts';
import { vectors } from '../../../../src/dataset/formats/vectors.ts';
import { floats, npyRows, safetensorsOf } from '../../container/arraysOf.ts';
import { zipOf } from '../../container/zipOf.ts';
import { placeWith } from '../place.ts';
import { writeParquetFile } from './parquetFile.ts';
import { faults, proposed, readFiles, readFormat } from './read.ts';

const ROWS = [
  [1, 2],
  [3, 4],
  [5, 6],
];
const PAIRING: z.input<typeof vectors.schema> = {
  layout: 'vectors',
  items: { image: { files: 'image.npy' }, text: { files: 'text.npy' } },
  strength: 'strong',
};

describe('vectors', () => {
  it('pair by position with a warning when no ids lie beside', async () => {
    const found = await readFiles(vectors, PAIRING, {
      'image.npy': npyRows(ROWS),
      'text.npy': npyRows(ROWS.map((row) => [...row, 7])),
    });
    expect(found.pairs.map(({ firstItem, secondItem }) => [firstItem, secondItem])).toEqual([
      ['image.npy#1', 'text.npy#1'],
      ['image.npy#2', 'text.npy#2'],
      ['image.npy#3', 'text.npy#3'],
    ]);
    expect(found.items[1]).toMatchObject({ path: 'image.npy', row: 2, dimensions: 2, modality: 'image' });
    expect(found.items[3]).toMatchObject({ dimensions: 3, modality: 'text' });
    expect(faults(found)).toEqual(['ambiguous-pairing image.npy']);
    expect(found.claims).toEqual(['image.npy', 'text.npy']);
  });

  it('pair as the rows of one table without a warning', async () => {
    const root = await placeWith({ x: '' });
    const list = 'SELECT [i, 1.0]::FLOAT[] AS image, [i, 2.0, 3.0]::FLOAT[] AS text FROM range(1, 3) r(i)';
    await writeParquetFile(join(root, 'a.parquet'), list);
    const items = { image: { files: 'a.parquet', array: 'image' }, text: { files: 'a.parquet', array: 'text' } };
    const found = await readFormat(vectors, { ...PAIRING, items }, root);
    expect(found.pairs.map(({ firstItem, secondItem }) => [firstItem, secondItem])).toEqual([
      ['a.parquet#image:1', 'a.parquet#text:1'],
      ['a.parquet#image:2', 'a.parquet#text:2'],
    ]);
    expect(found.problems).toEqual([]);
  });

  it('pair by their ids where both have some, in any order', async () => {
    const items = { image: { files: 'image.npy', ids: 'i.txt' }, text: { files: 'text.npy', ids: 't.json' } };
    const found = await readFiles(
      vectors,
      { ...PAIRING, items },
      {
        'image.npy': npyRows(ROWS),
        'i.txt': 'a\nb\nc\n',
        'text.npy': npyRows(ROWS.slice(0, 2)),
        't.json': '["c", "a"]',
      },
    );
    expect(found.pairs.map(({ key, firstItem, secondItem }) => [key, firstItem, secondItem])).toEqual([
      ['a', 'image.npy#1', 'text.npy#2'],
      ['c', 'image.npy#3', 'text.npy#1'],
    ]);
    expect(faults(found)).toEqual([]);
  });

  it('pair with each of several that have their id: five captions of a picture', async () => {
    const items = { image: { files: 'image.npy', ids: 'i.txt' }, text: { files: 'text.npy', ids: 't.txt' } };
    const found = await readFiles(
      vectors,
      { ...PAIRING, items },
      { 'image.npy': npyRows(ROWS.slice(0, 2)), 'i.txt': 'a\nb\n', 'text.npy': npyRows(ROWS), 't.txt': 'b\na\nb\n' },
    );
    expect(found.pairs.map(({ key, firstItem, secondItem }) => [key, firstItem, secondItem])).toEqual([
      ['a', 'image.npy#1', 'text.npy#2'],
      ['b#1', 'image.npy#2', 'text.npy#1'],
      ['b#2', 'image.npy#2', 'text.npy#3'],
    ]);
    expect(faults(found)).toEqual([]);
  });

  it('whose id names several of them on both sides are named and pair with none', async () => {
    const items = { image: { files: 'image.npy', ids: 'i.txt' }, text: { files: 'text.npy', ids: 't.txt' } };
    const found = await readFiles(
      vectors,
      { ...PAIRING, items },
      { 'image.npy': npyRows(ROWS), 'i.txt': 'a\nb\nb\n', 'text.npy': npyRows(ROWS), 't.txt': 'b\na\nb\n' },
    );
    expect(found.pairs.map(({ key }) => key)).toEqual(['a']);
    expect(faults(found)).toEqual(['ambiguous-pairing image.npy#2']);
    expect(found.problems[0]).toMatchObject({
      sentence:
        'The id "b" names the rows 2 and 3 of image.npy and the rows 1 and 3 of text.npy, so none of them was paired: give the rows of one side ids of their own.',
      items: ['image.npy#2', 'image.npy#3', 'text.npy#1', 'text.npy#3'],
    });
  });

  it('pair by position with a warning that names the ids which lie beside but are not used', async () => {
    const found = await readFiles(vectors, PAIRING, {
      'image.npy': npyRows(ROWS),
      'image_ids.csv': 'id\na\nb\nc\n',
      'text.npy': npyRows(ROWS),
    });
    expect(found.pairs).toHaveLength(3);
    expect(found.problems[0]?.['sentence']).toBe(
      'The rows of image.npy and text.npy were paired by their position, although image_ids.csv may name them: write "ids" for them in the dataset file.',
    );
  });

  it('pair by position with a warning when only one array has ids', async () => {
    const items = { image: { files: 'image.npy', ids: 'i.txt' }, text: { files: 'text.npy' } };
    const files = { 'image.npy': npyRows(ROWS), 'i.txt': 'a\nb\nc\n', 'text.npy': npyRows(ROWS) };
    const found = await readFiles(vectors, { ...PAIRING, items }, files);
    expect(found.pairs).toHaveLength(3);
    expect(faults(found)).toEqual(['ambiguous-pairing image.npy']);
  });

  it('are named by ids that belong to all arrays', async () => {
    const files = { 'image.npy': npyRows(ROWS), 'text.npy': npyRows(ROWS), 'ids.csv': 'url,key\nu,x\nu,y\nu,z\n' };
    const found = await readFiles(vectors, { ...PAIRING, ids: 'ids.csv' }, files);
    expect(found.pairs.map(({ key }) => key)).toEqual(['x', 'y', 'z']);
    expect(faults(found)).toEqual([]);
  });

  it('are not paired when their counts differ', async () => {
    const found = await readFiles(vectors, PAIRING, { 'image.npy': npyRows(ROWS), 'text.npy': npyRows(ROWS.slice(1)) });
    expect(found.pairs).toEqual([]);
    expect(faults(found)).toEqual(['bad-vector image.npy']);
    const other = await readFiles(
      vectors,
      { ...PAIRING, ids: 'ids.txt' },
      { 'image.npy': npyRows(ROWS), 'text.npy': npyRows(ROWS), 'ids.txt': 'a\nb\n' },
    );
    expect(faults(other)).toEqual(['bad-vector image.npy', 'bad-vector text.npy', 'ambiguous-pairing image.npy']);
  });

  it('that say nothing are named with a fix', async () => {
    const bad = [
      [NaN, 1],
      [0, 0],
      [Infinity, 0],
    ];
    const found = await readFiles(vectors, PAIRING, { 'image.npy': npyRows(bad), 'text.npy': npyRows(ROWS) });
    expect(faults(found)).toEqual([
      'bad-vector image.npy#1',
      'bad-vector image.npy#2',
      'bad-vector image.npy#3',
      'ambiguous-pairing image.npy',
    ]);
    expect(found.problems[0]).toMatchObject({ fixExclude: ['image.npy#1'] });
  });

  it('that repeat others, or are not of length 1 as most are, are told once an array', async () => {
    const rows = [
      [1, 0],
      [0.6, 0.8],
      [0, 1],
      [3, 4],
      [0.6, 0.8],
      [1, 0],
      [0, 0],
    ];
    const { problems } = await readFiles(vectors, PAIRING, {
      'image.npy': npyRows(rows),
      'text.npy': npyRows(rows.slice(2)),
    });
    const ofArrays = problems.filter(({ where }) => where === 'image.npy');
    expect(ofArrays.slice(0, 2)).toMatchObject([
      {
        kind: 'exact-duplicate',
        severity: 'information',
        sentence:
          '2 of the 6 vectors of image.npy repeat others, such as row 6 row 1: copies count twice in training and inflate retrieval, unless their items are meant to be the same.',
      },
      {
        kind: 'bad-vector',
        severity: 'warning',
        sentence:
          '1 of the 6 vectors of image.npy (17 %) are not of length 1 as the others are, such as row 4: normalise all or none.',
      },
    ]);
    expect(problems.filter(({ where }) => where === 'text.npy')).toMatchObject([{ kind: 'bad-vector' }]);
  });

  it('that are of any length and all different are told nothing of', async () => {
    const random = Random.of(7);
    const rows = Array.from({ length: 5000 }, () => Array.from({ length: 8 }, () => Math.fround(random.normal())));
    const found = await readFiles(vectors, PAIRING, { 'image.npy': npyRows(rows), 'text.npy': npyRows(rows) });
    expect(faults(found)).toEqual(['ambiguous-pairing image.npy']);
  });

  it('lie in parts that are joined by their number, which may differ in dimensions by mistake', async () => {
    const items = { image: { files: 'img_emb/*.npy' }, text: { files: 'text_emb/*.npy' } };
    const found = await readFiles(
      vectors,
      { ...PAIRING, items },
      {
        'img_emb/img_emb_0.npy': npyRows(ROWS),
        'img_emb/img_emb_10.npy': npyRows(ROWS.slice(0, 1)),
        'img_emb/img_emb_2.npy': npyRows([[1, 2, 3]]),
        'text_emb/text_emb_00.npy': npyRows(ROWS),
        'text_emb/text_emb_02.npy': npyRows(ROWS.slice(0, 1)),
      },
    );
    expect(found.pairs).toHaveLength(4);
    expect(found.pairs.at(-1)).toMatchObject({
      firstItem: 'img_emb/img_emb_2.npy#1',
      secondItem: 'text_emb/text_emb_02.npy#1',
    });
    expect(faults(found).filter((fault) => fault.startsWith('bad'))).toEqual([
      'bad-vector img_emb/img_emb_10.npy',
      'bad-vector img_emb/img_emb_2.npy',
    ]);
  });

  it('are found by name in .npz and .safetensors files and list columns of Parquet', async () => {
    const header = { text_features: { dtype: 'F32', shape: [3, 2], data_offsets: [0, 24] } };
    const root = await placeWith({
      'a.npz': zipOf({ 'image_features.npy': npyRows(ROWS) }),
      'b.safetensors': safetensorsOf(header, floats(ROWS)),
    });
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run(
      `COPY (SELECT [1, i]::FLOAT[] AS v FROM range(3) r(i)) TO '${join(root, 'c.parquet').replaceAll("'", "''")}' (FORMAT parquet)`,
    );
    connection.closeSync();
    const items = {
      image: { files: 'a.npz', array: 'image_features' },
      text: { files: 'b.safetensors' },
      audio: { files: 'c.parquet', array: 'v' },
    };
    const found = await readFormat(vectors, { ...PAIRING, items }, root);
    expect(found.pairs).toHaveLength(9);
    expect(found.items.map(({ id }) => id)).toContain('b.safetensors#text_features:3');
    expect(found.items.find(({ id }) => id === 'c.parquet#v:2')).toMatchObject({ column: 'v', row: 2 });
  });
});

it('any ids pair unless they stand several times on both sides, which is named', async () => {
  const items = { image: { files: 'image.npy', ids: 'i.json' }, text: { files: 'text.npy', ids: 't.json' } };
  const ids = fc.array(fc.constantFrom('a', 'b', 'c', '', 'ü', '__proto__'), { minLength: 1, maxLength: 6 });
  const countIn = (list: readonly string[], id: string): number => list.filter((other) => other === id).length;
  await fc.assert(
    fc.asyncProperty(ids, ids, async (ofImages, ofTexts) => {
      const rows = (list: readonly string[]): Buffer => npyRows(list.map((_, row) => [row + 1, 1]));
      const files = {
        'image.npy': rows(ofImages),
        'i.json': JSON.stringify(ofImages),
        'text.npy': rows(ofTexts),
        't.json': JSON.stringify(ofTexts),
      };
      const found = await readFiles(vectors, { ...PAIRING, items }, files);
      expect(found.items).toHaveLength(ofImages.length + ofTexts.length);
      const counts = [...new Set(ofImages)].map((id) => [countIn(ofImages, id), countIn(ofTexts, id)] as const);
      const isAmbiguous = ([images, texts]: readonly [number, number]): boolean => images > 1 && texts > 1;
      const expected = counts.filter((each) => !isAmbiguous(each)).map(([images, texts]) => images * texts);
      expect(found.pairs).toHaveLength(expected.reduce((sum, count) => sum + count, 0));
      expect(new Set(found.pairs.map(({ key }) => key)).size).toBe(found.pairs.length);
      expect(faults(found)).toHaveLength(counts.filter(isAmbiguous).length);
    }),
    { numRuns: 30 },
  );
});

describe('ids of rows', () => {
  it('stand in a column of a Parquet table too', async () => {
    const root = await placeWith({ 'image.npy': npyRows(ROWS), 'text.npy': npyRows(ROWS) });
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const target = join(root, 'ids.parquet').replaceAll("'", "''");
    await connection.run(`COPY (SELECT 'u' || i AS uid, i AS size FROM range(3) r(i)) TO '${target}' (FORMAT parquet)`);
    connection.closeSync();
    const found = await readFormat(vectors, { ...PAIRING, ids: 'ids.parquet' }, root);
    expect(found.pairs.map(({ key }) => key)).toEqual(['u0', 'u1', 'u2']);
  });
});

describe('recognising vectors', () => {
  it('knows the output of clip-retrieval', async () => {
    const files = {
      'img_emb/img_emb_0.npy': npyRows(ROWS),
      'img_emb/img_emb_1.npy': npyRows(ROWS),
      'text_emb/text_emb_0.npy': npyRows(ROWS),
      'text_emb/text_emb_1.npy': npyRows(ROWS),
      'metadata/metadata_0.parquet': 'x',
      'metadata/metadata_1.parquet': 'x',
    };
    expect(await proposed(vectors, files)).toEqual([
      {
        layout: 'vectors',
        items: { image: { files: 'img_emb/img_emb_*.npy' }, text: { files: 'text_emb/text_emb_*.npy' } },
        ids: 'metadata/metadata_*.parquet',
        strength: 'strong',
      },
    ]);
  });

  it.each(['json', 'txt', 'csv', 'parquet'])('finds the ids of each array beside it: %s', async (extension) => {
    const files = { 'image.npy': npyRows(ROWS), 'text.npy': npyRows(ROWS) };
    const ids = { [`image_ids.${extension}`]: 'x', [`text_ids.${extension}`]: 'x' };
    expect(await proposed(vectors, { ...files, ...ids })).toMatchObject([
      { items: { image: { ids: `image_ids.${extension}` }, text: { ids: `text_ids.${extension}` } } },
    ]);
    expect(await proposed(vectors, { ...files, [`ids.${extension}`]: 'x' })).toEqual([
      { ...PAIRING, ids: `ids.${extension}` },
    ]);
  });

  it('finds the ids of the parts of an array', async () => {
    const parts = ['image_0', 'image_1', 'text_0', 'text_1'];
    const files = parts.map((part) => [
      [`${part}.npy`, npyRows(ROWS)],
      [`${part}_ids.txt`, 'x'],
    ]);
    expect(await proposed(vectors, Object.fromEntries(files.flat()))).toMatchObject([
      { items: { image: { files: 'image_*.npy', ids: 'image_*_ids.txt' } } },
    ]);
  });

  it('finds the ids of arrays that lie in one file', async () => {
    const archive = zipOf({ 'image.npy': npyRows(ROWS), 'text.npy': npyRows(ROWS) });
    const files = { 'e.npz': archive, 'image_ids.json': '[]', 'text_ids.json': '[]' };
    expect(await proposed(vectors, files)).toMatchObject([
      { items: { image: { files: 'e.npz', array: 'image', ids: 'image_ids.json' } } },
    ]);
  });

  it('offers nothing for arrays whose names tell no modality', async () => {
    expect(await proposed(vectors, { 'a.npy': npyRows(ROWS), 'b.npy': npyRows(ROWS) })).toEqual([]);
  });
});
