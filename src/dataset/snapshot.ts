import { join } from 'node:path';
import * as z from 'zod';
import { InputError } from '../base/errors.ts';
import { readTextIfThere } from '../base/files.ts';
import { query, queryEach } from '../base/table.ts';
import { Location } from '../container/location.ts';
import {
  Modality,
  type ModalityPair,
  type PairFilter,
  PairGroup,
  type PairRow,
  Problem,
  type ProblemKind,
  type SnapshotSummary,
  Strength,
} from '../protocol.ts';
import type { Dataset } from './config.ts';
import { locationOf } from './itemLocation.ts';
import { compareClasses, compareSplits } from './labels.ts';
import { readSummary, snapshotFolder } from './snapshotFiles.ts';

/** One item of a snapshot. */
export const ItemRow = z.object({
  /** Path relative to the root with "/"; for a part of a file the path, "#" and what tells the part from others. */
  id: z.string(),
  modality: Modality,
  /** Of the file that holds the item, relative to the root. */
  path: z.string(),
  /** Where its bytes lie on this machine. */
  location: Location,
  /** Name inside an archive. */
  member: z.string().optional(),
  /** Bytes of the file, or of the decompressed stream of an archive. */
  begin: z.number().optional(),
  length: z.number().optional(),
  /** Row of the table, counted from 1. */
  row: z.number().optional(),
  column: z.string().optional(),
  /** A segment of a sound in seconds. */
  start: z.number().optional(),
  end: z.number().optional(),
  /** The text itself, when it stands in a table or a transcript. */
  text: z.string().optional(),
  /** How many numbers it has, when it is a vector and not media. */
  dimensions: z.number().optional(),
  bytes: z.number(),
  class: z.string().optional(),
  split: z.string().optional(),
  source: z.string().optional(),
  format: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  channels: z.number().optional(),
  sampleRate: z.number().optional(),
  seconds: z.number().optional(),
  characters: z.number().optional(),
  language: z.string().optional(),
  readable: z.boolean(),
});
export type ItemRow = z.infer<typeof ItemRow>;

/** The id of the newest whole snapshot, `undefined` when the dataset has not been indexed. */
export async function currentSnapshotId(dataset: Dataset): Promise<string | undefined> {
  return (await readTextIfThere(join(dataset.folder, 'current')))?.trim();
}

/** Reads one immutable snapshot through DuckDB over its Parquet files. */
export class Snapshot {
  readonly dataset: Dataset;
  readonly summary: SnapshotSummary;
  readonly #tables: { readonly items: string; readonly pairs: string; readonly problems: string };

  private constructor(dataset: Dataset, summary: SnapshotSummary) {
    const folder = snapshotFolder(dataset, summary.id);
    this.dataset = dataset;
    this.summary = summary;
    this.#tables = {
      items: join(folder, 'items.parquet'),
      pairs: join(folder, 'pairs.parquet'),
      problems: join(folder, 'problems.parquet'),
    };
  }

  /** The newest snapshot. Throws {@link InputError} when the dataset has not been indexed. */
  static async open(dataset: Dataset): Promise<Snapshot> {
    const id = await currentSnapshotId(dataset);
    const summary = id === undefined ? undefined : await readSummary(dataset, id);
    if (summary !== undefined) return new Snapshot(dataset, summary);
    throw new InputError(
      `${dataset.name} has not been indexed yet: run \`pairlab index ${JSON.stringify(dataset.path)}\`.`,
    );
  }

  /** Readable items of a modality, ordered by id. */
  async items(modality: Modality): Promise<ItemRow[]> {
    const sql = 'SELECT * FROM read_parquet($items) WHERE modality = $modality AND readable ORDER BY id';
    return await queryEach(sql, { items: this.#tables.items, modality }, StoredItem, (item) => this.#located(item));
  }

  /** True when items of the modality are vectors of the dataset itself and not media. */
  async holdsVectors(modality: Modality): Promise<boolean> {
    const sql = `SELECT count(*) AS total FROM read_parquet($items)
      WHERE modality = $modality AND readable AND dimensions IS NOT NULL`;
    const [counted] = await query(sql, { items: this.#tables.items, modality }, Total);
    return (counted?.total ?? 0) > 0;
  }

  /** The usable pairs, whose two items are readable and which no decision excludes, ordered by key and id; `first` and `second` as asked. */
  async pairs(modalities: ModalityPair): Promise<PairRow[]> {
    const { where, parameters } = conditionsOf({ modalities });
    const sql = `SELECT * FROM read_parquet($pairs) WHERE ${where} AND readable AND NOT excluded ORDER BY position`;
    const values = { pairs: this.#tables.pairs, ...parameters };
    return await queryEach(sql, values, StoredPair, (row) => toPairRow(row, modalities.first));
  }

  /** The source of each of some pairs of these modalities: that of its first item, or else of its second; `undefined` for none. */
  async sourcesOf(pairs: readonly PairRow[], modalities: ModalityPair): Promise<(string | undefined)[]> {
    const { where, parameters } = conditionsOf({ modalities });
    const sql = `SELECT p.id, coalesce(one.source, other.source) AS source FROM read_parquet($pairs) p
      JOIN read_parquet($items) one ON one.id = firstItem AND one.modality = firstModality
      JOIN read_parquet($items) other ON other.id = secondItem AND other.modality = secondModality
      WHERE ${where} AND coalesce(one.source, other.source) IS NOT NULL`;
    const values = { pairs: this.#tables.pairs, items: this.#tables.items, ...parameters };
    const rows = await query(sql, values, z.object({ id: z.string(), source: z.string() }));
    const known = new Map(rows.map(({ id, source }) => [id, source]));
    return pairs.map(({ id }) => known.get(id));
  }

  /** How many pairs {@link pairs} gives. */
  async countReadable(modalities: ModalityPair): Promise<number> {
    const { where, parameters } = conditionsOf({ modalities });
    const sql = `SELECT count(*) AS total FROM read_parquet($pairs) WHERE ${where} AND readable AND NOT excluded`;
    const [counted] = await query(sql, { pairs: this.#tables.pairs, ...parameters }, Total);
    return counted?.total ?? 0;
  }

  /** How many pairs, and pairs with problems, each split or class has; `''` is the group of those without one. */
  async groups(by: 'split' | 'class', filter: PairFilter): Promise<PairGroup[]> {
    const { where, parameters } = conditionsOf(filter);
    const sql = `SELECT coalesce("${by}", '') AS value, count(*) AS pairs, count(*) FILTER (problems > 0) AS problems
      FROM read_parquet($pairs) WHERE ${where} GROUP BY 1`;
    const groups = await query(sql, { pairs: this.#tables.pairs, ...parameters }, PairGroup);
    const compare = by === 'split' ? compareSplits : compareClasses;
    return groups.sort((a, b) => compare(a.value, b.value));
  }

  /** Pairs, also with unreadable items, ordered by key and id. */
  async page(filter: PairFilter, offset: number, limit: number): Promise<{ total: number; rows: PairRow[] }> {
    const { where, parameters } = conditionsOf(filter);
    const { pairs } = this.#tables;
    const from = `FROM read_parquet($pairs) WHERE ${where}`;
    const [counted] = await query(`SELECT count(*) AS total ${from}`, { pairs, ...parameters }, Total);
    const sql = `SELECT * ${from} ORDER BY position LIMIT $limit OFFSET $offset`;
    const rows = await query(sql, { pairs, ...parameters, limit, offset }, StoredPair);
    return { total: counted?.total ?? 0, rows: rows.map((row) => toPairRow(row, filter.modalities?.first)) };
  }

  /**
   * One pair with its items (also unreadable ones), the problems of its items, and its neighbours of the same modalities,
   * split and class. Throws {@link InputError} when there is no such pair.
   */
  async pair(id: string): Promise<PairInContext> {
    const { pairs, items, problems } = this.#tables;
    const [stored] = await query('SELECT * FROM read_parquet($pairs) WHERE id = $id', { pairs, id }, StoredPair);
    if (stored === undefined) {
      throw new InputError(`There is no pair "${id}" in the snapshot of ${this.dataset.name}: index it again.`);
    }
    const both = { first: stored.firstItem, second: stored.secondItem };
    const itemSql = 'SELECT * FROM read_parquet($items) WHERE id IN ($first, $second) ORDER BY id = $second';
    const problemSql =
      'SELECT * FROM read_parquet($problems) WHERE list_has_any(items, [$first, $second]) ORDER BY position';
    return {
      pair: toPairRow(stored),
      items: await queryEach(itemSql, { items, ...both }, StoredItem, (item) => this.#located(item)),
      problems: (await query(problemSql, { problems, ...both }, StoredProblem)).map(toProblem),
      ...(await this.#neighboursOf(stored)),
    };
  }

  /** Problems by severity, kind and place. */
  async problems(
    filter: { kind?: ProblemKind },
    offset: number,
    limit: number,
  ): Promise<{ total: number; problems: Problem[] }> {
    const { problems } = this.#tables;
    const where = filter.kind === undefined ? 'true' : 'kind = $kind';
    const kind = filter.kind === undefined ? {} : { kind: filter.kind };
    const from = `FROM read_parquet($problems) WHERE ${where}`;
    const [counted] = await query(`SELECT count(*) AS total ${from}`, { problems, ...kind }, Total);
    const sql = `SELECT * ${from} ORDER BY position LIMIT $limit OFFSET $offset`;
    return {
      total: counted?.total ?? 0,
      problems: (await query(sql, { problems, ...kind, limit, offset }, StoredProblem)).map(toProblem),
    };
  }

  /** Nothing is held open between two calls; after this the snapshot must not be used. */
  close(): void {}

  #located(item: StoredItem): ItemRow {
    return { ...item, location: locationOf(this.dataset.root, item) };
  }

  async #neighboursOf(stored: StoredPair): Promise<{ previous?: string; next?: string }> {
    const { where, parameters } = conditionsOf({
      modalities: { first: stored.firstModality, second: stored.secondModality },
      split: stored.split ?? '',
      class: stored.class ?? '',
    });
    const sql = `SELECT
        max_by(id, position) FILTER (position < $position) AS previous,
        min_by(id, position) FILTER (position > $position) AS next
      FROM read_parquet($pairs) WHERE ${where}`;
    const values = { pairs: this.#tables.pairs, position: stored.position, ...parameters };
    const [neighbours] = await query(sql, values, Neighbours);
    return neighbours ?? {};
  }
}

export interface PairInContext {
  readonly pair: PairRow;
  readonly items: ItemRow[];
  readonly problems: Problem[];
  readonly previous?: string;
  readonly next?: string;
}

const StoredItem = ItemRow.omit({ location: true });
type StoredItem = z.infer<typeof StoredItem>;

const StoredPair = z.object({
  position: z.number(),
  id: z.string(),
  key: z.string(),
  firstModality: Modality,
  firstItem: z.string(),
  secondModality: Modality,
  secondItem: z.string(),
  class: z.string().optional(),
  split: z.string().optional(),
  strength: Strength,
  problems: z.number(),
  excluded: z.boolean(),
  note: z.string().optional(),
});
type StoredPair = z.infer<typeof StoredPair>;

const StoredProblem = Problem.omit({ fix: true }).extend({
  fixTitle: z.string().optional(),
  fixExclude: z.array(z.string()).optional(),
  fixRenameFrom: z.string().optional(),
  fixRenameTo: z.string().optional(),
});

function toProblem(stored: z.infer<typeof StoredProblem>): Problem {
  const { fixTitle, fixExclude, fixRenameFrom, fixRenameTo, ...problem } = stored;
  if (fixTitle === undefined) return problem;
  const rename = fixRenameFrom && fixRenameTo ? { rename: { from: fixRenameFrom, to: fixRenameTo } } : {};
  return { ...problem, fix: { title: fixTitle, ...(fixExclude && { exclude: fixExclude }), ...rename } };
}

const Total = z.object({ total: z.number() });
const Neighbours = z.object({ previous: z.string().exactOptional(), next: z.string().exactOptional() });

/** `first` is the modality to put first; without it the order of the dataset file stays. */
function toPairRow(stored: StoredPair, first: Modality = stored.firstModality): PairRow {
  const one = { modality: stored.firstModality, item: stored.firstItem };
  const other = { modality: stored.secondModality, item: stored.secondItem };
  const { id, key, strength, problems, class: concept, split, excluded, note } = stored;
  const asked = first === one.modality ? { first: one, second: other } : { first: other, second: one };
  return { id, key, ...asked, class: concept, split, strength, problems, excluded, note };
}

/** A condition in SQL whose values are all parameters. Modalities match in either order. */
function conditionsOf(filter: PairFilter): { where: string; parameters: Record<string, string> } {
  const conditions = ['true'];
  const parameters: Record<string, string> = {};
  if (filter.modalities !== undefined) {
    conditions.push('least(firstModality, secondModality) = least($first, $second)');
    conditions.push('greatest(firstModality, secondModality) = greatest($first, $second)');
    Object.assign(parameters, { first: filter.modalities.first, second: filter.modalities.second });
  }
  for (const field of ['split', 'class'] as const) {
    const value = filter[field];
    if (value === undefined) continue;
    conditions.push(`coalesce("${field}", '') = $${field}`);
    parameters[field] = value;
  }
  if (filter.item !== undefined) {
    conditions.push('$item IN (firstItem, secondItem)');
    parameters['item'] = filter.item;
  }
  if (filter.problem !== undefined) {
    conditions.push('list_contains(kinds, $problem)');
    parameters['problem'] = filter.problem;
  }
  if (filter.excluded !== undefined) conditions.push(filter.excluded ? 'excluded' : 'NOT excluded');
  if (filter.withProblems !== undefined) conditions.push(filter.withProblems ? 'problems > 0' : 'problems = 0');
  return { where: conditions.join(' AND '), parameters };
}
