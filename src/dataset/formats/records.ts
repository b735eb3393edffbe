import { extname } from 'node:path';
import * as z from 'zod';
import { Database, identifier, literal } from '../../base/database.ts';
import { CancelledError, InputError } from '../../base/errors.ts';
import { withoutGlobs } from '../../container/parquet.ts';
import { readLines } from './lines.ts';
import { isJsonLines, isParquet, isTable, readColumns, readRows } from './rows.ts';

/** A row of a table with its lists and objects as they are. */
export interface TableRecord {
  /** The first row is 1. */
  readonly row: number;
  /** Where it ends in the file, when that is text; the first line is 1. */
  readonly line?: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A row that cannot be read, and why: "is not JSON". */
export interface FaultyRecord {
  readonly row: number;
  readonly line: number;
  readonly fault: string;
}

const Fields = z.record(z.string(), z.unknown());
const Json = z.object({ json: z.string() });

/** Lists and objects within each other beyond this are not looked into. */
const MAX_DEPTH = 64;

/**
 * The rows of a CSV, TSV, JSONL or Parquet file in order, with nested values where the format has them. An absent or
 * empty cell is no field. Rows that cannot be read are named instead of lost. Throws {@link InputError} when the file
 * cannot be read.
 *
 * @param columns those of a Parquet file that are wanted, so that media in the others are not read; all when absent
 */
export async function* readRecords(
  path: string,
  signal?: AbortSignal,
  columns?: readonly string[],
): AsyncGenerator<TableRecord | FaultyRecord> {
  if (isParquet(path)) yield* readParquetRecords(path, columns, signal);
  else if (isJsonLines(path)) yield* readJsonRecords(path, signal);
  else if (isTable(path)) yield* readTextRecords(path, signal);
  else throw new InputError(`The file ${path} is no table (${extname(path)}). Name a CSV, TSV, JSONL or Parquet file.`);
}

async function* readTextRecords(path: string, signal?: AbortSignal): AsyncGenerator<TableRecord | FaultyRecord> {
  for await (const row of readRows(path, signal)) {
    if ('fault' in row) yield row;
    else yield { row: row.row, line: row.line, fields: Object.fromEntries(row.cells) };
  }
}

async function* readJsonRecords(path: string, signal?: AbortSignal): AsyncGenerator<TableRecord | FaultyRecord> {
  let row = 0;
  for await (const line of readLines(path, signal)) {
    row++;
    if ('fault' in line) yield { row, ...line };
    else yield { row, line: line.line, ...parseObject(line.text) };
  }
}

async function* readParquetRecords(
  path: string,
  columns: readonly string[] | undefined,
  signal?: AbortSignal,
): AsyncGenerator<TableRecord> {
  const present = await readColumns(path);
  const wanted = columns === undefined ? present : present.filter((name) => columns.includes(name));
  const fields = wanted.map((name) => `${literal(name)}, ${identifier(name)}`);
  const select = `SELECT json_object(${fields.join(', ')})::VARCHAR AS json FROM read_parquet(${literal(withoutGlobs(path))})`;
  const database = await Database.open();
  try {
    let row = 0;
    for await (const rows of database.stream(select, {}, Json, signal)) {
      for (const { json } of rows) yield { row: ++row, fields: Fields.parse(JSON.parse(json)) };
    }
  } catch (error) {
    if (error instanceof CancelledError) throw error;
    throw new InputError(`The table ${path} cannot be read as Parquet. Replace it.`, error);
  } finally {
    database.close();
  }
}

function parseObject(json: string): { fields: Readonly<Record<string, unknown>> } | { fault: string } {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { fault: 'is not JSON' };
  }
  return isObject(value) ? { fields: value } : { fault: 'is not a JSON object' };
}

/** A text or number within nested values, and where it stands: `objects[0].caption`. */
export interface Leaf {
  readonly value: string;
  readonly mark: string;
}

/**
 * The texts and numbers below a dotted path of names; lists on the way and at its end give several. A field whose own
 * name holds dots comes first.
 */
export function leavesAt(fields: unknown, path: string, mark = '', depth = 0): Leaf[] {
  if (depth > MAX_DEPTH) return [];
  if (Array.isArray(fields)) {
    return fields.flatMap((element, index) => leavesAt(element, path, `${mark}[${index}]`, depth + 1));
  }
  if (path === '') return isLeaf(fields) ? [{ value: String(fields), mark }] : [];
  if (!isObject(fields)) return [];
  const name = Object.hasOwn(fields, path) ? path : path.slice(0, path.indexOf('.') >>> 0);
  if (!Object.hasOwn(fields, name)) return [];
  return leavesAt(fields[name], path.slice(name.length + 1), mark === '' ? name : `${mark}.${name}`, depth + 1);
}

/** The dotted paths of all texts and numbers in nested values, each once. */
export function leafPaths(fields: unknown, path = '', depth = 0): string[] {
  if (depth > MAX_DEPTH) return [];
  if (Array.isArray(fields)) return [...new Set(fields.flatMap((element) => leafPaths(element, path, depth + 1)))];
  if (isLeaf(fields)) return path === '' ? [] : [path];
  return Object.entries(isObject(fields) ? fields : {}).flatMap(([name, value]) =>
    leafPaths(value, path === '' ? name : `${path}.${name}`, depth + 1),
  );
}

/** By hand, because a schema would copy every row. */
function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isLeaf(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean';
}
