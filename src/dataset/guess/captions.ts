import { posix } from 'node:path';
import { InputError } from '../../base/errors.ts';
import { mediaTypeOf } from '../../modality/modality.ts';
import { bareName } from '../formats/paths.ts';
import { readHead } from '../formats/rows.ts';
import type { FileEntry } from '../walk.ts';
import { byFrequency, isSplitName } from './names.ts';

/** The split that a name tells, or else the folders that it lies in, as it is written: `val` of `captions_val2017.json`. */
export function splitIn(path: string): string | undefined {
  const parts = path.slice(0, path.length - posix.extname(path).length).split('/');
  return parts
    .reverse()
    .flatMap((part) => part.split(/[-_. \d]+/))
    .find(isSplitName);
}

/** With more JSON files than this they are items' own, and only names that tell what they hold are looked into. */
const MANY = 50;

/** JSON files that may hold all captions; of many only those whose base name fits. */
export function jsonFilesOf(files: readonly FileEntry[], telling: RegExp): string[] {
  const json = files.map(({ path }) => path).filter((path) => path.endsWith('.json'));
  return json.length <= MANY ? json : json.filter((path) => telling.test(posix.basename(path))).slice(0, MANY);
}

/** The folder below which most of the named files lie, relative to the root; `undefined` when there is none of them. */
export function folderHolding(names: readonly string[], files: readonly FileEntry[]): string | undefined {
  const wanted = new Map(names.map((name) => [posix.basename(name), `/${posix.normalize(name)}`]));
  const folders = files.flatMap(({ path }) => {
    const name = wanted.get(posix.basename(path));
    return name !== undefined && `/${path}`.endsWith(name) ? [path.slice(0, -name.length)] : [];
  });
  const [commonest] = byFrequency(folders);
  return commonest && (commonest.value === '' ? '.' : commonest.value);
}

/** The folder that holds most sounds of these names, which have no extension, and how many of them. */
export function folderOfSounds(
  names: Iterable<string>,
  files: readonly FileEntry[],
): { readonly folder: string; readonly count: number } | undefined {
  const wanted = new Set(names);
  const folders = files.flatMap(({ path }) => {
    const fits = wanted.has(bareName(path)) && mediaTypeOf(path)?.modality === 'audio';
    return fits ? [posix.dirname(path)] : [];
  });
  const [commonest] = byFrequency(folders);
  return commonest && { folder: commonest.value, count: commonest.count };
}

/** The first rows of a table that can be read; none when it cannot. */
export async function headRows(path: string, count: number): Promise<ReadonlyMap<string, string>[]> {
  try {
    return (await readHead(path, count)).rows;
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}
