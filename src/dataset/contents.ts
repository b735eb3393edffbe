import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { mapConcurrently } from '../base/concurrency.ts';
import { type Columns, type Database, literal } from '../base/database.ts';
import { namesIn } from '../base/files.ts';
import type { Job } from '../base/progress.ts';
import { copyToParquet } from '../base/table.ts';
import type { Content, Reading } from '../decoding/contents.ts';
import { DecoderPool } from '../decoding/decoderPool.ts';
import { readHeaders } from '../decoding/headerPool.ts';
import { Modality } from '../protocol.ts';
import type { Dataset } from './config.ts';
import { locationOf } from './itemLocation.ts';
import { removeLeftovers, UNFINISHED } from './snapshotFiles.ts';
import type { Staging } from './staging.ts';

/** What reading an item gave: a {@link Content}, flat. */
export const CONTENT_COLUMNS = {
  bytes: 'count',
  sha256: 'text',
  fingerprint: 'text',
  format: 'text',
  width: 'integer',
  height: 'integer',
  channels: 'integer',
  sampleRate: 'integer',
  seconds: 'number',
  characters: 'integer',
  decodedHash: 'text',
  signature: 'text',
  bands: 'texts',
  spread: 'number',
  peak: 'number',
  clipped: 'number',
  silent: 'number',
  language: 'text',
  problem: 'text',
  fault: 'text',
} as const satisfies Columns;

/** What a content is known by: the item, and the size and time of change of the file that holds it. */
const KNOWN_COLUMNS = {
  id: 'text',
  modality: 'text',
  fileBytes: 'count',
  modified: 'number',
  decoded: 'boolean',
  ...CONTENT_COLUMNS,
} as const satisfies Columns;

/** Raise it when a reader learns to tell more, so that files are read again. */
const FOLDER = 'contents-1';
const PARTS = /^part-.*\.parquet$/;
/** More parts than this are put into one. */
const MANY_PARTS = 8;
/** What was read is stored so often, so that a killed run goes on where it stopped. */
const ITEMS_PER_PART = { headers: 50_000, decoding: 2_000 };
/** What the decoders have to do next while results are stored. */
const DECODINGS_AHEAD = 32;

/** One of several jobs that share the reading: number 1 to `of`. */
export interface Shard {
  readonly number: number;
  readonly of: number;
}

export interface Reread {
  /** Items that were read in this run. */
  readonly reread: number;
  /** Items known from an earlier run. */
  readonly reused: number;
}

/**
 * Makes the table `contents` (id, modality and {@link CONTENT_COLUMNS}) of all items that lie in files: what earlier runs
 * know by the name, size and time of change of the file, and for the rest what reading gives now. Headers always; whole
 * items with `decode`. What cannot be read is a content with a problem.
 */
export async function readContents(
  dataset: Dataset,
  staging: Staging,
  { decode = false, background = false, shard }: { decode?: boolean; background?: boolean; shard?: Shard | undefined },
  job: Job,
): Promise<Reread> {
  const { database } = staging;
  const folder = join(dataset.folder, FOLDER);
  await mkdir(folder, { recursive: true });
  await removeLeftovers(folder, UNFINISHED);
  const parts = await loadKnown(staging, folder, job.signal);
  const store = await ContentStore.open(staging, folder, decode ? ITEMS_PER_PART.decoding : ITEMS_PER_PART.headers);
  await wantItems(database, decode ? UNDECODED : UNREAD, shard, job.signal);
  const reread = await countRows(database, 'wanted');
  await database.run('DELETE FROM contents WHERE (id, modality) IN (SELECT id, modality FROM wanted)', {}, job.signal);
  if (decode) await decodeWanted(staging, store, reread, background, job);
  else await readWanted(staging, store, reread, job, false);
  await wantItems(database, TWINS, shard, job.signal);
  const twins = await countRows(database, 'wanted');
  if (twins > 0) await hashTwins(staging, store, twins, job);
  if (shard === undefined && parts.length + store.parts.length > MANY_PARTS) {
    await store.compact([...parts, ...store.parts]);
  }
  return { reread, reused: (await countRows(database, 'contents')) - reread };
}

/** Items of which nothing is known. */
const UNREAD = '(items.id, items.modality) NOT IN (SELECT id, modality FROM contents)';
/** Items that were not decoded, unless their header told already that they cannot be. */
const UNDECODED =
  '(items.id, items.modality) NOT IN (SELECT id, modality FROM contents WHERE decoded OR problem IS NOT NULL)';
/** Large items that look the same at both ends. */
const TWINS = `(items.id, items.modality) IN (
  SELECT id, modality FROM contents WHERE sha256 IS NULL AND fingerprint IN (
    SELECT fingerprint FROM contents WHERE fingerprint IS NOT NULL GROUP BY 1 HAVING count(*) > 1))`;

/** Fills `contents` with what parts of earlier runs know about files that are as they were; gives the parts' paths. */
async function loadKnown(staging: Staging, folder: string, signal: AbortSignal | undefined): Promise<string[]> {
  const { database } = staging;
  await database.dropTable('contents');
  await database.createTable('contents', KNOWN_COLUMNS);
  const parts: string[] = [];
  for (const name of await namesIn(folder)) {
    const part = join(folder, name);
    if (PARTS.test(name) && (await isWhole(database, part))) parts.push(part);
  }
  if (parts.length === 0) return [];
  const best = 'row_number() OVER (PARTITION BY known.id, known.modality ORDER BY decoded DESC, known.sha256 IS NULL)';
  const columns = Object.keys(KNOWN_COLUMNS).map((name) => `known.${name}`);
  await database.run(
    `INSERT INTO contents SELECT ${columns.join(', ')}
      FROM read_parquet([${parts.map(literal).join(', ')}]) known
      JOIN items ON items.id = known.id AND items.modality = known.modality
      JOIN files ON files.path = items.path
      WHERE known.fileBytes = files.bytes AND known.modified = files.modified
      ${parts.length > 1 ? `QUALIFY ${best} = 1` : ''}`,
    {},
    signal,
  );
  return parts;
}

/** A part that cannot be read is removed: what it knew can always be read again. */
async function isWhole(database: Database, part: string): Promise<boolean> {
  try {
    await database.run(`SELECT ${Object.keys(KNOWN_COLUMNS).join(', ')} FROM read_parquet(${literal(part)}) LIMIT 1`);
    return true;
  } catch {
    await rm(part, { force: true });
    return false;
  }
}

const WantedItem = z.object({
  id: z.string(),
  modality: Modality,
  path: z.string(),
  member: z.string().optional(),
  begin: z.number().optional(),
  length: z.number().optional(),
  row: z.number().optional(),
  column: z.string().optional(),
  start: z.number().optional(),
  end: z.number().optional(),
  fileBytes: z.number(),
  modified: z.number(),
});
type WantedItem = z.infer<typeof WantedItem>;

/** Makes the table `wanted` of the items in files for which the condition holds. */
async function wantItems(
  database: Database,
  condition: string,
  shard: Shard | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const own = shard === undefined ? 'true' : `md5_number_lower(items.path) % ${shard.of} = ${shard.number - 1}`;
  const place = Object.keys(WantedItem.omit({ fileBytes: true, modified: true }).shape).map(
    (name) => `items."${name}"`,
  );
  await database.run(
    `CREATE OR REPLACE TABLE wanted AS
      SELECT ${place.join(', ')}, files.bytes AS fileBytes, files.modified
      FROM items JOIN files USING (path) WHERE text IS NULL AND dimensions IS NULL AND ${own} AND ${condition}`,
    {},
    signal,
  );
}

/** Members of an archive follow each other, so that it is opened once. */
function wanted(database: Database, signal: AbortSignal | undefined): AsyncGenerator<WantedItem[]> {
  return database.stream('SELECT * FROM wanted ORDER BY path, begin', {}, WantedItem, signal);
}

async function readWanted(
  staging: Staging,
  store: ContentStore,
  total: number,
  { signal, progress }: Job,
  whole: boolean,
): Promise<void> {
  const ahead = new Map<number, WantedItem>();
  async function* readings(): AsyncGenerator<Reading[]> {
    let number = 0;
    for await (const items of wanted(staging.database, signal)) {
      for (const item of items) ahead.set(number++, item);
      yield items.map((item) => readingOf(staging, item, whole));
    }
  }
  let done = 0;
  const keep = async (from: number, contents: readonly Content[]): Promise<void> => {
    for (const [index, content] of contents.entries()) {
      const item = ahead.get(from + index);
      ahead.delete(from + index);
      if (item !== undefined) await store.add(item, content, false);
    }
    done += contents.length;
    progress?.({ stage: whole ? 'comparing large files' : 'reading headers', done, total });
  };
  await readHeaders(readings(), keep, { ...(signal && { signal }) });
  await store.flush();
}

async function decodeWanted(
  staging: Staging,
  store: ContentStore,
  total: number,
  lowPriority: boolean,
  { signal, progress }: Job,
): Promise<void> {
  const pool = new DecoderPool({ lowPriority, signal });
  let done = 0;
  try {
    for await (const items of wanted(staging.database, signal)) {
      await mapConcurrently(
        items,
        DECODINGS_AHEAD,
        async (item) => {
          const content = await pool.features(readingOf(staging, item, false));
          await store.add(item, content, true);
          progress?.({ stage: 'decoding media', done: ++done, total });
        },
        signal,
      );
    }
  } finally {
    await pool.close();
  }
  await store.flush();
}

/** Large items whose two ends are the same are told apart, or found equal, by all of their bytes. */
async function hashTwins(staging: Staging, store: ContentStore, count: number, job: Job): Promise<void> {
  const { database } = staging;
  await database.run(
    `CREATE OR REPLACE TABLE twins AS SELECT contents.* FROM contents JOIN wanted USING (id, modality)`,
  );
  await database.run('DELETE FROM contents WHERE (id, modality) IN (SELECT id, modality FROM wanted)');
  await readWanted(staging, store, count, job, true);
  // What decoding told stays; only the hash is new.
  await database.run(`UPDATE twins SET sha256 = contents.sha256 FROM contents
    WHERE twins.id = contents.id AND twins.modality = contents.modality`);
  await database.run('DELETE FROM contents WHERE (id, modality) IN (SELECT id, modality FROM twins)');
  await database.run('INSERT INTO contents SELECT * FROM twins; DROP TABLE twins');
}

function readingOf(staging: Staging, item: WantedItem, whole: boolean): Reading {
  return { modality: item.modality, location: locationOf(staging.root, item), whole };
}

/** Puts contents into the table `contents` and, part by part, on disk. */
class ContentStore {
  readonly parts: string[] = [];
  readonly #database: Database;
  readonly #folder: string;
  readonly #itemsPerPart: number;
  #waiting = 0;
  #storing: Promise<void> = Promise.resolve();

  static async open({ database }: Staging, folder: string, itemsPerPart: number): Promise<ContentStore> {
    await database.dropTable('fresh');
    await database.createTable('fresh', KNOWN_COLUMNS);
    return new ContentStore(database, folder, itemsPerPart);
  }

  private constructor(database: Database, folder: string, itemsPerPart: number) {
    this.#database = database;
    this.#folder = folder;
    this.#itemsPerPart = itemsPerPart;
  }

  async add({ id, modality, fileBytes, modified }: WantedItem, content: Content, decoded: boolean): Promise<void> {
    await this.#storing;
    const { header, features, ...rest } = content;
    this.#database.append('fresh', { id, modality, fileBytes, modified, decoded, ...rest, ...header, ...features });
    this.#waiting++;
    if (this.#waiting >= this.#itemsPerPart) await this.flush();
  }

  /** Moves what was added to `contents`, and stores it. */
  async flush(): Promise<void> {
    await this.#storing;
    if (this.#waiting === 0) return;
    this.#waiting = 0;
    this.#storing = this.#move();
    await this.#storing;
  }

  /** Puts all parts into one, which holds nothing of files that are gone or have changed. */
  async compact(parts: readonly string[]): Promise<void> {
    await this.#store('contents', parts);
  }

  async #move(): Promise<void> {
    await this.#store('fresh', []);
    await this.#database.run('INSERT INTO contents SELECT * FROM fresh; DELETE FROM fresh');
  }

  async #store(table: string, replaced: readonly string[]): Promise<void> {
    this.#database.flush();
    const part = join(this.#folder, `part-${process.pid}-${randomBytes(4).toString('hex')}.parquet`);
    await copyToParquet(this.#database, `SELECT * FROM ${table}`, part);
    this.parts.push(part);
    for (const path of replaced) await rm(path, { force: true });
  }
}

const Count = z.object({ rows: z.number() });

async function countRows(database: Database, table: string): Promise<number> {
  const [counted] = await database.query(`SELECT count(*) AS rows FROM ${table}`, {}, Count);
  return counted?.rows ?? 0;
}
