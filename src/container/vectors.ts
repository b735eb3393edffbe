import { extname } from 'node:path';
import { NPY_HEAD_BYTES, parseNpyHeader } from '../base/npy.ts';
import { bytesOf, toFloats, toLittleEndian } from '../base/numberType.ts';
import { ContainerError } from './containerError.ts';
import { isParquet, openParquet } from './parquet.ts';
import { listColumns, openListColumn } from './parquetLists.ts';
import { readTensors, type Tensor } from './safetensors.ts';
import { openFile, RegularFile, type Source } from './source.ts';
import type { VectorArray, Vectors } from './vectorArray.ts';
import { listZip, openZipMember } from './zip.ts';

/** True for the names of files that hold nothing but arrays. */
export function isArrayFile(path: string): boolean {
  return ['.npy', '.npz', '.safetensors'].includes(extname(path).toLowerCase());
}

/**
 * The matrices of numbers in a .npy, .npz, .safetensors or Parquet file (there the columns of lists that are as long as
 * the first one), without reading their numbers. Arrays of other shapes and types are left out. Nothing is ever
 * unpickled. Throws {@link InputError} when the file cannot be read at all.
 */
export async function listArrays(path: string): Promise<VectorArray[]> {
  if (isParquet(path)) return await listColumns(await openParquet(path));
  const arrays = await storedArrays(path);
  return arrays.flatMap((array) => asMatrix(array) ?? []);
}

/** What the arrays are that {@link listArrays} leaves out, in words: "image (10 × 2 × 2 of <f8)". Throws like it. */
export async function describeOthers(path: string): Promise<string[]> {
  const arrays = isParquet(path) ? [] : await storedArrays(path);
  return arrays
    .filter((array) => asMatrix(array) === undefined)
    .map(({ name, shape, stored }) => `${name === undefined ? '' : `${name}: `}${shape.join(' × ')} of ${stored}`);
}

/** Opens an array by its name. Throws {@link InputError}. */
export async function openVectors(path: string, name?: string): Promise<Vectors> {
  if (isParquet(path)) return await openListColumn(await openParquet(path), name ?? '');
  const stored = (await storedArrays(path)).find((array) => array.name === name);
  const matrix = stored && asMatrix(stored);
  if (stored === undefined || matrix === undefined) {
    const what = name === undefined ? 'no matrix of numbers' : `no matrix of numbers named ${name}`;
    throw new ContainerError('unreadable-media', path, `holds ${what}: save one row of numbers for each item.`);
  }
  const source = extname(path).toLowerCase() === '.npz' ? await openZipMember(path, `${name}.npy`) : openFile(path);
  if (stored.begin + matrix.rows * matrix.columns * bytesOf(matrix.type) > source.size) {
    source.close();
    throw new ContainerError('unreadable-media', path, 'is damaged: it ends before its last number. Copy it again.');
  }
  return vectorsIn(source, stored.begin, matrix);
}

/** One row as the bytes of float32 numbers. Throws {@link InputError}. */
export async function readVectorRow(path: string, row: number, name?: string): Promise<Buffer> {
  const vectors = await openVectors(path, name);
  try {
    if (row >= vectors.rows) {
      throw new ContainerError(
        'unreadable-media',
        path,
        `has ${vectors.rows} rows, but row ${row + 1} was wanted: index again.`,
      );
    }
    return Buffer.from((await vectors.read(row, row + 1)).buffer);
  } finally {
    vectors.close();
  }
}

async function storedArrays(path: string): Promise<Tensor[]> {
  const extension = extname(path).toLowerCase();
  if (extension === '.npz') return await arraysInZip(path);
  const file = new RegularFile(path);
  try {
    return extension === '.safetensors' ? readTensors(file) : [npyTensor(file.readNow(0, NPY_HEAD_BYTES), path)];
  } finally {
    file.close();
  }
}

async function arraysInZip(path: string): Promise<Tensor[]> {
  const members = (await listZip(path)).filter(({ name, kind }) => kind === 'file' && name.endsWith('.npy'));
  const arrays: Tensor[] = [];
  for (const { name } of members) {
    const source = await openZipMember(path, name);
    try {
      const head = await source.read(0, NPY_HEAD_BYTES);
      arrays.push({ name: name.slice(0, -'.npy'.length), ...npyTensor(head, `${path}, ${name},`) });
    } finally {
      source.close();
    }
  }
  return arrays;
}

function npyTensor(head: Buffer, path: string): Tensor {
  const { descr, ...rest } = parseNpyHeader(head, path);
  return { ...rest, stored: descr };
}

function asMatrix({ name, type, isBigEndian, shape }: Tensor): VectorArray | undefined {
  const [rows, columns, more] = shape;
  if (type === undefined || rows === undefined || columns === undefined || more !== undefined) return undefined;
  return { ...(name !== undefined && { name }), rows, columns, type, ...(isBigEndian && { isBigEndian }) };
}

function vectorsIn(source: Source, begin: number, array: VectorArray): Vectors {
  const rowBytes = array.columns * bytesOf(array.type);
  return {
    ...array,
    read: async (from, to) => {
      const count = Math.max(0, Math.min(to, array.rows) - from);
      const bytes = await source.read(begin + from * rowBytes, count * rowBytes);
      return toFloats(array.isBigEndian ? toLittleEndian(bytes, array.type) : bytes, array.type);
    },
    close: () => source.close(),
  };
}
