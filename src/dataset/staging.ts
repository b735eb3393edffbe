import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { type Columns, Database, identifier, SCRATCH_THREADS } from '../base/database.ts';
import { unfinishedPath } from '../base/files.ts';
import type { PackedRows } from '../base/packedRows.ts';
import { mediaTypeOf } from '../modality/modality.ts';
import type { Problem } from '../protocol.ts';
import type { FoundItem, FoundPair } from './formats/format.ts';
import type { FileEntry } from './walk.ts';

/** Every file below the root; the modality is what its extension promises. */
const FILES = { path: 'text', bytes: 'count', modified: 'number', modality: 'text' } as const satisfies Columns;

/** Links that lead out of the root: named, never opened. */
const REFUSED = { path: 'text' } as const satisfies Columns;

/** Files that are the layout's own. */
const CLAIMS = { path: 'text' } as const satisfies Columns;

/** Where the bytes of an item lie, and what its layout says about it: {@link FoundItem}. */
export const FOUND_ITEM_COLUMNS = {
  id: 'text',
  modality: 'text',
  path: 'text',
  member: 'text',
  begin: 'count',
  length: 'count',
  row: 'integer',
  column: 'text',
  start: 'number',
  end: 'number',
  text: 'text',
  dimensions: 'integer',
  class: 'text',
  split: 'text',
  source: 'text',
  named: 'text',
} as const satisfies Columns & Record<keyof FoundItem, Columns[string]>;

/** {@link FoundPair}, flat. */
export const FOUND_PAIR_COLUMNS = {
  key: 'text',
  firstModality: 'text',
  firstItem: 'text',
  secondModality: 'text',
  secondItem: 'text',
  class: 'text',
  split: 'text',
  strength: 'text',
  named: 'text',
} as const satisfies Columns;

export const STAGED_PROBLEM_COLUMNS = {
  kind: 'text',
  severity: 'text',
  where: 'text',
  sentence: 'text',
  items: 'texts',
  fixTitle: 'text',
  fixExclude: 'texts',
  fixRenameFrom: 'text',
  fixRenameTo: 'text',
} as const satisfies Columns;

/** Enough for the joins of two million files; the rest is spilled into the scratch folder. */
const MEGABYTES = 128 + 80 * SCRATCH_THREADS;

/**
 * The scratch database of one indexing. A layout fills `found_items`, `found_pairs`, `claims` and `problems`, by the
 * methods here or by SQL of its own over `files`; what follows (which files are there, checks, the snapshot) is SQL over
 * these tables, so that a dataset of millions of pairs never lies in memory.
 */
export class Staging {
  /** Absolute path of the folder that all media lie below. */
  readonly root: string;
  readonly database: Database;
  readonly #scratch: string | undefined;
  readonly #selects: Record<'items' | 'pairs', string[]> = { items: [], pairs: [] };
  readonly #sources = new Set<string>();

  private constructor(root: string, database: Database, scratch: string | undefined) {
    this.root = root;
    this.database = database;
    this.#scratch = scratch;
  }

  /** @param folder where the scratch database lies; in memory when absent */
  static async create(root: string, folder?: string): Promise<Staging> {
    const scratch = folder && unfinishedPath(join(folder, 'scratch'));
    if (scratch !== undefined) await mkdir(scratch, { recursive: true });
    const database = await Database.open(scratch === undefined ? undefined : { folder: scratch, megabytes: MEGABYTES });
    const staging = new Staging(root, database, scratch);
    await database.createTable('files', FILES);
    await database.createTable('refused', REFUSED);
    await database.createTable('claims', CLAIMS);
    await database.createTable('found_items', FOUND_ITEM_COLUMNS);
    await database.createTable('found_pairs', FOUND_PAIR_COLUMNS);
    await database.createTable('problems', STAGED_PROBLEM_COLUMNS);
    return staging;
  }

  file({ path, bytes, modified }: FileEntry): void {
    this.database.append('files', { path, bytes, modified, modality: mediaTypeOf(path)?.modality });
  }

  /** Many files at once, as the thread that walks the folders packs them: {@link FILES}. */
  async files(packed: PackedRows): Promise<void> {
    await this.database.appendPacked('files', packed);
  }

  refuse(path: string): void {
    this.database.append('refused', { path });
  }

  item(item: FoundItem): void {
    this.database.append('found_items', { ...item });
  }

  pair({ first, second, ...pair }: FoundPair): void {
    this.database.append('found_pairs', {
      ...pair,
      firstModality: first.modality,
      firstItem: first.item,
      secondModality: second.modality,
      secondItem: second.item,
    });
  }

  problem({ fix, items, ...problem }: Problem): void {
    this.database.append('problems', {
      ...problem,
      items,
      fixTitle: fix?.title,
      fixExclude: fix?.exclude,
      fixRenameFrom: fix?.rename?.from,
      fixRenameTo: fix?.rename?.to,
    });
  }

  /**
   * Finds the items, or pairs, that a query gives: some columns of `found_items` or `found_pairs` by name, and `turn`, which
   * tells what comes first. Nothing is copied, so the tables of the query must stay until the findings are resolved.
   *
   * @param sources tables of the query that nothing needs any more when they are: {@link dropSources}
   */
  found(what: 'items' | 'pairs', select: string, sources: readonly string[] = []): void {
    this.#selects[what].push(select);
    for (const source of sources) this.#sources.add(source);
  }

  /** Makes room for what comes after the findings are resolved. */
  async dropSources(): Promise<void> {
    for (const source of this.#sources) await this.database.dropTable(source);
    this.#sources.clear();
  }

  /** All findings of a kind as one query, with `turn`. */
  findings(what: 'items' | 'pairs'): string {
    const columns = Object.keys(what === 'items' ? FOUND_ITEM_COLUMNS : FOUND_PAIR_COLUMNS)
      .map(identifier)
      .join(', ');
    const appended = `SELECT rowid AS turn, ${columns} FROM found_${what}`;
    return [appended, ...this.#selects[what]].map((select) => `(${select})`).join(' UNION ALL BY NAME ');
  }

  /** A file that belongs to the layout itself, such as its table. */
  claim(path: string): void {
    this.database.append('claims', { path });
  }

  /** Empties everything but the files, so that another layout can be tried. */
  async clear(): Promise<void> {
    this.database.flush();
    this.#selects.items = [];
    this.#selects.pairs = [];
    await this.dropSources();
    for (const table of ['claims', 'found_items', 'found_pairs', 'problems']) {
      await this.database.run(`DELETE FROM ${table}`);
    }
  }

  async close(): Promise<void> {
    this.database.close();
    if (this.#scratch !== undefined) await rm(this.#scratch, { recursive: true, force: true });
  }
}

const Sentence = z.object({ sentence: z.string() });
const ERRORS_TOLD = 3;

/** The sentences of the first problems that are errors: what to tell when nothing else came of it. */
export async function firstErrors({ database }: Staging): Promise<string[]> {
  database.flush();
  const sql = `SELECT sentence FROM problems WHERE severity = 'error' ORDER BY rowid LIMIT ${ERRORS_TOLD}`;
  return (await database.query(sql, {}, Sentence)).map(({ sentence }) => sentence);
}
