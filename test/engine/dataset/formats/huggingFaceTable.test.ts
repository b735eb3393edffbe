import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import {
  Binary,
  Field,
  Int64,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Table,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { readWhole } from '../../../../src/container/location.ts';
import { huggingFaceTable } from '../../../../src/dataset/formats/huggingFaceTable.ts';
import { goldenTables } from '../../container/goldenTables.ts';
import { parquetOf } from '../../container/parquetOf.ts';
import { placeWith } from '../place.ts';
import { faults, inWords, proposed, readFiles, readFormat } from './read.ts';

const PAIRING: z.input<typeof huggingFaceTable.schema> = {
  layout: 'hugging-face-table',
  files: 'data/{split}-*.parquet',
  items: { image: 'image', text: ['text'] },
  class: 'label',
  strength: 'strong',
};
const FEATURES = {
  image: { _type: 'Image' },
  text: { _type: 'Value', dtype: 'string' },
  label: { _type: 'ClassLabel', names: ['cat', 'dog'] },
};
const NOTES = JSON.stringify({ info: { features: FEATURES } });

/** Writes a Parquet file with the note that Hugging Face adds. */
async function writeParquet(path: string, sql: string): Promise<void> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const note = NOTES.replaceAll("'", "''");
  await connection.run(
    `COPY (${sql}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet, KV_METADATA {huggingface: '${note}'})`,
  );
  connection.closeSync();
}

const ROWS = `SELECT * FROM (VALUES
  ({bytes: encode('one'), path: '1.jpg'}, 'A cat.', 0::BIGINT),
  ({bytes: encode('two'), path: NULL}, 'A dog.', 1),
  (NULL, 'Nothing.', 1),
  ({bytes: NULL, path: 'files/4.png'}, 'By path.', 0),
  ({bytes: NULL, path: '../../5.png'}, 'Outside.', 0),
  ({bytes: encode('six'), path: '6.jpg'}, NULL, NULL)
) AS t(image, text, label)`;

async function parquetFolder(sql = ROWS): Promise<string> {
  const root = await placeWith({ 'data/files/4.png': 'four' });
  await writeParquet(join(root, 'data/train-00000-of-00001.parquet'), sql);
  return root;
}

describe('Parquet files of Hugging Face', () => {
  it('give a pair for each row, with media where they lie and classes by name', async () => {
    const root = await parquetFolder();
    const file = 'data/train-00000-of-00001.parquet';
    const found = await readFormat(huggingFaceTable, PAIRING, root);
    expect(inWords(found)).toEqual([
      `${file}#1:image — ${file}#1:text: A cat.`,
      `${file}#2:image — ${file}#2:text: A dog.`,
      `data/files/4.png — ${file}#4:text: By path.`,
    ]);
    expect(found.pairs.map(({ class: label, split }) => [label, split])).toEqual([
      ['cat', 'train'],
      ['dog', 'train'],
      ['cat', 'train'],
    ]);
    expect(found.items[0]).toMatchObject({ row: 1, column: 'image', member: '1.jpg' });
    expect(faults(found)).toEqual([`bad-row ${file}#3`, `outside-root ${file}#5`, `missing-text ${file}#6`]);
    const location = { path: join(root, file), row: 1, column: 'image', member: '2.jpg' };
    expect((await readWhole(location, 100)).toString()).toBe('two');
  });

  it('may hold several captions in a row', async () => {
    const root = await parquetFolder(
      "SELECT {bytes: encode('x'), path: '1.jpg'} AS image, ['a', 'b'] AS text, 0 AS label",
    );
    const found = await readFormat(huggingFaceTable, PAIRING, root);
    expect(found.pairs.map(({ secondItem }) => String(secondItem).split(':')[1])).toEqual(['text[0]', 'text[1]']);
  });

  it('name a caption of a list that is empty, and a list without captions', async () => {
    const root = await parquetFolder(
      "SELECT {bytes: encode('x'), path: '1.jpg'} AS image, unnest([['a', NULL, 'c'], []]) AS text, 0 AS label",
    );
    const found = await readFormat(huggingFaceTable, PAIRING, root);
    expect(found.pairs.map(({ secondItem }) => String(secondItem).split(':')[1])).toEqual(['text[0]', 'text[2]']);
    const file = 'data/train-00000-of-00001.parquet';
    expect(faults(found)).toEqual([`missing-text ${file}#1`, `missing-text ${file}#2`]);
  });

  it('may hold several pictures in a row, each of which pairs', async () => {
    const root = await parquetFolder(
      "SELECT [{bytes: encode('one'), path: '1.jpg'}, {bytes: encode('two'), path: NULL}] AS image, 'Two cats.' AS text, 0 AS label",
    );
    const file = 'data/train-00000-of-00001.parquet';
    const found = await readFormat(huggingFaceTable, PAIRING, root);
    expect(inWords(found)).toEqual([
      `${file}#1:image[0] — ${file}#1:text: Two cats.`,
      `${file}#1:image[1] — ${file}#1:text: Two cats.`,
    ]);
    const location = { path: join(root, file), row: 0, column: 'image[1]' };
    expect((await readWhole(location, 100)).toString()).toBe('two');
    const files = [{ path: file, bytes: 1, modified: 0 }];
    const [candidate] = await huggingFaceTable.propose({ root, files, refuse: () => {} }, {});
    expect(candidate?.pairing.items).toEqual({ image: ['image'], text: ['text'] });
  });

  it('are named one by one when they are damaged or lack a column', async () => {
    const root = await parquetFolder();
    await writeParquet(join(root, 'data/test-0.parquet'), "SELECT 'a' AS text");
    await writeParquet(join(root, 'data/val-0.parquet'), ROWS);
    await writeFile(join(root, 'data/val-1.parquet'), 'PAR1 broken');
    const found = await readFormat(huggingFaceTable, PAIRING, root);
    expect(faults(found).filter((fault) => fault.startsWith('broken'))).toEqual([
      'broken-archive data/test-0.parquet',
      'broken-archive data/val-1.parquet',
    ]);
    expect(new Set(found.pairs.map(({ split }) => split))).toEqual(new Set(['train', 'val']));
  });

  it('are recognised by what Hugging Face notes about their columns', async () => {
    const root = await parquetFolder();
    const files = [{ path: 'data/train-00000-of-00001.parquet', bytes: 1, modified: 0 }];
    const [candidate] = await huggingFaceTable.propose({ root, files, refuse: () => {} }, {});
    expect(candidate?.pairing).toEqual({ ...PAIRING, items: { image: ['image'], text: ['text'] } });
  });

  it('are not proposed without a second modality', async () => {
    expect(await proposed(huggingFaceTable, { 'a.parquet': parquetOf([{ path: 'a' }], 1) })).toEqual([]);
    expect(await proposed(huggingFaceTable, { 'a.parquet': 'no parquet', 'b.arrow': 'no arrow' })).toEqual([]);
  });
});

/** The Arrow stream that `save_to_disk` writes. */
function arrowOf(): Buffer {
  const image = new Struct([new Field('bytes', new Binary(), true), new Field('path', new Utf8(), true)]);
  const schema = new Schema(
    [new Field('image', image, true), new Field('text', new Utf8(), true), new Field('label', new Int64(), true)],
    new Map([['huggingface', NOTES]]),
  );
  const table = new Table(schema, {
    image: vectorFromArray(
      [{ bytes: Buffer.from('one'), path: '1.jpg' }, { bytes: Buffer.from('two'), path: null }, null],
      image,
    ),
    text: vectorFromArray(['A cat.', 'A dog.', 'Nothing.'], new Utf8()),
    label: vectorFromArray([0n, 1n, 1n], new Int64()),
  });
  return Buffer.from(RecordBatchStreamWriter.writeAll(table).toUint8Array(true));
}

describe('a dataset of save_to_disk', () => {
  const SAVED = {
    'dataset_dict.json': '{"splits": ["train"]}',
    'train/data-00000-of-00001.arrow': arrowOf(),
    'train/dataset_info.json': '{}',
    'train/state.json': '{"_data_files": [{"filename": "data-00000-of-00001.arrow"}]}',
  };
  const ARROW = { ...PAIRING, files: '{split}/data-*.arrow' };

  it('gives its rows like Parquet files, and its own files are claimed', async () => {
    const found = await readFiles(huggingFaceTable, ARROW, SAVED);
    const file = 'train/data-00000-of-00001.arrow';
    expect(inWords(found)).toEqual([
      `${file}#1:image — ${file}#1:text: A cat.`,
      `${file}#2:image — ${file}#2:text: A dog.`,
    ]);
    expect(found.pairs[1]).toMatchObject({ class: 'dog', split: 'train' });
    expect(faults(found)).toEqual([`bad-row ${file}#3`]);
    expect(found.claims).toEqual(Object.keys(SAVED).toSorted());
  });

  it('may hold lists and dictionaries; compressed by LZ4 it is named as not supported', async () => {
    const tables = new Map(goldenTables('.arrow'));
    const [saved, packed] = ['train/data-0.arrow', 'train/data-1.arrow'];
    const pairing = { ...ARROW, items: { image: 'images', text: 'captions' }, class: 'class' };
    const found = await readFiles(huggingFaceTable, pairing, {
      [saved]: tables.get('stream') ?? '',
      [packed]: tables.get('file-lz4') ?? '',
    });
    const ofSixth = found.pairs.filter(({ named }) => named === `${saved}#6`);
    expect(ofSixth.map(({ firstItem, secondItem }) => [firstItem, secondItem])).toEqual([
      [`${saved}#6:images[0]`, `${saved}#6:captions[0]`],
    ]);
    expect(ofSixth[0]).toMatchObject({ class: 'class 0', split: 'train' });
    expect(faults(found)).toContain(`unsupported-format ${packed}`);
  });

  it('whose state lists a file that is not there is told', async () => {
    const state = '{"_data_files": [{"filename": "data-00000-of-00001.arrow"}, {"filename": "data-1.arrow"}]}';
    const found = await readFiles(huggingFaceTable, ARROW, { ...SAVED, 'train/state.json': state });
    expect(faults(found)).toContain('missing-file train/state.json');
  });

  it('is recognised', async () => {
    expect(await proposed(huggingFaceTable, SAVED)).toEqual([
      { ...ARROW, items: { image: ['image'], text: ['text'] } },
    ]);
  });
});

it('any row is a pair or is named, whatever stands in its cells', async () => {
  const row = fc.record({
    image: fc.constantFrom(
      "{bytes: encode('x'), path: 'a.jpg'}",
      "{bytes: encode('x'), path: NULL}",
      "{bytes: NULL, path: 'files/4.png'}",
      "{bytes: NULL, path: '../../x.png'}",
      '{bytes: NULL, path: NULL}',
      'NULL',
    ),
    text: fc.constantFrom("'A cat.'", "'雁'", "''", 'NULL'),
    label: fc.constantFrom('0', '1', '7', 'NULL'),
  });
  const file = 'data/train-00000-of-00001.parquet';
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 6 }), async (rows) => {
      const first = `(SELECT {bytes: NULL::BLOB, path: NULL::VARCHAR} AS image, NULL::VARCHAR AS text, NULL::BIGINT AS label LIMIT 0)`;
      const others = rows.map(({ image, text, label }) => `SELECT ${image}, ${text}, ${label}`);
      const found = await readFormat(
        huggingFaceTable,
        PAIRING,
        await parquetFolder([first, ...others].join(' UNION ALL ')),
      );
      const named = [...found.pairs.map((pair) => pair['named']), ...found.problems.map(({ where }) => where)];
      expect(new Set(named)).toEqual(new Set(rows.map((_, index) => `${file}#${index + 1}`)));
      const whole = rows.filter(({ image, text }) => /encode|files/.test(image) && /[A雁]/.test(text));
      expect(found.pairs).toHaveLength(whole.length);
    }),
    { numRuns: 15 },
  );
});
