import { basename } from 'node:path';
import * as z from 'zod';
import { ContainerError } from './containerError.ts';
import { isGzip, openGzipSlice } from './gzipTar.ts';
import { isParquet } from './parquet.ts';
import { openFile, type Source, sourceOf } from './source.ts';
import { isArrayFile, readVectorRow } from './vectors.ts';
import { openZipMember } from './zip.ts';

/** Where the bytes of an item lie: a file, or a part of one. */
export const Location = z.object({
  /** Absolute path of the file. */
  path: z.string(),
  /** Slice [begin, begin + length) of a .tar, or of what a .tar.gz inflates to, in bytes. */
  begin: z.int().nonnegative().optional(),
  length: z.int().nonnegative().optional(),
  /** Name inside an archive, or the name that a table gives to what it holds. */
  member: z.string().optional(),
  /** Zero-based row of a Parquet or Arrow table, or of an array. */
  row: z.int().nonnegative().optional(),
  /** Column of the table, with dots between struct fields, or name of the array. */
  column: z.string().optional(),
  /** Seconds: the segment [start, end) of a sound. Which bytes are read does not depend on it. */
  start: z.number().nonnegative().optional(),
  end: z.number().nonnegative().optional(),
});
export type Location = z.infer<typeof Location>;

/** The name that tells the format by its extension: of the member of an archive, or of the file. */
export function nameOf({ path, member }: Location): string {
  return member ?? basename(path);
}

/** Opens the bytes of an item for several reads; the caller closes them. Throws {@link ContainerError}. */
export async function openLocation(location: Location): Promise<Source> {
  const { path, begin, length, member, row, column } = location;
  if (begin !== undefined && length !== undefined) {
    return isGzip(path) ? openGzipSlice(path, begin, length) : openFile(path, { begin, length });
  }
  if (row !== undefined) return await openRow(path, row, column);
  return member === undefined ? openFile(path) : await openZipMember(path, member);
}

async function openRow(path: string, row: number, column: string | undefined): Promise<Source> {
  if (isArrayFile(path)) return sourceOf(await readVectorRow(path, row, column));
  // Loaded when a table is there: the database that reads some Parquet takes longer to load than all else here.
  const readCell = isParquet(path)
    ? (await import('./parquetCell.ts')).readCell
    : (await import('./arrowCells.ts')).readArrowCell;
  const bytes = await readCell(path, row, column ?? '');
  if (bytes !== undefined) return sourceOf(bytes);
  throw new ContainerError(
    'missing-file',
    path,
    `has nothing in row ${row + 1} of ${column}: fill it in or exclude it.`,
  );
}

/** Bytes of an item. Throws {@link ContainerError}. */
export async function sizeOf(location: Location): Promise<number> {
  return await withSource(location, async ({ size }) => size);
}

/** The bytes [from, from + length) of an item, fewer at its end. Throws {@link ContainerError}. */
export async function readRange(location: Location, from: number, length: number): Promise<Buffer> {
  return await withSource(location, (source) => source.read(from, length));
}

/** All bytes of an item. Throws {@link ContainerError} `too-large` when they are more than `limit`. */
export async function readWhole(location: Location, limit: number): Promise<Buffer> {
  return await withSource(location, async (source) => {
    if (source.size <= limit) return await source.read(0, source.size);
    const [size, most] = [source.size, limit].map((bytes) => Math.round(bytes / 1e6));
    throw new ContainerError(
      'too-large',
      nameOf(location),
      `has ${size} MB, more than the ${most} MB that are read: split it.`,
    );
  });
}

async function withSource<T>(location: Location, work: (source: Source) => Promise<T>): Promise<T> {
  const source = await openLocation(location);
  try {
    return await work(source);
  } finally {
    source.close();
  }
}
