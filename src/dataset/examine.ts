import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { mapConcurrently } from '../base/concurrency.ts';
import type { Columns } from '../base/database.ts';
import { EnvironmentError } from '../base/errors.ts';
import type { Job } from '../base/progress.ts';
import { query, writeParquet } from '../base/table.ts';
import { probeAudio } from '../modality/audio.ts';
import { probeImage } from '../modality/image.ts';
import { asMediaError, type Header, MediaError } from '../modality/modality.ts';
import { probeText } from '../modality/text.ts';
import { Modality, ProblemKind } from '../protocol.ts';
import type { Dataset } from './config.ts';
import type { FoundItem } from './formats/format.ts';
import { HEADER_COLUMNS } from './snapshotFiles.ts';
import type { FileEntry } from './walk.ts';

/** What reading an item gave. */
export interface Examined {
  readonly bytes: number;
  /** SHA-256 of the content, hexadecimal; absent when it could not be read. */
  readonly sha256?: string | undefined;
  readonly header: Header;
  /** Why the item cannot be used: a kind, and a sentence that lacks its subject. */
  readonly problem?: ProblemKind | undefined;
  readonly fault?: string | undefined;
}

/** Items that are read at once; decoding itself runs on the thread pool. */
const AT_ONCE = 8;
const PROBES = { image: probeImage, audio: probeAudio, text: probeText };

/**
 * Reads the header and the bytes of every item, except of files that have the path, size and time of change of an earlier
 * run. Results are in the order of the items. What cannot be read is a result too, never an exception.
 */
export async function examineItems(
  dataset: Dataset,
  items: readonly FoundItem[],
  files: ReadonlyMap<string, FileEntry>,
  job: Job,
): Promise<{ examined: Examined[]; reread: number; reused: number }> {
  const known = await readKnown(dataset);
  let [done, reread, reused] = [0, 0, 0];
  const examined = await mapConcurrently(
    items,
    AT_ONCE,
    async (item) => {
      const file = files.get(item.path);
      const earlier = item.text === undefined && file ? known.get(keyOf(item, file)) : undefined;
      if (earlier !== undefined) reused++;
      else if (item.text === undefined) reread++;
      const result = earlier ?? (await examine(join(dataset.root, item.path), item, file?.bytes ?? 0));
      job.progress?.({ stage: 'reading media', done: ++done, total: items.length });
      return result;
    },
    job.signal,
  );
  await writeKnown(dataset, items, files, examined, job.signal);
  return { examined, reread, reused };
}

async function examine(path: string, item: FoundItem, bytes: number): Promise<Examined> {
  if (item.text !== undefined) return examineCell(item.text);
  let sha256: string | undefined;
  try {
    sha256 = await hashFile(path);
    return { bytes, sha256, header: await PROBES[item.modality](path) };
  } catch (thrown) {
    const error = asMediaError(thrown, path);
    if (!(error instanceof MediaError)) throw error;
    return { bytes, sha256, header: {}, problem: error.problem, fault: error.fault };
  }
}

function examineCell(text: string): Examined {
  const common = {
    bytes: Buffer.byteLength(text),
    sha256: createHash('sha256').update(text).digest('hex'),
    header: { characters: text.length },
  };
  return text.trim() === ''
    ? { ...common, problem: 'empty-item', fault: 'holds nothing but white space: fill it in.' }
    : common;
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(z.instanceof(Buffer).parse(chunk));
  return hash.digest('hex');
}

// ------------------------------------------------------------------------------- what earlier runs know about files

/** Raise it when a probe learns to read more, so that files are read again. */
const KNOWN_FILE = 'files-1.parquet';

const KNOWN_COLUMNS = {
  path: 'text',
  modality: 'text',
  bytes: 'count',
  modified: 'number',
  sha256: 'text',
  ...HEADER_COLUMNS,
  problem: 'text',
  fault: 'text',
} as const satisfies Columns;

const KnownRow = z.object({
  path: z.string(),
  modality: Modality,
  bytes: z.number(),
  modified: z.number(),
  sha256: z.string().optional(),
  problem: ProblemKind.optional(),
  fault: z.string().optional(),
});
const KnownHeader = z.object({
  width: z.number().exactOptional(),
  height: z.number().exactOptional(),
  channels: z.number().exactOptional(),
  sampleRate: z.number().exactOptional(),
  seconds: z.number().exactOptional(),
  characters: z.number().exactOptional(),
});

function keyOf(item: { path: string; modality: Modality }, file: { bytes: number; modified: number }): string {
  return JSON.stringify([item.path, item.modality, file.bytes, file.modified]);
}

async function readKnown(dataset: Dataset): Promise<Map<string, Examined>> {
  const path = join(dataset.folder, KNOWN_FILE);
  if ((await stat(path).catch(() => undefined)) === undefined) return new Map();
  try {
    const rows = await query('SELECT * FROM read_parquet($path)', { path }, z.looseObject(KnownRow.shape));
    return new Map(rows.map((row) => [keyOf(row, row), { ...row, header: KnownHeader.parse(row) }]));
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    await rm(path, { force: true });
    return new Map();
  }
}

async function writeKnown(
  dataset: Dataset,
  items: readonly FoundItem[],
  files: ReadonlyMap<string, FileEntry>,
  examined: readonly Examined[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const rows = items.flatMap((item, index) => {
    const file = files.get(item.path);
    const result = examined[index];
    if (item.text !== undefined || file === undefined || result === undefined || result.problem === 'missing-file')
      return [];
    const { header, problem, fault, sha256 } = result;
    return [
      {
        path: item.path,
        modality: item.modality,
        bytes: file.bytes,
        modified: file.modified,
        sha256,
        problem,
        fault,
        ...header,
      },
    ];
  });
  await writeParquet(join(dataset.folder, KNOWN_FILE), KNOWN_COLUMNS, rows, signal);
}
