import {
  Binary,
  type DataType,
  Field,
  Int64,
  LargeUtf8,
  RecordBatchFileWriter,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Table,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { type ArrowTable, openArrow } from '../../../src/container/arrow.ts';
import { type ArrowRows, readArrowCell, readArrowRows } from '../../../src/container/arrowCells.ts';
import { readWhole } from '../../../src/container/location.ts';
import { GOLDEN_ROWS, golden, goldenLists, goldenTables } from './goldenTables.ts';
import { fileWith } from './place.ts';

const image = new Struct([new Field('bytes', new Binary(), true), new Field('path', new Utf8(), true)]);
const FEATURES = '{"info":{"features":{"image":{"_type":"Image"}}}}';

/** Two batches of three and two rows. */
function tableOf(): Table {
  const rows = [
    [{ bytes: Buffer.from('first'), path: '1.jpg' }, null, { bytes: null, path: 'only the path.jpg' }],
    [
      { bytes: Buffer.alloc(0), path: null },
      { bytes: Buffer.alloc(3000, 'x'), path: '5.jpg' },
    ],
  ];
  const texts = [
    ['a', null, 'ünïcode'],
    ['', '漢字'],
  ];
  const labels = [
    [0n, 1n, null],
    [-1n, 2n ** 40n],
  ];
  const columns: Record<string, DataType> = { image, text: new LargeUtf8(), label: new Int64() };
  const schema = new Schema(
    Object.entries(columns).map(([name, type]) => new Field(name, type, true)),
    new Map([['huggingface', FEATURES]]),
  );
  const [first, second] = [0, 1].map((batch) => {
    return new Table(schema, {
      image: vectorFromArray(rows[batch] ?? [], image),
      text: vectorFromArray(texts[batch] ?? [], new LargeUtf8()),
      label: vectorFromArray(labels[batch] ?? [], new Int64()),
    });
  });
  if (first === undefined || second === undefined) throw new Error('there are two batches');
  return new Table(schema, [...first.batches, ...second.batches]);
}

const STREAM = Buffer.from(RecordBatchStreamWriter.writeAll(tableOf()).toUint8Array(true));
const FILE = Buffer.from(RecordBatchFileWriter.writeAll(tableOf()).toUint8Array(true));
const COLUMNS = ['image.path', 'image.bytes', 'text', 'label'];

async function rowsOf(table: ArrowTable): Promise<ArrowRows[]> {
  const batches: ArrowRows[] = [];
  for await (const rows of readArrowRows(table, COLUMNS)) batches.push(rows);
  return batches;
}

describe.each([
  ['stream', STREAM],
  ['file', FILE],
])('an Arrow file in the %s format', (_, bytes) => {
  it('tells its schema and where its rows are', async () => {
    const table = await openArrow(await fileWith('a.arrow', bytes));
    expect(table).toMatchObject({ rows: 5, notes: new Map([['huggingface', FEATURES]]) });
    expect(table.batches.map(({ firstRow, rows }) => [firstRow, rows])).toEqual([
      [0, 3],
      [3, 2],
    ]);
    expect(table.columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['image', 'struct'],
      ['text', 'text'],
      ['label', 'integer'],
    ]);
  });

  it('gives the values of columns, of bytes their sizes', async () => {
    const [first, second] = await rowsOf(await openArrow(await fileWith('a.arrow', bytes)));
    expect(Object.fromEntries(first?.values ?? [])).toEqual({
      'image.path': ['1.jpg', undefined, 'only the path.jpg'],
      'image.bytes': [5, undefined, undefined],
      text: ['a', undefined, 'ünïcode'],
      label: [0, 1, undefined],
    });
    expect(Object.fromEntries(second?.values ?? [])).toEqual({
      'image.path': [undefined, '5.jpg'],
      'image.bytes': [0, 3000],
      text: ['', '漢字'],
      label: [-1, 2 ** 40],
    });
  });

  it('gives the bytes of one cell', async () => {
    const path = await fileWith('a.arrow', bytes);
    expect((await readArrowCell(path, 0, 'image'))?.toString()).toBe('first');
    expect((await readArrowCell(path, 4, 'image.bytes'))?.toString()).toBe('x'.repeat(3000));
    expect((await readArrowCell(path, 4, 'text'))?.toString()).toBe('漢字');
    expect(await readArrowCell(path, 1, 'image')).toBeUndefined();
    expect((await readWhole({ path, row: 4, column: 'image' }, 1e6)).length).toBe(3000);
    await expect(readWhole({ path, row: 2, column: 'image' }, 1e6)).rejects.toThrow(/nothing in row 3/);
    await expect(readArrowCell(path, 5, 'image')).rejects.toThrow(InputError);
    await expect(readArrowCell(path, 0, 'audio')).rejects.toThrow(InputError);
  });
});

it('the batches of an Arrow file before a cut are kept, and the cut is told', async () => {
  const table = await openArrow(await fileWith('a.arrow', STREAM.subarray(0, STREAM.length - 1000)));
  expect(table.rows).toBe(3);
  expect(table.fault).toContain('rows after the first 3 are missing');
  expect(await rowsOf(table)).toHaveLength(1);
});

it('a file that is no Arrow file is refused with a sentence', async () => {
  await expect(openArrow(await fileWith('a.arrow', 'no arrow at all, only words'))).rejects.toThrow(InputError);
  await expect(openArrow(await fileWith('a.arrow', ''))).rejects.toThrow(InputError);
});

it('any damage to an Arrow file ends in its rows or in an InputError', async () => {
  const damage = fc.array(fc.tuple(fc.nat(1500), fc.nat(255)), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.boolean(), damage, fc.integer({ min: 10, max: 6000 }), async (isFile, flips, cut) => {
      const bytes = Buffer.from(isFile ? FILE : STREAM);
      for (const [at, byte] of flips) bytes[at] = byte;
      const path = await fileWith('a.arrow', bytes.subarray(0, cut));
      try {
        const table = await openArrow(path);
        await rowsOf(table);
        await readArrowCell(path, 0, 'image');
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }),
    { numRuns: 150 },
  );
});

const GOLDEN = goldenTables('.arrow').filter(([name]) => name !== 'file-lz4');
const COLUMNS_OF_GOLDEN = [
  'image.bytes',
  'text',
  'captions',
  'large',
  'two',
  'class',
  'flag',
  'nested',
  'images.bytes',
];

async function valuesOf(bytes: Buffer): Promise<Map<string, unknown[]>> {
  const values = new Map<string, unknown[]>(COLUMNS_OF_GOLDEN.map((name) => [name, []]));
  for await (const batch of readArrowRows(await openArrow(await fileWith('a.arrow', bytes)), COLUMNS_OF_GOLDEN)) {
    for (const [name, column] of batch.values) values.get(name)?.push(...column);
  }
  return values;
}

describe.each(GOLDEN)('an Arrow file of PyArrow, %s,', (_, bytes) => {
  it('gives texts, lists of every kind, words of dictionaries and truth values', async () => {
    const values = await valuesOf(bytes);
    const { captions, two, class: concept, flag, nested, images } = goldenLists;
    const expected = { captions, large: captions, two, class: concept, flag, nested };
    for (const [name, valueIn] of Object.entries<(row: number) => unknown>(expected)) {
      expect(values.get(name)).toEqual(GOLDEN_ROWS.map((row) => valueIn(row)));
    }
    expect(values.get('text')).toEqual(GOLDEN_ROWS.map(golden.text));
    expect(values.get('image.bytes')).toEqual(GOLDEN_ROWS.map((row) => golden.image(row)?.length));
    const sizes = GOLDEN_ROWS.map((row) => images(row).map((number) => golden.image(number)?.length));
    expect(values.get('images.bytes')).toEqual(sizes);
  });

  it('gives the bytes of every cell, of elements of lists and through dictionaries', async () => {
    const path = await fileWith('a.arrow', bytes);
    for (const row of GOLDEN_ROWS) {
      expect(await readArrowCell(path, row, 'image')).toEqual(golden.image(row));
      expect((await readArrowCell(path, row, 'blob'))?.toString()).toBe(goldenLists.blob(row));
      expect((await readArrowCell(path, row, 'two[1]'))?.toString()).toBe(`${row}.1`);
      for (const [element, number] of goldenLists.images(row).entries()) {
        expect(await readArrowCell(path, row, `images[${element}]`)).toEqual(golden.image(number));
      }
      expect(await readArrowCell(path, row, `images[${row % 3}]`)).toBeUndefined();
    }
  });

  it('with any damage ends in its rows or in an InputError', async () => {
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(damage, fc.constantFrom(...GOLDEN_ROWS), async (flips, row) => {
        const damaged = Buffer.from(bytes);
        for (const [at, byte] of flips) damaged[at] = byte;
        const path = await fileWith('a.arrow', damaged);
        const reads = [
          () => valuesOf(damaged),
          ...['image', 'images[1]', 'blob', 'two[0]'].map((column) => () => readArrowCell(path, row, column)),
        ];
        for (const read of reads) {
          await read().catch((error) => expect(error).toBeInstanceOf(InputError));
        }
      }),
      { numRuns: 40 },
    );
  });
});

it('an Arrow file that is compressed by LZ4 is called not read, not damaged', async () => {
  const [, bytes] = goldenTables('.arrow').find(([name]) => name === 'file-lz4') ?? [];
  const path = await fileWith('a.arrow', bytes ?? '');
  expect((await openArrow(path)).rows).toBe(GOLDEN_ROWS.length);
  await expect(readArrowCell(path, 1, 'image')).rejects.toThrow(/compressed by LZ4, which is not read/);
  await expect(readArrowCell(path, 1, 'image')).rejects.toMatchObject({ problem: 'unsupported-format' });
});
