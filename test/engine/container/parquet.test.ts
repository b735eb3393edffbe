import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { readWhole } from '../../../src/container/location.ts';
import { openParquet } from '../../../src/container/parquet.ts';
import { readCell } from '../../../src/container/parquetCell.ts';
import { listArrays, openVectors } from '../../../src/container/vectors.ts';
import { GOLDEN_ROWS, golden, goldenTables, goldenVectors } from './goldenTables.ts';
import { type Media, parquetOf } from './parquetOf.ts';
import { fileWith } from './place.ts';

/** Every seventh row is NULL, every fifth has no bytes. */
const ROWS = Array.from({ length: 100 }, (_, row): Media => {
  if (row % 7 === 6) return undefined;
  return { bytes: row % 5 === 4 ? undefined : Buffer.alloc(row * 10, `${row} `), path: `${row % 9}.jpg` };
});
const FEATURES = '{"info":{"features":{"image":{"_type":"Image"}}}}';

async function duckdbFile(sql: string, options: string): Promise<string> {
  const path = join(dirname(await fileWith('x', '')), 'a.parquet');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (${sql}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet, ${options})`);
  connection.closeSync();
  return path;
}

describe('a Parquet file', () => {
  it('tells its columns, rows and notes from its footer', async () => {
    const table = await openParquet(await fileWith('a.parquet', parquetOf(ROWS, 8, { huggingface: FEATURES })));
    expect(table.rows).toBe(100);
    expect(table.notes.get('huggingface')).toBe(FEATURES);
    expect(table.columns).toEqual([
      {
        name: 'image',
        kind: 'struct',
        fields: [
          { name: 'bytes', kind: 'bytes', fields: [] },
          { name: 'path', kind: 'text', fields: [] },
        ],
      },
    ]);
  });

  it('gives the bytes of any cell, whatever page it is in', async () => {
    const path = await fileWith('a.parquet', parquetOf(ROWS, 8));
    for (const row of [0, 99, 50, 51, 52, 7, 6, 4]) {
      const bytes = ROWS[row]?.bytes;
      expect(await readCell(path, row, 'image')).toEqual(bytes && Buffer.from(bytes));
      expect((await readCell(path, row, 'image.path'))?.toString()).toBe(ROWS[row]?.path);
    }
    await expect(readWhole({ path, row: 6, column: 'image' }, 1e6)).rejects.toThrow(/nothing in row 7/);
    await expect(readCell(path, 100, 'image')).rejects.toThrow(InputError);
    await expect(readCell(path, 0, 'audio')).rejects.toThrow(InputError);
  });

  it.each(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD'])(
    'is read when it is packed by %s in several row groups',
    async (codec) => {
      const sql =
        "SELECT {bytes: encode(repeat(i::VARCHAR, 50)), path: NULL::VARCHAR} AS image, encode('w' || i) AS sound, [i] AS list FROM range(5000) r(i)";
      const path = await duckdbFile(sql, `COMPRESSION ${codec}, ROW_GROUP_SIZE 2048`);
      for (const row of [0, 2047, 2048, 4999, 3000]) {
        expect((await readCell(path, row, 'image'))?.toString()).toBe(String(row).repeat(50));
        expect((await readCell(path, row, 'sound'))?.toString()).toBe(`w${row}`);
      }
      await expect(readCell(path, 0, 'list')).rejects.toThrow(InputError);
      await expect(readCell(path, 0, 'list[0]')).rejects.toThrow(InputError);
    },
  );

  it('gives the elements of lists of bytes and of media', async () => {
    const sql = `SELECT [{bytes: encode('a' || i), path: 'a.jpg'}, {bytes: NULL, path: 'b.jpg'}] AS images,
      CASE WHEN i % 2 = 0 THEN [encode('s' || i)] END AS sounds FROM range(5000) r(i)`;
    const path = await duckdbFile(sql, 'ROW_GROUP_SIZE 2048');
    for (const row of [0, 2047, 2048, 4999]) {
      expect((await readCell(path, row, 'images[0]'))?.toString()).toBe(`a${row}`);
      expect(await readCell(path, row, 'images[1]')).toBeUndefined();
      expect(await readCell(path, row, 'images[2]')).toBeUndefined();
      expect((await readCell(path, row, 'sounds[0]'))?.toString()).toBe(row % 2 === 0 ? `s${row}` : undefined);
    }
    await writeFile(path, (await readFile(path)).fill(7, 100, 2000));
    await expect(readCell(path, 0, 'images[0]')).rejects.toThrow(InputError);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a cut copy', parquetOf(ROWS, 8).subarray(0, 5000)],
    ['a footer longer than the file', Buffer.from('PAR1....\xff\xff\xff\x7fPAR1', 'latin1')],
  ])('that is %s is refused with a sentence', async (_, bytes) => {
    await expect(openParquet(await fileWith('a.parquet', bytes))).rejects.toThrow(InputError);
  });

  it('with any damage ends in its bytes or in an InputError', async () => {
    const whole = parquetOf(ROWS.slice(0, 20), 4);
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(damage, fc.nat(25), async (flips, row) => {
        const bytes = Buffer.from(whole);
        for (const [at, byte] of flips) bytes[at] = byte;
        const path = await fileWith('a.parquet', bytes);
        try {
          await readCell(path, row, 'image');
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 200 },
    );
  });
});

const GOLDEN = goldenTables('.parquet');

describe.each(GOLDEN)('a Parquet file of PyArrow, %s,', (_, bytes) => {
  it('gives the bytes and texts of every cell', async () => {
    const path = await fileWith('a.parquet', bytes);
    for (const row of GOLDEN_ROWS) {
      expect(await readCell(path, row, 'image')).toEqual(golden.image(row));
      expect((await readCell(path, row, 'image.path'))?.toString()).toBe(golden.path(row));
      expect((await readCell(path, row, 'text'))?.toString()).toBe(golden.text(row));
    }
  });

  it('gives its lists of numbers as vectors', async () => {
    const path = await fileWith('a.parquet', bytes);
    expect((await listArrays(path)).map(({ name }) => name)).toEqual(Object.keys(goldenVectors));
    for (const [name, vectorOf] of Object.entries(goldenVectors)) {
      const vectors = await openVectors(path, name);
      expect([...(await vectors.read(0, GOLDEN_ROWS.length))]).toEqual(GOLDEN_ROWS.flatMap(vectorOf));
    }
  });

  it('with any damage to its pages ends in its values or in an InputError', async () => {
    const footer = bytes.readUInt32LE(bytes.length - 8);
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - footer - 9), fc.nat(255)), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(damage, fc.constantFrom(...GOLDEN_ROWS), async (flips, row) => {
        const damaged = Buffer.from(bytes);
        for (const [at, byte] of flips) damaged[at] = byte;
        const path = await fileWith('a.parquet', damaged);
        const reads = [
          () => readCell(path, row, 'image'),
          () => readCell(path, row, 'image.path'),
          ...Object.keys(goldenVectors).map((name) => async () => {
            await (await openVectors(path, name)).read(row, row + 1);
          }),
        ];
        for (const read of reads) await read().catch((error) => expect(error).toBeInstanceOf(InputError));
      }),
      { numRuns: 40 },
    );
  });
});

it('a Parquet file that is compressed by a codec that is not read is called that, not damaged', async () => {
  const whole = parquetOf(ROWS, 8);
  // The codec of the first column, after its path in the schema: 3 is LZO, in a varint 6.
  const codec = whole.lastIndexOf('image', whole.lastIndexOf('bytes')) + 'image'.length;
  const at = whole.indexOf(Buffer.from([0x15, 0x00]), codec);
  whole[at + 1] = 6;
  const path = await fileWith('a.parquet', whole);
  await expect(readCell(path, 0, 'image')).rejects.toThrow(/compressed by LZO, which is not read/);
});
