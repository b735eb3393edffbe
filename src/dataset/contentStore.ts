import { randomBytes } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Columns, type Database, literal } from '../base/database.ts';
import { namesIn, removeUnfinished } from '../base/files.ts';
import { concatenate, type PackedRows } from '../base/packedRows.ts';
import { copyToParquet } from '../base/table.ts';
import type { Content, HEADER_CELLS } from '../decoding/contents.ts';
import type { Dataset } from './config.ts';
import { shareByShare } from './shares.ts';
import type { Staging } from './staging.ts';

/** What the header pass tells of an item; `number` is its row in `items`. */
const HEADER_COLUMNS = {
  number: 'integer',
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
  problem: 'text',
  fault: 'text',
} as const satisfies Columns & Record<(typeof HEADER_CELLS)[number], Columns[string]>;

const DECODED_COLUMNS = {
  ...HEADER_COLUMNS,
  decodedHash: 'text',
  signature: 'text',
  bands: 'texts',
  spread: 'number',
  peak: 'number',
  clipped: 'number',
  silent: 'number',
  language: 'text',
} as const satisfies Columns;

const { number: _, ...contentColumns } = DECODED_COLUMNS;
/** What reading an item gave: a {@link Content}, flat. */
export const CONTENT_COLUMNS = contentColumns satisfies Columns;

const NUMBERED_COLUMNS = { number: 'integer', decoded: 'boolean', ...CONTENT_COLUMNS } as const satisfies Columns;

/** Raise it when a reader learns to tell more, so that files are read again. */
const FOLDER = 'contents-1';
const PARTS = /^part-.*\.parquet$/;
/** More parts than this are put into one. */
const MANY_PARTS = 8;
/** Parts with so many times the rows that are needed are worth the join that finds those. */
const TIDY_FROM = 1.5;
/** Many rows are inserted by one statement, which costs as much as a thousand rows do. */
const ROWS_PER_INSERT = 8192;
/** What was read is stored so often: more is not lost when a run is killed. */
const STORE_MS = 5000;

/** Fills `contents` with what parts of earlier runs know about files that are as they were; gives the parts' paths. */
async function loadKnown({ database }: Staging, folder: string, signal: AbortSignal | undefined): Promise<string[]> {
  await database.dropTable('contents');
  await database.createTable('contents', NUMBERED_COLUMNS);
  for (;;) {
    const parts = await wholeParts(database, folder);
    try {
      if (parts.length > 0) await loadParts(database, parts, signal);
      return parts;
    } catch (error) {
      // Another process may just have put these parts into one.
      const left = await namesIn(folder);
      if (parts.every((part) => left.includes(basename(part)))) throw error;
    }
  }
}

async function wholeParts(database: Database, folder: string): Promise<string[]> {
  const parts: string[] = [];
  for (const name of await namesIn(folder)) {
    const part = join(folder, name);
    if (PARTS.test(name) && (await isWhole(database, part))) parts.push(part);
  }
  return parts;
}

async function loadParts(database: Database, parts: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  const columns = Object.keys(CONTENT_COLUMNS).map((name) => `known.${name}`);
  await shareByShare(database, (isOfShare) =>
    database.run(
      `INSERT INTO contents SELECT items.number, decoded, ${columns.join(', ')}
        FROM ${readParts(parts)} known
        JOIN (
          SELECT items.rowid AS number, id, items.modality, text, files.bytes, files.modified
          FROM items JOIN files USING (path) WHERE ${isOfShare('id')}
        ) items ON items.id = known.id AND items.modality = known.modality
        WHERE ${isOfShare('known.id')} AND CASE WHEN items.text IS NULL
          THEN known.fileBytes = items.bytes AND known.modified = items.modified
          ELSE known.sha256 = sha256(items.text) END`,
      {},
      signal,
    ),
  );
  if (parts.length > 1) for (const sql of KEEP_BEST) await database.run(sql, {}, signal);
}

/** In SQL, after FROM: all rows of some parts. */
function readParts(parts: readonly string[]): string {
  return `read_parquet([${parts.map(literal).join(', ')}], union_by_name = true)`;
}

/** Of an item that several parts know, what decoding told counts, or else what has the hash of all bytes. */
const KEEP_BEST = [
  'CREATE OR REPLACE TABLE repeated AS SELECT number FROM contents GROUP BY number HAVING count(*) > 1',
  `CREATE OR REPLACE TABLE best AS SELECT * FROM contents SEMI JOIN repeated USING (number)
    QUALIFY row_number() OVER (PARTITION BY number ORDER BY decoded DESC, sha256 IS NULL) = 1`,
  'DELETE FROM contents WHERE number IN (SELECT number FROM repeated)',
  'INSERT INTO contents FROM best',
  'DROP TABLE best; DROP TABLE repeated',
];

/** A part that cannot be read is removed: what it knew can always be read again. */
async function isWhole(database: Database, part: string): Promise<boolean> {
  try {
    await database.run(`SELECT id, modality, fileBytes, modified, decoded FROM read_parquet(${literal(part)}) LIMIT 1`);
    return true;
  } catch {
    await rm(part, { force: true });
    return false;
  }
}

/**
 * In SQL, of `items` and `files`: the number of an item in `contents`, and what its content is known again by, which are the
 * item, and the size and time of change of the file that holds it. A text of a table is known by its hash.
 */
export const KNOWN_BY = [
  'items.rowid AS number',
  'items.id',
  'items.modality',
  'files.bytes AS fileBytes',
  'files.modified',
] as const;

const ALL_ITEMS = `(SELECT ${KNOWN_BY.join(', ')} FROM items JOIN files USING (path))`;

/** What is stored of numbered contents of items that have {@link KNOWN_BY}. */
function known(contents: string, items: string): string {
  const read = Object.keys(CONTENT_COLUMNS).map((name) => `content.${name}`);
  return `SELECT id, modality, fileBytes, modified, decoded, ${read.join(', ')}
    FROM (${contents}) content JOIN ${items} item USING (number)`;
}

/** The names of the parts in which contents of a dataset are kept. */
export async function partNames(dataset: Dataset): Promise<string[]> {
  return (await namesIn(join(dataset.folder, FOLDER))).filter((name) => PARTS.test(name)).sort();
}

/** The table `contents`, and its parts on disk: what earlier runs read, and part by part what this one reads. */
export class ContentStore {
  readonly #database: Database;
  readonly #folder: string;
  readonly #parts: string[];
  #items = ALL_ITEMS;
  #decoded = false;
  /** Contents of the header pass that are not in `fresh` yet. */
  readonly #waiting: PackedRows[] = [];
  /** Rows that were added, how many of them are in `fresh` or on their way to it, and how many are stored. */
  #added = 0;
  #inserted = 0;
  #stored = 0;
  /** When something was last stored. */
  #storedAt = performance.now();
  /** The end of what was asked for last. */
  #last: Promise<void> = Promise.resolve();

  /** Makes `contents` of what is known of the `items`. */
  static async open(dataset: Dataset, staging: Staging, signal: AbortSignal | undefined): Promise<ContentStore> {
    const folder = join(dataset.folder, FOLDER);
    await mkdir(folder, { recursive: true });
    await removeUnfinished(folder);
    const parts = await loadKnown(staging, folder, signal);
    return new ContentStore(staging.database, folder, parts);
  }

  private constructor(database: Database, folder: string, parts: string[]) {
    this.#database = database;
    this.#folder = folder;
    this.#parts = parts;
  }

  /**
   * What is added from now on is of items in a table with {@link KNOWN_BY}, and was decoded, or was not. Until it is flushed,
   * it waits in the table `fresh`.
   */
  async begin(items: string, decoded: boolean): Promise<void> {
    this.#items = items;
    this.#decoded = decoded;
    this.#added = 0;
    this.#inserted = 0;
    this.#stored = 0;
    this.#storedAt = performance.now();
    await this.#database.dropTable('fresh');
    await this.#database.createTable('fresh', decoded ? DECODED_COLUMNS : HEADER_COLUMNS);
  }

  /** Adds the content of the item of that number. May be called again before it is done. */
  async add(number: number, { header, features, ...rest }: Content): Promise<void> {
    await this.#inTurn(async () => {
      this.#database.append('fresh', { number, ...rest, ...header, ...features });
      await this.#noteAdded(1);
    });
  }

  /** Adds contents as the header pass gives them. May be called again before it is done. */
  async addHeaders(contents: PackedRows): Promise<void> {
    await this.#inTurn(async () => {
      this.#waiting.push(contents);
      await this.#noteAdded(contents.count);
      if (this.#added - this.#inserted >= ROWS_PER_INSERT) await this.#insertWaiting();
    });
  }

  /** Stores what was added, and moves it to `contents`. */
  async flush(): Promise<void> {
    await this.#inTurn(async () => {
      await this.#storeAdded();
      await this.#database.run(`INSERT INTO contents BY NAME SELECT ${this.#decoded} AS decoded, * FROM fresh`);
      await this.#database.dropTable('fresh');
    });
  }

  /** Puts many parts into one. What they tell of files that are gone or have changed is left out when it is a good deal. */
  async tidy(): Promise<void> {
    if (this.#parts.length <= MANY_PARTS) return;
    const replaced = this.#parts.splice(0);
    const stored = await this.#database.countRows(readParts(replaced));
    const needed = await this.#database.countRows('contents');
    if (stored <= needed * TIDY_FROM) return await this.#putIntoOne(replaced);
    await this.#store('FROM contents', ALL_ITEMS);
    for (const part of replaced) await rm(part, { force: true });
  }

  /** Puts all parts but the largest into one, which costs little when `contents` holds only some of the items. */
  async tidySmall(): Promise<void> {
    if (this.#parts.length <= MANY_PARTS) return;
    const sized = await Promise.all(this.#parts.map(async (part) => ({ part, bytes: (await stat(part)).size })));
    await this.#putIntoOne(
      sized
        .sort((a, b) => b.bytes - a.bytes)
        .slice(1)
        .map(({ part }) => part),
    );
  }

  /** As they are, row after row: nothing needs to be in memory at a time. */
  async #putIntoOne(parts: readonly string[]): Promise<void> {
    const one = this.#newPart();
    await copyToParquet(this.#database, `FROM ${readParts(parts)}`, one, { compression: 'snappy' });
    for (const part of parts) await rm(part, { force: true });
  }

  /** One after the other: no part may hold half of what is added. */
  async #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    await turn;
  }

  async #noteAdded(count: number): Promise<void> {
    this.#added += count;
    if (performance.now() - this.#storedAt > STORE_MS) await this.#storeAdded();
  }

  async #insertWaiting(): Promise<void> {
    this.#database.flush();
    while (this.#waiting.length > 0) await this.#database.appendPacked('fresh', concatenate(this.#takeWaiting()));
    this.#inserted = this.#added;
  }

  /** At most as many rows as one statement can hold without much memory, but one batch at least. */
  #takeWaiting(): PackedRows[] {
    let [batches, rows] = [0, 0];
    while (batches < this.#waiting.length && rows < ROWS_PER_INSERT) rows += this.#waiting[batches++]?.count ?? 0;
    return this.#waiting.splice(0, batches);
  }

  async #storeAdded(): Promise<void> {
    await this.#insertWaiting();
    if (this.#added === this.#stored) return;
    // With all columns, so that parts of both passes can be read alike.
    await this.#store(
      `(FROM contents LIMIT 0) UNION ALL BY NAME
      SELECT ${this.#decoded} AS decoded, * FROM fresh WHERE rowid >= ${this.#stored}`,
      this.#items,
    );
    this.#stored = this.#added;
    this.#storedAt = performance.now();
  }

  #newPart(): string {
    return join(this.#folder, `part-${process.pid}-${randomBytes(4).toString('hex')}.parquet`);
  }

  async #store(contents: string, items: string): Promise<void> {
    const part = this.#newPart();
    await copyToParquet(this.#database, known(contents, items), part, { compression: 'snappy' });
    this.#parts.push(part);
  }
}
