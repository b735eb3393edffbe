import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { readNpy, writeNpy } from '../../../src/base/npy.ts';

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

  it('keep an array without rows', async () => {
    const path = join(folder, 'a.npy');
    await writeNpy(path, 0, 7, []);
    expect(await readNpy(path)).toEqual({ rows: 0, columns: 7, data: new Float32Array() });
  });

  it('are refused when the chunks do not fill the shape', async () => {
    await expect(writeNpy(join(folder, 'a.npy'), 2, 3, [new Float32Array(5)])).rejects.toThrow(RangeError);
  });

  it.each([
    ['another type', SAVED_BY_NUMPY.toString('latin1').replace('<f4', '<f8')],
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
