import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { readNpy } from '../../../src/base/npy.ts';
import { readWhole } from '../../../src/container/location.ts';
import { listArrays, openVectors } from '../../../src/container/vectors.ts';
import { floats, npyOf, npyRows, safetensorsOf } from './arraysOf.ts';
import { fileWith } from './place.ts';
import { zipOf } from './zipOf.ts';

const ROWS = [
  [1, 2],
  [3, -4],
  [0.5, 6],
];
const HALVES = Buffer.from('003c00c00038004200004056', 'hex'); // 1, -2, 0.5, 3, 0, 100

async function rowsOf(path: string, name: string | undefined, from: number, to: number): Promise<number[]> {
  const vectors = await openVectors(path, name);
  try {
    return [...(await vectors.read(from, to))];
  } finally {
    vectors.close();
  }
}

async function parquetFile(sql: string): Promise<string> {
  const path = join(dirname(await fileWith('x', '')), 'vectors.parquet');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (${sql}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
  connection.closeSync();
  return path;
}

const SAFETENSORS = {
  __metadata__: { format: 'pt' },
  image: { dtype: 'F32', shape: [3, 2], data_offsets: [0, 24] },
  text: { dtype: 'F16', shape: [3, 2], offsets: [24, 36] },
};

describe('vectors', () => {
  it('of a .npy file are read row by row', async () => {
    const path = await fileWith('a.npy', npyRows(ROWS));
    expect(await listArrays(path)).toEqual([{ rows: 3, columns: 2, type: 'float32' }]);
    expect(await rowsOf(path, undefined, 1, 3)).toEqual([3, -4, 0.5, 6]);
    expect(await rowsOf(path, undefined, 2, 99)).toEqual([0.5, 6]);
    expect(await readWhole({ path, row: 1 }, 100)).toEqual(floats([[3, -4]]));
  });

  it.each([
    ['>f4', floats(ROWS).swap32()],
    ['>f8', Buffer.from(Float64Array.from(ROWS.flat()).buffer).swap64()],
    ['>f2', Buffer.from('3c0040004200c40038004600', 'hex')],
  ])('of numbers of the type %s are read with their most significant byte first', async (type, numbers) => {
    const path = await fileWith('a.npy', npyOf(type, [3, 2], numbers));
    expect(await rowsOf(path, undefined, 0, 3)).toEqual(ROWS.flat());
    expect([...(await readNpy(path)).data]).toEqual(ROWS.flat());
  });

  it.each([
    ['stored', false],
    ['compressed', true],
  ])('of an .npz file whose arrays are %s are read by name', async (_, compress) => {
    const members = {
      'l14_img.npy': npyRows(ROWS),
      'l14_txt.npy': npyOf('<f2', [3, 2], HALVES),
      'n.npy': npyOf('<i8', [1], Buffer.alloc(8)),
    };
    const path = await fileWith('a.npz', zipOf(members, { compress }));
    expect(await listArrays(path)).toEqual([
      { name: 'l14_img', rows: 3, columns: 2, type: 'float32' },
      { name: 'l14_txt', rows: 3, columns: 2, type: 'float16' },
    ]);
    expect(await rowsOf(path, 'l14_txt', 1, 3)).toEqual([0.5, 3, 0, 100]);
    expect(await rowsOf(path, 'l14_img', 0, 1)).toEqual([1, 2]);
  });

  it('of a .safetensors file are read by name, with the offsets under their current and their old key', async () => {
    const path = await fileWith('a.safetensors', safetensorsOf(SAFETENSORS, Buffer.concat([floats(ROWS), HALVES])));
    expect(await listArrays(path)).toEqual([
      { name: 'image', rows: 3, columns: 2, type: 'float32' },
      { name: 'text', rows: 3, columns: 2, type: 'float16' },
    ]);
    expect(await rowsOf(path, 'text', 0, 2)).toEqual([1, -2, 0.5, 3]);
    expect(await rowsOf(path, 'image', 2, 3)).toEqual([0.5, 6]);
  });

  it('of a list column of a Parquet file are read across its row groups', async () => {
    const path = await parquetFile('SELECT i AS id, [i, i / 2, -i]::FLOAT[] AS vector FROM range(5000) r(i)');
    expect(await listArrays(path)).toEqual([{ name: 'vector', rows: 5000, columns: 3, type: 'float32' }]);
    expect(await rowsOf(path, 'vector', 2047, 2049)).toEqual([2047, 1023.5, -2047, 2048, 1024, -2048]);
    expect(await rowsOf(path, 'vector', 4999, 6000)).toEqual([4999, 2499.5, -4999]);
  });

  it('of lists that differ in length are refused with the row', async () => {
    const path = await parquetFile(
      'SELECT CASE WHEN i = 7 THEN [1.0] ELSE [1.0, 2.0] END AS vector FROM range(9) r(i)',
    );
    await expect(rowsOf(path, 'vector', 0, 9)).rejects.toThrow(/row 8 of vector/);
  });

  it.each([
    ['Python objects', 'a.npy', npyOf('|O', [1, 1], Buffer.from('cposix\nsystem\n'))],
    ['one dimension', 'a.npy', npyOf('<f4', [6], floats(ROWS))],
    ['fewer numbers than announced', 'a.npy', npyRows(ROWS).subarray(0, -1)],
    [
      'overlapping tensors',
      'a.safetensors',
      safetensorsOf(
        {
          a: { dtype: 'U8', shape: [2, 2], data_offsets: [0, 4] },
          b: { dtype: 'U8', shape: [2, 2], data_offsets: [2, 6] },
        },
        Buffer.alloc(6),
      ),
    ],
    [
      'a tensor behind the end',
      'a.safetensors',
      safetensorsOf({ a: { dtype: 'U8', shape: [2, 2], data_offsets: [4, 8] } }, Buffer.alloc(7)),
    ],
    [
      'a tensor of another length',
      'a.safetensors',
      safetensorsOf({ a: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 4] } }, Buffer.alloc(16)),
    ],
    ['a header longer than the file', 'a.safetensors', Buffer.from('ffffffffffffffff7b7d', 'hex')],
    ['a header that is no JSON', 'a.safetensors', Buffer.from('0200000000000000ffff', 'hex')],
    ['nothing', 'a.npz', Buffer.alloc(0)],
  ])('with %s are refused with a sentence', async (_, name, bytes) => {
    const path = await fileWith(name, bytes);
    await expect(openVectors(path)).rejects.toThrow(InputError);
    await expect(openVectors(path, 'a')).rejects.toThrow(path);
  });

  it.each([
    ['.npy', 'a.npy', npyRows(ROWS)],
    ['.npz', 'a.npz', zipOf({ 'image.npy': npyRows(ROWS) }, { compress: true })],
    ['.safetensors', 'a.safetensors', safetensorsOf(SAFETENSORS, Buffer.concat([floats(ROWS), HALVES]))],
  ])('of any damaged %s file are read or refused', async (_, name, whole) => {
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(damage, fc.nat(whole.length), fc.boolean(), async (flips, cut, isCut) => {
        const bytes = Buffer.from(whole);
        for (const [at, byte] of flips) bytes[at] = byte;
        const path = await fileWith(name, isCut ? bytes.subarray(0, cut) : bytes);
        try {
          for (const array of await listArrays(path)) await rowsOf(path, array.name, 0, Math.min(array.rows, 100));
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 120 },
    );
  });
});

it('a damaged Parquet file ends in its rows or in an InputError', async () => {
  const whole = await readFile(await parquetFile('SELECT i AS id, [i, i]::FLOAT[] AS vector FROM range(50) r(i)'));
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(damage, async (flips) => {
      const bytes = Buffer.from(whole);
      for (const [at, byte] of flips) bytes[at] = byte;
      const path = await fileWith('a.parquet', bytes);
      try {
        for (const array of await listArrays(path)) await rowsOf(path, array.name, 0, 10);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }),
    { numRuns: 100 },
  );
});
