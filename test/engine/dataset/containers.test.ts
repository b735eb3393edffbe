import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { npyRows } from '../container/arraysOf.ts';
import { parquetOf } from '../container/parquetOf.ts';
import { tarOf } from '../container/tarOf.ts';
import { writeParquetFile } from './formats/parquetFile.ts';
import { type Files, indexed, inShort, picture, placeWith } from './place.ts';

function dataset(pairing: string): Files {
  return { 'pairlab.yaml': `name: test\npairing:\n${pairing}\n` };
}

const WEBDATASET = (shards: string): string =>
  `  layout: webdataset\n  shards: "${shards}"\n  items: { image: [png], text: [txt] }\n  strength: strong`;

describe('media in containers', () => {
  it.each([
    ['s.tar', (archive: Buffer) => archive],
    ['s.tar.gz', (archive: Buffer) => gzipSync(archive)],
  ])('of %s are read where they lie, and a damaged one is named', async (name, pack) => {
    const archive = tarOf([
      ['a.png', await picture(1, 12)],
      ['a.txt', 'A red square.'],
      ['b.png', (await picture(2)).subarray(0, 40)],
      ['b.txt', 'A cut square.'],
    ]);
    const folder = await placeWith({ ...dataset(WEBDATASET(name)), [name]: pack(archive) });
    const { snapshot, problems } = await indexed(folder);
    const images = await snapshot.items('image');
    expect(images.map(({ id, width }) => [id, width])).toEqual([[`${name}#a.png`, 12]]);
    expect(inShort(problems)).toContain(`unreadable-media ${name}#b.png`);
  });

  it('of a Parquet file of Hugging Face are read from their cells', async () => {
    const rows = [
      { bytes: await picture(1, 64), path: 'a.jpg' },
      { bytes: Buffer.from('no picture'), path: 'b.png' },
    ];
    const pairing =
      '  layout: hugging-face-table\n  files: a.parquet\n  items: { image: image, text: words }\n  strength: strong';
    const folder = await placeWith(dataset(pairing));
    await writeParquetFile(join(folder, 'images.parquet'), 'SELECT 1 AS x');
    await writeFile(join(folder, 'a.parquet'), parquetOf(rows, 1));
    await expect(indexed(folder)).rejects.toThrow(/no column words/);
    const quoted = (bytes: Uint8Array): string => `unhex('${Buffer.from(bytes).toString('hex')}')`;
    const values = rows.map(({ bytes, path }) => `({bytes: ${quoted(bytes)}, path: '${path}'}, '${path}')`);
    await writeParquetFile(join(folder, 'a.parquet'), `SELECT * FROM (VALUES ${values.join(', ')}) AS t(image, words)`);
    const { snapshot, problems } = await indexed(folder);
    const images = await snapshot.items('image');
    expect(images.map(({ id, width, format }) => [id, width, format])).toEqual([['a.parquet#1:image', 64, 'png']]);
    expect(inShort(problems).toSorted()).toEqual([
      'not-part-of-layout images.parquet',
      'unreadable-media a.parquet#2:image',
    ]);
  });

  it('may be vectors, which have no header to read', async () => {
    const pairing =
      '  layout: vectors\n  items: { image: { files: i.npy }, text: { files: t.npy } }\n  strength: strong';
    const folder = await placeWith({
      ...dataset(pairing),
      'i.npy': npyRows([
        [1, 2],
        [0, 0],
      ]),
      't.npy': npyRows([[1], [2]]),
    });
    const { snapshot, problems } = await indexed(folder);
    expect((await snapshot.items('text')).map(({ id, dimensions }) => [id, dimensions])).toEqual([
      ['t.npy#1', 1],
      ['t.npy#2', 1],
    ]);
    expect(inShort(problems).toSorted()).toEqual(['ambiguous-pairing i.npy', 'bad-vector i.npy#2']);
  });
});
