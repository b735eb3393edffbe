import { open, readFile } from 'node:fs/promises';
import { EnvironmentError, errorCode, explainFileError, InputError } from './errors.ts';
import type { Matrix } from './matrix.ts';

/*
 * NumPy's array file, version 1.0: a magic string, two version bytes, a little-endian uint16 header length, an ASCII
 * dictionary padded with spaces to a multiple of 64 bytes, then the numbers.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
const MAGIC = Buffer.from('\x93NUMPY\x01\x00', 'latin1');
const HEADER = /^\{'descr': '<f4', 'fortran_order': False, 'shape': \((\d+), (\d+)\), \} *\n$/;
const ALIGNMENT = 64;

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
 * Reads a two-dimensional float32 array in C order, as {@link writeNpy} and `numpy.save` write it; anything else is
 * an {@link InputError} that says what was found.
 */
export async function readNpy(path: string): Promise<Matrix> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new EnvironmentError(`${path} cannot be read (${errorCode(error) ?? 'unknown reason'}).`, error);
  }
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new InputError(`${path} is not a NumPy array file of version 1.0. Save the array again with numpy.save.`);
  }
  const start = MAGIC.length + 2 + (bytes.length < MAGIC.length + 2 ? 0 : bytes.readUInt16LE(MAGIC.length));
  const header = bytes.toString('latin1', MAGIC.length + 2, start);
  const shape = HEADER.exec(header);
  if (shape === null) {
    throw new InputError(
      `${path} must hold a two-dimensional float32 array in C order, but its header is: ${header.trim()}`,
    );
  }
  const [rows, columns] = [Number(shape[1]), Number(shape[2])];
  const size = rows * columns * Float32Array.BYTES_PER_ELEMENT;
  if (bytes.length - start !== size) {
    throw new InputError(
      `${path} is damaged: ${size} bytes of numbers were announced, ${bytes.length - start} are there.`,
    );
  }
  const body = new Uint8Array(bytes.subarray(start)).buffer;
  const data = new Float32Array(rows * columns);
  const view = new DataView(body);
  for (let i = 0; i < data.length; i++) data[i] = view.getFloat32(4 * i, true);
  return { rows, columns, data };
}

function headerOf(rows: number, columns: number): Buffer {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const unpadded = MAGIC.length + 2 + dictionary.length + 1;
  const padding = (ALIGNMENT - (unpadded % ALIGNMENT)) % ALIGNMENT;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(dictionary.length + padding + 1);
  return Buffer.concat([MAGIC, length, Buffer.from(`${dictionary}${' '.repeat(padding)}\n`, 'latin1')]);
}

function littleEndian(chunk: Float32Array): Uint8Array {
  const bytes = new Uint8Array(chunk.length * Float32Array.BYTES_PER_ELEMENT);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of chunk.entries()) view.setFloat32(4 * i, value, true);
  return bytes;
}
