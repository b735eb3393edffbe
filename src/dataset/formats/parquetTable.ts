import * as z from 'zod';
import { type Database, identifier, literal } from '../../base/database.ts';
import { type ParquetTable, withoutGlobs } from '../../container/parquet.ts';
import {
  type CellColumn,
  type CellRow,
  type CellTable,
  cellColumnOf,
  cellRowOf,
  featuresOf,
  mediaIn,
  wordIn,
} from './cellTable.ts';

export function parquetCells(table: ParquetTable): CellTable {
  const columns = table.columns.map(cellColumnOf);
  return {
    path: table.path,
    columns,
    features: featuresOf(table.notes),
    rows: (names, database, signal) => parquetRows(table, columns, names, database, signal),
  };
}

const Plain = z.union([z.string(), z.number(), z.boolean()]);
const ParquetRow = z.record(z.string(), z.union([Plain, z.array(Plain.nullable())]));
type ParquetValue = z.infer<typeof ParquetRow>[string] | undefined;

async function* parquetRows(
  table: ParquetTable,
  columns: readonly CellColumn[],
  names: readonly string[],
  database: Database,
  signal: AbortSignal | undefined,
): AsyncGenerator<CellRow[]> {
  const media = new Map(columns.flatMap((column) => (column.kind === 'media' ? [[column.name, column]] : [])));
  const selected = names.map((name, index) => {
    const column = media.get(name);
    return column === undefined ? `${identifier(name)} AS c${index}` : mediaSql(table, column, index);
  });
  const sql = `SELECT ${selected.join(', ')} FROM read_parquet(${literal(withoutGlobs(table.path))}, file_row_number = true) ORDER BY file_row_number`;
  for await (const rows of database.stream(sql, {}, ParquetRow, signal)) {
    yield rows.map((cells) =>
      cellRowOf(names, (name) => {
        const index = names.indexOf(name);
        const value = cells[`c${index}`];
        if (media.has(name)) return mediaOf(value, cells[`n${index}`]);
        return Array.isArray(value) ? value.map(wordIn) : wordIn(value);
      }),
    );
  }
}

/** @param stored whether there are bytes @param names of their files; both are lists for a list of media */
function mediaOf(stored: ParquetValue, names: ParquetValue): ReturnType<CellRow['get']> {
  if (!Array.isArray(stored)) return mediaIn(stored === true, names);
  return stored.map((isStored, index) => mediaIn(isStored === true, Array.isArray(names) ? names[index] : undefined));
}

/** Whether a cell holds bytes is only looked up in the bytes themselves when the footer does not know that all do. */
function mediaSql(table: ParquetTable, { name, isList }: CellColumn, index: number): string {
  const column = table.columns.find((found) => found.name === name);
  const stored = isList ? column?.fields[0] : column;
  const isStruct = stored?.kind === 'struct';
  const hasName = isStruct && stored.fields.some((field) => field.name === 'path' && field.kind === 'text');
  const bytesOf = (cell: string): string => `${isStruct ? `${cell}.bytes` : cell} IS NOT NULL`;
  const nameOf = (cell: string): string => (hasName ? `${cell}.path` : 'NULL');
  const cell = identifier(name);
  if (isList) {
    const [stores, names] = [bytesOf, nameOf].map((of) => `list_transform(${cell}, lambda element: ${of('element')})`);
    return `${stores} AS c${index}, ${names} AS n${index}`;
  }
  return `${isFull(table, isStruct ? `${name}.bytes` : name) ? 'true' : bytesOf(cell)} AS c${index}, ${nameOf(cell)} AS n${index}`;
}

/** @param path with dots between the names */
function isFull({ metadata }: ParquetTable, path: string): boolean {
  return metadata.row_groups.every(({ columns }) => {
    const chunk = columns.find(({ meta_data: details }) => details?.path_in_schema.join('.') === path);
    return Number(chunk?.meta_data?.statistics?.null_count ?? -1) === 0;
  });
}
