import { breathe } from '../base/concurrency.ts';
import { type ArrowTable, openArrow } from './arrow.ts';
import { ArrowReader, type ArrowValue, Inflated } from './arrowReader.ts';
import type { ArrowColumn } from './arrowSchema.ts';
import { ContainerError, decoding } from './containerError.ts';
import { RegularFile } from './source.ts';

export interface ArrowRows {
  /** Zero-based row of the first value of each column. */
  readonly firstRow: number;
  readonly rows: number;
  /** By the name of the column, with dots between struct fields. */
  readonly values: ReadonlyMap<string, readonly ArrowValue[]>;
}

interface OpenTable {
  readonly table: ArrowTable;
  readonly inflated: Inflated;
}

const MAX_OPEN = 4;
const tables = new Map<string, OpenTable>();

/**
 * The bytes in one cell: of a column of bytes or texts, or of the field `bytes` of a struct, as Hugging Face stores
 * media; `images[2]` is the third element of a list. Only these bytes, two offsets and a bit are read; of a compressed
 * batch, whole buffers. `undefined` for NULL. Throws {@link ContainerError}.
 *
 * @param row zero-based
 */
export async function readArrowCell(path: string, row: number, column: string): Promise<Buffer | undefined> {
  const file = new RegularFile(path);
  try {
    const { table, inflated } = await openTable(file);
    return await decoding(path, () => {
      const batch = table.batches.find(({ firstRow, rows }) => row < firstRow + rows);
      const { name, element } = splitElement(table, column);
      const route = routeTo(table.columns, name.split('.'));
      if (batch === undefined || route === undefined) {
        throw new ContainerError('unreadable-media', path, `has no row ${row + 1} of ${column}: index again.`);
      }
      return new ArrowReader(file, inflated).bytesAt(batch, route, row - batch.firstRow, element);
    });
  } finally {
    file.close();
  }
}

/**
 * The values of some columns, batch by batch; of bytes only their sizes are read. Throws {@link ContainerError}, also for
 * a column that holds neither texts, numbers nor bytes.
 *
 * @param columns with dots between struct fields
 */
export async function* readArrowRows(
  table: ArrowTable,
  columns: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<ArrowRows> {
  const file = new RegularFile(table.path);
  try {
    const reader = new ArrowReader(file, new Inflated());
    for (const batch of table.batches) {
      await breathe(signal);
      yield await decoding(table.path, () => {
        const { firstRow, rows } = batch;
        const values = columns.map((column): [string, ArrowValue[]] => {
          const route = routeTo(table.columns, column.split('.'));
          if (route === undefined) throw new Error(`it has no column ${column}`);
          return [column, reader.values(batch, route, 0, rows)];
        });
        return { firstRow, rows, values: new Map(values) };
      });
    }
  } finally {
    file.close();
  }
}

async function openTable(file: RegularFile): Promise<OpenTable> {
  const known = tables.get(file.path);
  tables.delete(file.path);
  const open =
    known?.table.changed === file.changed ? known : { table: await openArrow(file.path), inflated: new Inflated() };
  tables.set(file.path, open);
  for (const path of tables.keys()) {
    if (tables.size <= MAX_OPEN) break;
    tables.delete(path);
  }
  return open;
}

/** `images[2]`, unless a column has just this name. */
function splitElement({ columns }: ArrowTable, column: string): { name: string; element?: number } {
  const match = /^(.*)\[(\d+)\]$/.exec(column);
  if (match === null || columns.some(({ name }) => name === column)) return { name: column };
  return { name: match[1] ?? '', element: Number(match[2]) };
}

/** From the column down to the field that holds values: through lists, and of a struct to the field `bytes`. */
function routeTo(columns: readonly ArrowColumn[], path: readonly string[]): ArrowColumn[] | undefined {
  const column = columns.find(({ name }) => name === path[0]);
  return column && through(column, path.slice(1));
}

function through(column: ArrowColumn, below: readonly string[]): ArrowColumn[] | undefined {
  const [element] = column.fields;
  if (column.kind === 'list' && element !== undefined) {
    const rest = through(element, below);
    return rest && [column, ...rest];
  }
  if (column.kind !== 'struct') return below.length === 0 ? [column] : undefined;
  const rest = routeTo(column.fields, below.length === 0 ? ['bytes'] : below);
  return rest && [column, ...rest];
}
