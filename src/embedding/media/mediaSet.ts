import { join } from 'node:path';
import * as z from 'zod';
import { EnvironmentError, PairLabError } from '../../base/errors.ts';
import { readJson, writeJson } from '../../base/files.ts';
import { NPY_HEAD_BYTES, parseNpyHeader, writeNpy } from '../../base/npy.ts';
import { toFloats } from '../../base/numberType.ts';
import { RegularFile } from '../../container/source.ts';
import type { Dataset } from '../../dataset/config.ts';
import { Modality } from '../../protocol.ts';
import { UnreadableItem } from '../embeddingSet.ts';
import { putFolder, readIds, writeIds } from '../setFolder.ts';
import type { MediaEncoding } from './mediaEncoding.ts';

const NUMBER_BYTES = 4;

/** `media.json`: what the arrays beside it are. */
const MediaRecord = z.object({
  modality: Modality,
  encoding: z.string(),
  version: z.number(),
  /** Names the items that were read: `contents` of the snapshot's summary. */
  contents: z.string(),
  /** Of an item's array; a row of arrays.npy holds it end to end. */
  shape: z.array(z.int()),
  /** ISO 8601. */
  created: z.string(),
  /** Items of the snapshot that have no array, because they could not be read. */
  unreadable: z.array(UnreadableItem),
});
export type MediaRecord = z.infer<typeof MediaRecord>;

/**
 * The arrays of the items of one modality, on disk and read row by row: row i is of item `ids[i]`. It stays as it is when
 * another process puts a newer set in its place. Whoever opens one closes it.
 */
export interface MediaSet extends MediaRecord {
  readonly ids: readonly string[];
  /** The arrays of some rows end to end. Throws {@link EnvironmentError} when the file is cut off. */
  gather(rows: readonly number[]): Float32Array;
  /** The same, while something else is computed. */
  read(rows: readonly number[]): Promise<Float32Array>;
  close(): void;
}

/** Writes arrays.npy, ids.parquet and media.json. */
export async function storeMediaSet(
  dataset: Dataset,
  record: MediaRecord,
  ids: readonly string[],
  blocks: AsyncIterable<Float32Array>,
): Promise<void> {
  await putFolder(folderOf(dataset, record.modality, record.encoding), async (aside) => {
    await writeNpy(join(aside, 'arrays.npy'), ids.length, sizeOf(record), blocks);
    await writeIds(aside, ids);
    await writeJson(join(aside, 'media.json'), record);
  });
}

/** The stored set that fits the items and the encoding; `undefined` when there is none, or when it is damaged. */
export async function openMediaSet(
  dataset: Dataset,
  contents: string,
  { modality, name, version }: Pick<MediaEncoding, 'modality' | 'name' | 'version'>,
): Promise<MediaSet | undefined> {
  const folder = folderOf(dataset, modality, name);
  try {
    const record = await readJson(join(folder, 'media.json'), MediaRecord);
    if (record?.contents !== contents || record.version !== version) return undefined;
    return openArrays(join(folder, 'arrays.npy'), record, await readIds(folder));
  } catch (error) {
    if (error instanceof PairLabError) return undefined;
    throw error;
  }
}

/** Where the media sets of a dataset lie. */
export function mediaFolder(dataset: Dataset): string {
  return join(dataset.folder, 'media');
}

function openArrays(path: string, record: MediaRecord, ids: readonly string[]): MediaSet | undefined {
  const file = new RegularFile(path);
  try {
    const { shape, begin } = parseNpyHeader(file.readNow(0, NPY_HEAD_BYTES), path);
    const bytesOfRow = NUMBER_BYTES * sizeOf(record);
    if (shape[0] === ids.length && file.size === begin + ids.length * bytesOfRow) {
      const rows = { file, begin, bytesOfRow };
      const gather = (wanted: readonly number[]) => gatherRows(rows, wanted);
      return { ...record, ids, gather, read: (wanted) => readRows(rows, wanted), close: () => file.close() };
    }
  } catch (error) {
    file.close();
    throw error;
  }
  file.close();
  return undefined;
}

/** Rows of one length in a file. */
interface RowsOfFile {
  readonly file: RegularFile;
  readonly begin: number;
  readonly bytesOfRow: number;
}

function gatherRows(rows: RowsOfFile, wanted: readonly number[]): Float32Array {
  const bytes = Buffer.allocUnsafe(wanted.length * rows.bytesOfRow);
  for (const { part, row, from } of partsOf(bytes, rows, wanted)) requireRow(rows, row, rows.file.fill(part, from));
  return toFloats(bytes, 'float32');
}

async function readRows(rows: RowsOfFile, wanted: readonly number[]): Promise<Float32Array> {
  const bytes = Buffer.allocUnsafe(wanted.length * rows.bytesOfRow);
  const reading = partsOf(bytes, rows, wanted).map(async ({ part, row, from }) =>
    requireRow(rows, row, await rows.file.fillMeanwhile(part, from)),
  );
  // Whoever closes the file because of a failure must not do so while other rows are being read.
  await Promise.allSettled(reading);
  await Promise.all(reading);
  return toFloats(bytes, 'float32');
}

/** Where each row goes, and where it lies. */
function partsOf(bytes: Buffer, { begin, bytesOfRow }: RowsOfFile, wanted: readonly number[]) {
  return wanted.map((row, at) => ({
    part: bytes.subarray(at * bytesOfRow, (at + 1) * bytesOfRow),
    row,
    from: begin + row * bytesOfRow,
  }));
}

function requireRow({ file, bytesOfRow }: RowsOfFile, row: number, bytes: number): void {
  if (bytes === bytesOfRow) return;
  throw new EnvironmentError(`${file.path} has no row ${row}. Delete its folder and run the experiment again.`);
}

function sizeOf({ shape }: MediaRecord): number {
  return shape.reduce((product, length) => product * length, 1);
}

function folderOf(dataset: Dataset, modality: Modality, encoding: string): string {
  return join(mediaFolder(dataset), `${modality}-${encoding}`);
}
