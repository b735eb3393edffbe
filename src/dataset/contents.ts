import { join, sep } from 'node:path';
import * as z from 'zod';
import { mapConcurrently } from '../base/concurrency.ts';
import { type Database, identifier } from '../base/database.ts';
import type { PackedRows } from '../base/packedRows.ts';
import type { Job } from '../base/progress.ts';
import type { Reading } from '../decoding/contents.ts';
import { DecoderPool } from '../decoding/decoderPool.ts';
import { READINGS_PER_BATCH, type ReadingBatch, readHeaders } from '../decoding/headerPool.ts';
import { Modality } from '../protocol.ts';
import type { Dataset } from './config.ts';
import { ContentStore, KNOWN_BY } from './contentStore.ts';
import { locationOf } from './itemLocation.ts';
import { shareByShare } from './shares.ts';
import type { Staging } from './staging.ts';

/** What the decoders have to do next while results are stored. */
const DECODINGS_AHEAD = 32;
const TEXTS_PER_TASK = 128;
/** A query costs as much as a hundred readings do. */
const READINGS_PER_QUERY = 8 * READINGS_PER_BATCH;

/** One of several jobs that share the reading: number 1 to `of`. */
export interface Shard {
  readonly number: number;
  readonly of: number;
}

export interface Reread {
  /** Items that were read in this run. */
  readonly reread: number;
  /** Items known from an earlier run; with a shard, those of its share. */
  readonly reused: number;
}

export interface ReadContents extends Reread {
  /** Every item was decoded, in this run or before. */
  readonly decoded: boolean;
}

export interface ReadOptions {
  /** Read whole items. */
  readonly decode?: boolean;
  /** Decode at low priority. */
  readonly background?: boolean;
  /** Read only a share of the items. */
  readonly shard?: Shard | undefined;
  /** The `items` are not all of the dataset: what is known of others stays. */
  readonly someOnly?: boolean;
}

/**
 * Makes the table `contents` (`number`, the row in `items`, and {@link CONTENT_COLUMNS}) of all items that lie in files: what
 * earlier runs know by the name, size and time of change of the file, and for the rest what reading gives now. Headers always; whole
 * items with `decode`. What cannot be read is a content with a problem. What was read is kept on disk, also when the signal
 * stops it, so that the next run goes on there.
 */
export async function readContents(
  dataset: Dataset,
  staging: Staging,
  { decode = false, background = false, shard, someOnly = false }: ReadOptions,
  job: Job,
): Promise<ReadContents> {
  const { database } = staging;
  const store = await ContentStore.open(dataset, staging, job.signal);
  await wantItems(database, decode ? UNDECODED : UNREAD, shard, job.signal);
  const reread = await database.countRows('wanted');
  await database.run('DELETE FROM contents WHERE number IN (SELECT number FROM wanted)', {}, job.signal);
  if (decode) await decodeWanted(staging, store, reread, background, job);
  else await readWanted(staging, store, reread, job, false);
  await wantItems(database, TWINS, shard, job.signal);
  const twins = await database.countRows('wanted');
  if (twins > 0) await hashTwins(staging, store, twins, job);
  if (decode) await describeTexts(staging, store, shard, background, job);
  if (someOnly) await store.tidySmall();
  else if (shard === undefined) await store.tidy();
  const inFiles = await database.countRows(`items WHERE ${IN_FILE} AND ${ownShare(shard, 'path')}`);
  const undecoded = await database.countRows('contents WHERE NOT decoded AND problem IS NULL');
  return { reread, reused: inFiles - reread, decoded: undecoded === 0 };
}

/** Items whose bytes lie in a file: no texts of tables, no vectors. */
const IN_FILE = 'text IS NULL AND dimensions IS NULL';
/** Items of which nothing is known. */
const UNREAD = 'items.rowid NOT IN (SELECT number FROM contents)';
/** Items that were not decoded, unless their header told already that they cannot be. */
const UNDECODED = 'items.rowid NOT IN (SELECT number FROM contents WHERE decoded OR problem IS NOT NULL)';
/** Large items that look the same at both ends. */
const TWINS = `items.rowid IN (
  SELECT number FROM contents WHERE sha256 IS NULL AND fingerprint IN (
    SELECT fingerprint FROM contents WHERE fingerprint IS NOT NULL GROUP BY 1 HAVING count(*) > 1))`;

const WantedItem = z.object({
  number: z.number(),
  modality: Modality,
  path: z.string(),
  member: z.string().optional(),
  begin: z.number().optional(),
  length: z.number().optional(),
  row: z.number().optional(),
  column: z.string().optional(),
  start: z.number().optional(),
  end: z.number().optional(),
});
type WantedItem = z.infer<typeof WantedItem>;

/**
 * Makes the table `wanted` of the items in files for which the condition holds, in an order in which members of an archive
 * follow each other: it is then opened once. It has the columns of {@link WantedItem}, and {@link KNOWN_BY}.
 */
async function wantItems(
  database: Database,
  condition: string,
  shard: Shard | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { number: _, modality: __, ...place } = WantedItem.shape;
  const columns = Object.keys(place).map((name) => `items.${identifier(name)}`);
  const select = `SELECT ${[...KNOWN_BY, ...columns].join(', ')} FROM items`;
  await database.run(`CREATE OR REPLACE TABLE wanted AS ${select} LEFT JOIN files USING (path) LIMIT 0`);
  await shareByShare(database, (isOfShare) =>
    database.run(
      `INSERT INTO wanted ${select} LEFT JOIN (FROM files WHERE ${isOfShare('path')}) files USING (path)
        WHERE ${IN_FILE} AND ${ownShare(shard, 'items.path')} AND ${isOfShare('items.path')} AND ${condition}
        ORDER BY items.path, "begin"`,
      {},
      signal,
    ),
  );
}

/** In SQL: true for the items of a shard, by what they have in common. */
function ownShare(shard: Shard | undefined, common: string): string {
  return shard === undefined ? 'true' : `md5_number_lower(${common}) % ${shard.of} = ${shard.number - 1}`;
}

const Batch = z.object({ count: z.number(), json: z.string() }) satisfies z.ZodType<ReadingBatch>;

async function readWanted(
  staging: Staging,
  store: ContentStore,
  total: number,
  { signal, progress }: Job,
  whole: boolean,
): Promise<void> {
  let done = 0;
  await store.begin('wanted', false);
  const keep = async (contents: PackedRows): Promise<void> => {
    await store.addHeaders(contents);
    done += contents.count;
    progress?.({ stage: whole ? 'comparing large files' : 'reading headers', done, total });
  };
  try {
    await readHeaders(wantedReadings(staging, total, whole, signal), keep, { ...(signal && { signal }) });
  } finally {
    await store.flush();
  }
}

/**
 * The database puts a batch together, so that none of its readings becomes an object, or a text, of this thread: see
 * {@link locationOf} for the same of one item.
 */
async function* wantedReadings(
  { database, root }: Staging,
  total: number,
  whole: boolean,
  signal: AbortSignal | undefined,
): AsyncGenerator<ReadingBatch, undefined> {
  const item = `number: number, modality: modality, whole: ${whole}`;
  const place = ['member', 'begin', 'length', 'column', 'start', 'end'].map((name) => `"${name}": "${name}"`);
  const inside = `to_json({${item}, location: {path: $below || path, "row": "row" - 1, ${place.join(', ')}}})`;
  // Patched into nothing, it loses what is null. Most items are files as they are, which is told for a quarter of the time.
  const sql = `SELECT count(*) AS count, string_agg(reading, ',' ORDER BY turn) AS json FROM (
      SELECT rowid AS turn,
        CASE WHEN coalesce(member, "column", "begin"::VARCHAR, "row"::VARCHAR, "start"::VARCHAR, "end"::VARCHAR) IS NULL
          THEN to_json({${item}, location: {path: $below || path}})
          ELSE json_merge_patch('{}', ${inside}) END::VARCHAR AS reading
      FROM wanted WHERE rowid >= $from AND rowid < $from + ${READINGS_PER_QUERY}
    ) GROUP BY turn // ${READINGS_PER_BATCH} ORDER BY turn // ${READINGS_PER_BATCH}`;
  // Of its own, because contents are stored meanwhile.
  const own = await database.connect();
  try {
    for (let from = 0; from < total; from += READINGS_PER_QUERY) {
      yield* await own.query(sql, { below: join(root, sep), from }, Batch, signal);
    }
  } finally {
    own.close();
  }
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
  await store.begin('wanted', true);
  try {
    for await (const items of staging.database.stream('FROM wanted', {}, WantedItem, signal)) {
      await mapConcurrently(
        items,
        DECODINGS_AHEAD,
        async (item) => {
          await store.add(item.number, await pool.features(readingOf(staging, item)));
          progress?.({ stage: 'decoding media', done: ++done, total });
        },
        signal,
      );
    }
  } finally {
    await pool.close();
    await store.flush();
  }
}

const Passage = z.object({ number: z.number(), path: z.string(), text: z.string(), sha256: z.string() });

/** Texts that stand in tables are there already, but what near-duplicates are found by must be computed. */
async function describeTexts(
  staging: Staging,
  store: ContentStore,
  shard: Shard | undefined,
  background: boolean,
  { signal, progress }: Job,
): Promise<void> {
  const { database } = staging;
  await database.run(
    `CREATE OR REPLACE TABLE passages AS
      SELECT ${KNOWN_BY.join(', ')}, path, text, sha256(text) AS sha256 FROM items LEFT JOIN files USING (path)
      WHERE text IS NOT NULL AND dimensions IS NULL AND trim(text) <> '' AND ${ownShare(shard, 'id')}
        AND items.rowid NOT IN (SELECT number FROM contents)`,
    {},
    signal,
  );
  const total = await database.countRows('passages');
  const pool = new DecoderPool({ signal, lowPriority: background });
  let done = 0;
  await store.begin('passages', true);
  try {
    for await (const passages of database.stream('FROM passages', {}, Passage, signal)) {
      const batches = Array.from({ length: Math.ceil(passages.length / TEXTS_PER_TASK) }, (_, batch) =>
        passages.slice(batch * TEXTS_PER_TASK, (batch + 1) * TEXTS_PER_TASK),
      );
      await mapConcurrently(
        batches,
        pool.concurrency,
        async (batch) => {
          const table = { path: join(staging.root, batch[0]?.path ?? '') };
          const described = await pool.textFeatures(
            batch.map(({ text }) => text),
            table,
          );
          for (const [index, { number, sha256, text }] of batch.entries()) {
            const features = described[index];
            const bytes = Buffer.byteLength(text);
            await store.add(number, { bytes, sha256, header: {}, ...(features && { features }) });
          }
          done += batch.length;
          progress?.({ stage: 'comparing texts', done, total });
        },
        signal,
      );
    }
  } finally {
    await pool.close();
    await store.flush();
  }
  await database.run('DROP TABLE passages');
}

/** Large items whose two ends are the same are told apart, or found equal, by all of their bytes. */
async function hashTwins(staging: Staging, store: ContentStore, count: number, job: Job): Promise<void> {
  const { database } = staging;
  await database.run('CREATE OR REPLACE TABLE twins AS SELECT contents.* FROM contents JOIN wanted USING (number)');
  await database.run('DELETE FROM contents WHERE number IN (SELECT number FROM wanted)');
  await readWanted(staging, store, count, job, true);
  // What decoding told stays; only the hash is new.
  await database.run('UPDATE twins SET sha256 = contents.sha256 FROM contents WHERE twins.number = contents.number');
  await database.run('DELETE FROM contents WHERE number IN (SELECT number FROM twins)');
  await database.run('INSERT INTO contents SELECT * FROM twins; DROP TABLE twins');
}

function readingOf(staging: Staging, item: WantedItem): Reading {
  return { modality: item.modality, location: locationOf(staging.root, item) };
}
