import { openArrow } from '../../container/arrow.ts';
import { readArrowRows } from '../../container/arrowCells.ts';
import type { ArrowValue } from '../../container/arrowReader.ts';
import { type CellRow, type CellTable, cellColumnOf, cellRowOf, featuresOf, mediaIn, wordIn } from './cellTable.ts';

/** Throws {@link InputError}. */
export async function openArrowCells(path: string): Promise<CellTable> {
  const table = await openArrow(path);
  const columns = table.columns.map(cellColumnOf);
  const media = new Set(columns.filter(({ kind }) => kind === 'media').map(({ name }) => name));
  /** Of media in structs, or in lists of structs, the fields are read one by one. */
  const fieldsOf = (name: string): string[] => {
    const column = table.columns.find((found) => found.name === name);
    const struct = column?.kind === 'list' ? column.fields[0] : column;
    return struct?.kind === 'struct' && media.has(name) ? struct.fields.map((field) => field.name) : [];
  };
  return {
    path,
    columns,
    features: featuresOf(table.notes),
    fault: table.fault,
    rows: async function* (names, _, signal) {
      const leaves = names.flatMap((name) => {
        const fields = fieldsOf(name).filter((field) => field === 'bytes' || field === 'path');
        return fields.length === 0 ? [name] : fields.map((field) => `${name}.${field}`);
      });
      for await (const { rows, values } of readArrowRows(table, leaves, signal)) {
        yield Array.from({ length: rows }, (_unused, row) =>
          cellRowOf(names, (name) => {
            const value = (values.get(name) ?? values.get(`${name}.bytes`))?.[row];
            if (media.has(name)) return mediaOf(value, values.get(`${name}.path`)?.[row]);
            return isList(value) ? value.map(wordIn) : wordIn(value);
          }),
        );
      }
    },
  };
}

/** @param sizes how many bytes there are @param names of their files; both are lists for a list of media */
function mediaOf(sizes: ArrowValue, names: ArrowValue): ReturnType<CellRow['get']> {
  if (!isList(sizes)) return mediaIn(sizes !== undefined, names);
  return sizes.map((size, index) => mediaIn(size !== undefined, isList(names) ? names[index] : undefined));
}

function isList(value: ArrowValue): value is readonly ArrowValue[] {
  return Array.isArray(value);
}
