import { InputError } from '../../base/errors.ts';
import { isParquet, openParquet } from '../../container/parquet.ts';
import { openArrowCells } from './arrowTable.ts';
import type { CellTable } from './cellTable.ts';
import { parquetCells } from './parquetTable.ts';

/** Reads the schema of a table, none of its rows. Throws {@link InputError}. */
export async function openCells(path: string): Promise<CellTable> {
  return isParquet(path) ? parquetCells(await openParquet(path)) : await openArrowCells(path);
}

/** The columns that are named but not there. Throws {@link InputError}. */
export function requireColumns({ path, columns }: CellTable, wanted: readonly string[]): void {
  const missing = wanted.filter((name) => columns.every((column) => column.name !== name));
  if (missing.length === 0) return;
  const there = columns.map(({ name }) => name).join(', ');
  throw new InputError(`${path} has no column ${missing.join(', ')}; it has ${there}.`);
}
