import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { parseNpyHeader, readNpy, writeNpy } from '../../../src/base/npy.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'npy-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

// numpy.save of numpy.array([[1, 2, 3], [-4, 0.5, 0]], dtype='<f4'), NumPy 2.4.
const SAVED_BY_NUMPY = Buffer.concat([
  Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'),
  Buffer.from(`${"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".padEnd(0x75)}\n`),
  Buffer.from('0000803f0000004000004040000080c00000003f00000000', 'hex'),
]);
const NUMBERS = [1, 2, 3, -4, 0.5, 0];

/** A file with this header in another version of the format. */
function saved(descr: string, numbers: Buffer, version = 1): Buffer {
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (2, 3), }\n`;
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  length.writeUIntLE(dictionary.length, 0, length.length);
  return Buffer.concat([
    Buffer.from(`\x93NUMPY`, 'latin1'),
    Buffer.from([version, 0]),
    length,
    Buffer.from(dictionary),
    numbers,
  ]);
}

describe('NumPy array files', () => {
  it('are written byte by byte as NumPy writes them', async () => {
    const path = join(folder, 'a.npy');
    await writeNpy(path, 2, 3, [Float32Array.from(NUMBERS.slice(0, 1)), Float32Array.from(NUMBERS.slice(1))]);
    expect(await readFile(path)).toEqual(SAVED_BY_NUMPY);
  });

  it('are read as NumPy writes them', async () => {
    const path = join(folder, 'a.npy');
    await writeFile(path, SAVED_BY_NUMPY);
    expect(await readNpy(path)).toEqual({ rows: 2, columns: 3, data: Float32Array.from(NUMBERS) });
  });

  // array.astype(type).tobytes() of [[1, -2, 0.5], [3, 0, 100]]; whole numbers without their fractions.
  it.each([
    ['<f2', '003c00c00038004200004056', [1, -2, 0.5, 3, 0, 100]],
    [
      '<f8',
      '000000000000f03f00000000000000c0000000000000e03f000000000000084000000000000000000000000000005940',
      [1, -2, 0.5, 3, 0, 100],
    ],
    ['|i1', '01fe00030064', [1, -2, 0, 3, 0, 100]],
    ['|u1', '01fe00030064', [1, 254, 0, 3, 0, 100]],
    ['<i4', '01000000feffffff00000000030000000000000064000000', [1, -2, 0, 3, 0, 100]],
    [
      '<i8',
      '0100000000000000feffffffffffffff0000000000000000030000000000000000000000000000006400000000000000',
      [1, -2, 0, 3, 0, 100],
    ],
  ])('of the type %s are read as float32', async (descr, hex, numbers) => {
    const path = join(folder, 'a.npy');
    await writeFile(path, saved(descr, Buffer.from(hex, 'hex')));
    expect((await readNpy(path)).data).toEqual(Float32Array.from(numbers));
  });

  it.each([2, 3])('of version %i of the format are read', async (version) => {
    const path = join(folder, 'a.npy');
    await writeFile(path, saved('|i1', Buffer.from([1, 2, 3, 4, 5, 6]), version));
    expect((await readNpy(path)).data).toEqual(Float32Array.from([1, 2, 3, 4, 5, 6]));
  });

  it('keep an array without rows', async () => {
    const path = join(folder, 'a.npy');
    await writeNpy(path, 0, 7, []);
    expect(await readNpy(path)).toEqual({ rows: 0, columns: 7, data: new Float32Array() });
  });

  it('are refused when the chunks do not fill the shape', async () => {
    await expect(writeNpy(join(folder, 'a.npy'), 2, 3, [new Float32Array(5)])).rejects.toThrow(RangeError);
  });

  it('tell their type and shape, also of records, which are not read as numbers', () => {
    const records = "[('f0', '<u8'), ('f1', '<u8')]";
    const header = `{'descr': ${records}, 'fortran_order': False, 'shape': (2,), }`.padEnd(0x75);
    const head = Buffer.concat([SAVED_BY_NUMPY.subarray(0, 10), Buffer.from(`${header}\n`)]);
    expect(parseNpyHeader(head, 'a.npy')).toEqual({ descr: records, shape: [2], begin: 128 });
  });

  it('of any bytes are read or refused with a sentence', () => {
    const damage = fc.array(fc.tuple(fc.nat(127), fc.nat(255)), { maxLength: 8 });
    fc.assert(
      fc.property(damage, fc.nat(160), (flips, cut) => {
        const bytes = Buffer.from(SAVED_BY_NUMPY);
        for (const [at, byte] of flips) bytes[at] = byte;
        try {
          const { begin } = parseNpyHeader(bytes.subarray(0, cut), 'a.npy');
          expect(begin).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['Python objects', SAVED_BY_NUMPY.toString('latin1').replace('<f4', '|O')],
    ['Fortran order', SAVED_BY_NUMPY.toString('latin1').replace('False', 'True ')],
    ['one dimension', SAVED_BY_NUMPY.toString('latin1').replace('(2, 3)', '(6,)  ')],
    ['numbers missing', SAVED_BY_NUMPY.subarray(0, -4).toString('latin1')],
    ['numbers too many', `${SAVED_BY_NUMPY.toString('latin1')}0000`],
    ['a header cut short', SAVED_BY_NUMPY.subarray(0, 9).toString('latin1')],
    ['something else altogether', 'hello'],
    ['nothing', ''],
  ])('are refused with a sentence when they hold %s', async (_, content) => {
    const path = join(folder, 'a.npy');
    await writeFile(path, content, 'latin1');
    await expect(readNpy(path)).rejects.toThrow(InputError);
    await expect(readNpy(path)).rejects.toThrow(path);
  });
});
