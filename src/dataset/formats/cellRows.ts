import * as z from 'zod';
import { type Database, identifier, literal } from '../../base/database.ts';
import { InputError } from '../../base/errors.ts';
import { openArrow } from '../../container/arrow.ts';
import { readArrowRows } from '../../container/arrowCells.ts';
import { isParquet, openParquet, type ParquetTable } from '../../container/parquet.ts';

/** A table whose cells may hold media: Parquet or Arrow. */
export interface CellTable {
  readonly path: string;
  readonly columns: readonly CellColumn[];
  readonly features: Features;
  /** Why there may be more rows; a sentence that lacks its subject. */
  readonly fault?: string | undefined;
  /** Rows in order, with the values of these columns. Of media only whether they are there and their name is read. */
  rows(
    columns: readonly string[],
    database: Database,
    signal: AbortSignal | undefined,
  ): AsyncIterable<readonly CellRow[]>;
}

export interface CellColumn {
  readonly name: string;
  readonly kind: 'media' | 'text' | 'texts' | 'number' | 'vector' | 'other';
}

/** The values of a row by column; absent for NULL. */
export type CellRow = ReadonlyMap<string, CellValue>;
export type CellValue = string | number | readonly string[] | MediaCell;

/** Media in a cell, or in a file that the cell names. */
export interface MediaCell {
  readonly isStored: boolean;
  readonly name?: string | undefined;
}

const Feature = z.looseObject({ _type: z.string().optional(), names: z.array(z.string()).optional() });
const Notes = z.object({ info: z.object({ features: z.record(z.string(), z.unknown()) }) });
/** What Hugging Face noted about the columns: `Image`, `Audio`, `Value`, `ClassLabel` with its names, … */
export type Features = ReadonlyMap<string, z.infer<typeof Feature>>;

/** Reads the schema of a table, none of its rows. Throws {@link InputError}. */
export async function openCells(path: string): Promise<CellTable> {
  return isParquet(path) ? parquetCells(await openParquet(path)) : await arrowCells(path);
}

function featuresOf(notes: ReadonlyMap<string, string>): Features {
  try {
    const { features } = Notes.parse(JSON.parse(notes.get('huggingface') ?? '')).info;
    const entries = Object.entries(features).map(([name, value]): [string, z.infer<typeof Feature>] => {
      return [name, Feature.safeParse(value).data ?? {}];
    });
    return new Map(entries);
  } catch {
    // Tables of other programs have no such note, and a broken one tells nothing that the columns do not tell.
    return new Map();
  }
}

function parquetCells(table: ParquetTable): CellTable {
  const columns = table.columns.map(({ name, kind, fields }): CellColumn => {
    if (
      kind === 'bytes' ||
      (kind === 'struct' && fields.some((field) => field.name === 'bytes' && field.kind === 'bytes'))
    ) {
      return { name, kind: 'media' };
    }
    if (kind === 'list') {
      const element = fields[0]?.kind;
      return { name, kind: element === 'text' ? 'texts' : element === 'number' ? 'vector' : 'other' };
    }
    return { name, kind: kind === 'text' || kind === 'number' ? kind : 'other' };
  });
  return {
    path: table.path,
    columns,
    features: featuresOf(table.notes),
    rows: (names, database, signal) => parquetRows(table, columns, names, database, signal),
  };
}

const ParquetRow = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string().nullable())]));

async function* parquetRows(
  table: ParquetTable,
  columns: readonly CellColumn[],
  names: readonly string[],
  database: Database,
  signal: AbortSignal | undefined,
): AsyncGenerator<CellRow[]> {
  const media = new Set(columns.filter(({ kind }) => kind === 'media').map(({ name }) => name));
  const selected = names.map((name, index) =>
    media.has(name) ? mediaSql(table, name, index) : `${identifier(name)} AS c${index}`,
  );
  const sql = `SELECT ${selected.join(', ')} FROM read_parquet(${literal(withoutGlobs(table.path))}, file_row_number = true) ORDER BY file_row_number`;
  for await (const rows of database.stream(sql, {}, ParquetRow, signal)) {
    yield rows.map((cells) => {
      const values = names.flatMap((name, index): [string, CellValue][] => {
        const value = cells[`c${index}`];
        if (media.has(name)) return mediaIn(name, value === true, cells[`n${index}`]);
        if (value === undefined) return [];
        return [
          [
            name,
            Array.isArray(value)
              ? value.filter((text) => text !== null)
              : typeof value === 'boolean'
                ? String(value)
                : value,
          ],
        ];
      });
      return new Map(values);
    });
  }
}

/** Whether a cell holds bytes is only looked up in the bytes themselves when the footer does not know that all do. */
function mediaSql(table: ParquetTable, name: string, index: number): string {
  const leaf = table.columns.find((column) => column.name === name);
  const isStruct = leaf?.kind === 'struct';
  const bytes = isStruct ? `${identifier(name)}.bytes` : identifier(name);
  const path = isStruct ? [name, 'bytes'] : [name];
  const isFull = table.metadata.row_groups.every(({ columns }) => {
    const chunk = columns.find(({ meta_data: details }) => details?.path_in_schema.join('.') === path.join('.'));
    return Number(chunk?.meta_data?.statistics?.null_count ?? -1) === 0;
  });
  const hasName = isStruct && leaf.fields.some((field) => field.name === 'path' && field.kind === 'text');
  const nameSql = hasName ? `${identifier(name)}.path` : 'NULL';
  return `${isFull ? 'true' : `${bytes} IS NOT NULL`} AS c${index}, ${nameSql} AS n${index}`;
}

async function arrowCells(path: string): Promise<CellTable> {
  const table = await openArrow(path);
  const structs = table.columns.filter(
    ({ kind, fields }) => kind === 'struct' && fields.some(({ name }) => name === 'bytes'),
  );
  const isStruct = (name: string): boolean => structs.some((column) => column.name === name);
  const columns = table.columns.map(({ name, kind }): CellColumn => {
    if (kind === 'bytes' || isStruct(name)) return { name, kind: 'media' };
    if (kind === 'integer' || kind === 'float') return { name, kind: 'number' };
    return { name, kind: kind === 'text' ? 'text' : 'other' };
  });
  const media = new Set(columns.filter(({ kind }) => kind === 'media').map(({ name }) => name));
  return {
    path,
    columns,
    features: featuresOf(table.notes),
    fault: table.fault,
    rows: async function* (names, _, signal) {
      const leaves = names.flatMap((name) => (isStruct(name) ? [`${name}.bytes`, `${name}.path`] : [name]));
      for await (const { rows, values } of readArrowRows(table, leaves, signal)) {
        yield Array.from({ length: rows }, (_unused, row) => {
          const at = (leaf: string) => values.get(leaf)?.[row];
          const cells = names.flatMap((name): [string, CellValue][] => {
            if (media.has(name))
              return mediaIn(name, at(isStruct(name) ? `${name}.bytes` : name) !== undefined, at(`${name}.path`));
            const value = at(name);
            return value === undefined ? [] : [[name, value]];
          });
          return new Map(cells);
        });
      }
    },
  };
}

function mediaIn(column: string, isStored: boolean, name: unknown): [string, MediaCell][] {
  const text = typeof name === 'string' && name !== '' ? name : undefined;
  return isStored || text !== undefined ? [[column, { isStored, name: text }]] : [];
}

/** DuckDB takes a path for a pattern; in brackets these characters stand for themselves. */
export function withoutGlobs(path: string): string {
  return path.replace(/[*?[]/g, '[$&]');
}

/** The columns that are named but not there. Throws {@link InputError}. */
export function requireColumns({ path, columns }: CellTable, wanted: readonly string[]): void {
  const missing = wanted.filter((name) => columns.every((column) => column.name !== name));
  if (missing.length === 0) return;
  const there = columns.map(({ name }) => name).join(', ');
  throw new InputError(`${path} has no column ${missing.join(', ')}; it has ${there}.`);
}
