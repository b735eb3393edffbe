import type { ColumnMetaData } from 'hyparquet';
import { type NumberType, toFloats } from '../base/numberType.ts';
import { ContainerError, decoding } from './containerError.ts';
import type { ParquetTable } from './parquet.ts';
import { findPages, type Pages, readPage } from './parquetPages.ts';
import { RegularFile } from './source.ts';
import type { VectorArray, Vectors } from './vectorArray.ts';

const TYPES: ReadonlyMap<string, NumberType> = new Map([
  ['FLOAT', 'float32'],
  ['DOUBLE', 'float64'],
  ['INT32', 'int32'],
  ['INT64', 'int64'],
  // Of numbers, only these have a fixed length.
  ['FIXED_LEN_BYTE_ARRAY', 'float16'],
]);

/** The columns that hold lists of numbers; as many numbers as the first row has. Throws {@link ContainerError}. */
export async function listColumns(table: ParquetTable): Promise<VectorArray[]> {
  const lists = table.columns.filter(({ kind, fields }) => kind === 'list' && fields[0]?.kind === 'number');
  if (table.rows === 0) return [];
  const file = new RegularFile(table.path);
  try {
    return await decoding(table.path, () => {
      const arrays = lists.map(({ name }): VectorArray => {
        return { name, rows: table.rows, columns: firstLength(file, table, name), type: 'float32' };
      });
      return arrays.filter(({ columns }) => columns > 0);
    });
  } finally {
    file.close();
  }
}

/**
 * Opens a column of lists as a matrix. Row groups are decoded one at a time; a row without a list, or with one of another
 * length than the first, is a {@link ContainerError}.
 */
export async function openListColumn(table: ParquetTable, name: string): Promise<Vectors> {
  const array = (await listColumns(table)).find((column) => column.name === name);
  if (array === undefined) {
    throw new ContainerError('unreadable-media', table.path, `holds no column ${name} of lists of numbers.`);
  }
  let group: DecodedGroup | undefined;
  return {
    ...array,
    read: async (from, to) => {
      const end = Math.min(to, array.rows);
      const vectors = new Float32Array(Math.max(0, end - from) * array.columns);
      for (let row = from; row < end; ) {
        if (group === undefined || row < group.first || row >= group.end) group = await decodeGroup(table, array, row);
        const until = Math.min(end, group.end);
        const part = group.numbers.subarray((row - group.first) * array.columns, (until - group.first) * array.columns);
        vectors.set(part, (row - from) * array.columns);
        row = until;
      }
      return vectors;
    },
    close: () => {},
  };
}

interface DecodedGroup {
  readonly first: number;
  readonly end: number;
  readonly numbers: Float32Array;
}

/** Decodes the column in the row group that holds a row. */
async function decodeGroup(table: ParquetTable, array: VectorArray, row: number): Promise<DecodedGroup> {
  const file = new RegularFile(table.path);
  try {
    return await decoding(table.path, () => {
      const { column, first, end } = chunkOf(table, array.name ?? '', row);
      const numbers = new Float32Array((end - first) * array.columns);
      let index = -1;
      let filled = array.columns;
      const startRow = (): void => {
        if (filled !== array.columns) throw new Error(lengthsDiffer(array, first + index, filled));
        index++;
        filled = 0;
      };
      for (const { repetitions, definitions, values, level } of elements(file, findPages(file, table, column))) {
        let next = 0;
        for (const [place, repetition] of repetitions.entries()) {
          if (repetition === 0) startRow();
          const isThere = definitions.length === 0 || definitions[place] === level;
          if (!isThere && repetition === 0) continue;
          numbers[index * array.columns + filled++] = isThere ? (values[next++] ?? NaN) : NaN;
          if (filled > array.columns) throw new Error(lengthsDiffer(array, first + index, filled));
        }
      }
      startRow();
      if (index !== end - first) throw new Error(`its column ${array.name} has fewer lists than rows`);
      return { first, end, numbers };
    });
  } finally {
    file.close();
  }
}

function lengthsDiffer({ name, columns }: VectorArray, row: number, length: number): string {
  const count = length > columns ? `more than ${columns}` : String(length);
  return `row ${row + 1} of ${name} has ${count} numbers, the first row ${columns}; all must have the same number`;
}

function firstLength(file: RegularFile, table: ParquetTable, name: string): number {
  let length = 0;
  let rows = 0;
  for (const { repetitions, definitions, level } of elements(
    file,
    findPages(file, table, chunkOf(table, name, 0).column),
  )) {
    for (const [place, repetition] of repetitions.entries()) {
      if (repetition === 0 && ++rows === 2) return length;
      if (repetition > 0 || definitions.length === 0 || definitions[place] === level) length++;
    }
  }
  return length;
}

function chunkOf(
  table: ParquetTable,
  name: string,
  row: number,
): { column: ColumnMetaData; first: number; end: number } {
  let [first, end] = [0, 0];
  for (const { num_rows: rows, columns } of table.metadata.row_groups) {
    [first, end] = [end, end + Number(rows)];
    const column = columns.find(({ meta_data: details }) => details?.path_in_schema[0] === name)?.meta_data;
    if (row < end && column !== undefined) return { column, first, end };
  }
  throw new Error(`it has no row ${row + 1} of ${name}`);
}

/** What the pages of a list column hold: `level` is the definition level of a number that is there. */
function* elements(file: RegularFile, pages: Pages) {
  const type = TYPES.get(pages.column.type);
  if (type === undefined || pages.levels.repetition !== 1)
    throw new Error('its lists hold something else than numbers');
  for (const page of pages.data) {
    const { repetitions, definitions, bytes, numbers } = readPage(file, pages, page);
    const stored = toFloats(bytes, type);
    const values = numbers === undefined ? stored : Float32Array.from(numbers, (number) => stored[number] ?? NaN);
    yield { repetitions, definitions, values, level: pages.levels.definition };
  }
}
