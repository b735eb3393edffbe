import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import * as z from 'zod';
import { InputError } from '../../base/errors.ts';
import { readColumns, readRows } from './rows.ts';

/** Names of the columns that tell rows apart, likeliest first. */
const ID_COLUMNS = ['id', 'uid', 'key', 'name', 'file_name', 'path', 'image_path', 'url'];
const Ids = z.array(z.union([z.string(), z.number()]).transform(String));
const MAX_BYTES = 512 * 1024 * 1024;

/**
 * The id of each row of an array: lines of a text, a list in JSON, or a column of a table (of several the one with the
 * likeliest name, else the first). Throws {@link InputError}.
 */
export async function readRowIds(path: string, signal: AbortSignal | undefined): Promise<string[]> {
  const extension = extname(path).toLowerCase();
  if (extension === '.txt' || extension === '.json') return await readList(path, extension === '.json');
  const columns = await readColumns(path);
  const column = ID_COLUMNS.find((name) => columns.includes(name)) ?? columns[0];
  const ids: string[] = [];
  for await (const row of readRows(path, signal)) {
    const id = 'fault' in row || column === undefined ? undefined : row.cells.get(column);
    if (id === undefined) throw new InputError(`${path} has no id in row ${row.row}, column "${column}". Fill it in.`);
    ids.push(id);
  }
  return ids;
}

async function readList(path: string, isJson: boolean): Promise<string[]> {
  const bytes = await readFile(path);
  if (bytes.length > MAX_BYTES) throw new InputError(`${path} is too large for a list of ids. Save it as Parquet.`);
  const text = bytes.toString('utf8');
  if (!isJson) return text.replace(/\r?\n$/, '').split(/\r?\n/);
  try {
    return Ids.parse(JSON.parse(text));
  } catch (error) {
    throw new InputError(`${path} holds no list of ids in JSON. Write one: ["a", "b"].`, error);
  }
}
