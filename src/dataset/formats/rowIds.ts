import { InputError } from '../../base/errors.ts';
import { readIdColumns } from './idColumns.ts';

/** Names of the columns that tell rows apart, likeliest first. */
const ID_COLUMNS = ['id', 'uid', 'key', 'name', 'file_name', 'path', 'image_path', 'url'];

/**
 * The id of each row of an array: lines of a text, a list in JSON, or a column of a table (of several the one with the
 * likeliest name, else the first). Throws {@link InputError}.
 */
export async function readRowIds(path: string, signal: AbortSignal | undefined): Promise<string[]> {
  const columns = await readIdColumns(path, signal);
  const likeliest = ID_COLUMNS.map((name) => columns.find((column) => column.name === name)).find(Boolean);
  const { name, cells } = likeliest ?? columns[0] ?? { cells: [] };
  return cells.map((id, row) => {
    if (id !== undefined) return id;
    throw new InputError(`${path} has no id in row ${row + 1}, column "${name}". Fill it in.`);
  });
}
