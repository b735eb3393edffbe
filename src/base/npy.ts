import { type FileHandle, open } from 'node:fs/promises';
import { EnvironmentError, errorCode, explainFileError, InputError, PairLabError } from './errors.ts';
import { type Matrix, sharedZeros } from './matrix.ts';
import { bytesOf, type NumberType, toFloats, toLittleEndian } from './numberType.ts';

/*
 * NumPy's array file: a magic string, two version bytes, a little-endian header length (two bytes in version 1.0, four in
 * 2.0 and 3.0), a Python dictionary padded with spaces to a multiple of 64 bytes, then the numbers.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
const MAGIC = Buffer.from('\x93NUMPY', 'latin1');
const VERSION_1 = Buffer.from([1, 0]);
const ALIGNMENT = 64;
/** So much of a file lies in memory beside its numbers. */
const BLOCK_BYTES = 4 * 1024 * 1024;

/** A file whose header does not fit into so many bytes is none that NumPy wrote. */
export const NPY_HEAD_BYTES = 64 * 1024;

const TYPES: ReadonlyMap<string, NumberType> = new Map([
  ['<f2', 'float16'],
  ['<f4', 'float32'],
  ['<f8', 'float64'],
  ['|i1', 'int8'],
  ['|u1', 'uint8'],
  ['<i4', 'int32'],
  ['<i8', 'int64'],
]);

/** What the header of a NumPy array file tells. */
export interface NpyHeader {
  /** NumPy's word for the type of the numbers: `<f4`; of a record: `[('f0', '<u8'), ('f1', '<u8')]`. */
  readonly descr: string;
  /** Absent for what is no number, such as a Python object, which is never read. */
  readonly type?: NumberType;
  /** True when the most significant byte of a number comes first. */
  readonly isBigEndian?: boolean;
  readonly shape: readonly number[];
  /** Place of the first number in the file, in bytes. */
  readonly begin: number;
}

/**
 * Reads the header of a NumPy array file of version 1, 2 or 3 in C order. Throws {@link InputError}.
 *
 * @param head the first {@link NPY_HEAD_BYTES} of the file, or all of a shorter one
 * @param path of the file, for the message
 */
export function parseNpyHeader(head: Buffer, path: string): NpyHeader {
  const lengthBytes = head[MAGIC.length] === 1 ? 2 : 4;
  const start = MAGIC.length + 2 + lengthBytes;
  const isNpy = head.length > start && head.subarray(0, MAGIC.length).equals(MAGIC) && (head[MAGIC.length] ?? 0) <= 3;
  const begin = isNpy ? start + head.readUIntLE(MAGIC.length + 2, lengthBytes) : 0;
  if (!isNpy || begin > head.length) {
    throw new InputError(`${path} is not a whole NumPy array file. Save the array again with numpy.save.`);
  }
  const dictionary = head.toString('utf8', start, begin);
  const descr = /'descr'\s*:\s*(?:'([^']*)'|(\[[^\]]*\]))/.exec(dictionary);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(dictionary)?.[1];
  const shape = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(dictionary)?.[1];
  if (descr === null || order === undefined || shape === undefined) {
    throw new InputError(
      `${path} has a header that NumPy does not write: ${dictionary.trim()}. Save it with numpy.save.`,
    );
  }
  if (order === 'True') {
    throw new InputError(
      `${path} is in Fortran order. Save it in C order: numpy.save(…, numpy.ascontiguousarray(array)).`,
    );
  }
  const sizes = shape
    .split(',')
    .filter((size) => size.trim() !== '')
    .map(Number);
  if (!Number.isSafeInteger(sizes.reduce((product, size) => product * size, 8))) {
    throw new InputError(`${path} has a header with an impossible shape: (${shape}).`);
  }
  const name = descr[1] ?? descr[2] ?? '';
  const type = TYPES.get(name.replace(/^>/, '<'));
  return {
    descr: name,
    ...(type && { type }),
    ...(name.startsWith('>') && { isBigEndian: true }),
    shape: sizes,
    begin,
  };
}

/**
 * Writes `rows` × `columns` little-endian float32 numbers, C order, chunk by chunk. A chunk may hold any count of
 * numbers; all chunks together must hold exactly as many as the shape says.
 */
export async function writeNpy(
  path: string,
  rows: number,
  columns: number,
  chunks: Iterable<Float32Array> | AsyncIterable<Float32Array>,
): Promise<void> {
  try {
    const file = await open(path, 'w');
    try {
      await file.writeFile(headerOf(rows, columns));
      let count = 0;
      for await (const chunk of chunks) {
        count += chunk.length;
        await file.writeFile(littleEndian(chunk));
      }
      if (count !== rows * columns) {
        throw new RangeError(`writeNpy() got ${count} numbers for the shape (${rows}, ${columns})`);
      }
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw explainFileError(error, path);
  }
}

/**
 * Reads a two-dimensional array of numbers of any size, as `numpy.save` writes it, as float32 in memory that threads
 * share; anything else is an {@link InputError} that says what was found.
 */
export async function readNpy(path: string): Promise<Matrix> {
  try {
    const file = await open(path);
    try {
      return await readMatrix(file, path);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof PairLabError) throw error;
    throw new EnvironmentError(`${path} cannot be read (${errorCode(error) ?? 'unknown reason'}).`, error);
  }
}

async function readMatrix(file: FileHandle, path: string): Promise<Matrix> {
  const { type, isBigEndian, shape, begin, descr } = parseNpyHeader(await readBytes(file, 0, NPY_HEAD_BYTES), path);
  const [rows, columns, more] = shape;
  if (type === undefined || rows === undefined || columns === undefined || more !== undefined) {
    throw new InputError(
      `${path} must hold a matrix of numbers, but holds ${descr} of the shape (${shape.join(', ')}).`,
    );
  }
  const size = rows * columns * bytesOf(type);
  const there = (await file.stat()).size - begin;
  if (there !== size) {
    throw new InputError(`${path} is damaged: ${size} bytes of numbers were announced, ${there} are there.`);
  }
  const matrix = sharedZeros(rows, columns);
  for (let at = 0; at < size; at += BLOCK_BYTES) {
    const bytes = await readBytes(file, begin + at, Math.min(BLOCK_BYTES, size - at));
    matrix.data.set(toFloats(isBigEndian ? toLittleEndian(bytes, type) : bytes, type), at / bytesOf(type));
  }
  return matrix;
}

/** Fewer at the end of the file. */
async function readBytes(file: FileHandle, from: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function headerOf(rows: number, columns: number): Buffer {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const unpadded = MAGIC.length + VERSION_1.length + 2 + dictionary.length + 1;
  const padding = (ALIGNMENT - (unpadded % ALIGNMENT)) % ALIGNMENT;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(dictionary.length + padding + 1);
  return Buffer.concat([MAGIC, VERSION_1, length, Buffer.from(`${dictionary}${' '.repeat(padding)}\n`, 'latin1')]);
}

function littleEndian(chunk: Float32Array): Uint8Array {
  const bytes = new Uint8Array(chunk.length * Float32Array.BYTES_PER_ELEMENT);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of chunk.entries()) view.setFloat32(4 * i, value, true);
  return bytes;
}
