import { posix } from 'node:path';
import type { IdColumn } from '../../dataset/formats/idColumns.ts';

/** What rows may name an item by, likeliest first. */
export type MatchedBy = 'id' | 'path' | 'file name' | 'stem' | 'key' | 'text';

/** The names that an item goes by. */
export interface NamedItem {
  /** Of the item, which holds its path relative to the dataset. */
  readonly id: string;
  /** Absolute path of its file, with "/". */
  readonly path: string;
  /** File name, or name inside its archive. */
  readonly file: string;
  /** Keys of the pairs that it takes part in. */
  readonly keys: readonly string[];
  readonly text?: string | undefined;
}

/** Which row is the vector of which item. */
export interface Matching {
  readonly by: MatchedBy;
  /** The column of ids; absent for a list. */
  readonly column?: string;
  /** Row of each item, `undefined` for one that no row names. */
  readonly rows: readonly (number | undefined)[];
  /** Rows that name no item. */
  readonly unusedRows: number;
}

interface Naming {
  readonly by: MatchedBy;
  /** The names of an item. */
  of(item: NamedItem): readonly string[];
  /** What counts of a cell. */
  read(cell: string): string;
  /** True for a name that several items may share. */
  readonly isShared?: boolean;
}

const same = (cell: string): string => cell;
const fileOf = (cell: string): string => posix.basename(slashed(cell));

const NAMINGS: readonly Naming[] = [
  { by: 'id', of: ({ id }) => [id], read: slashed },
  { by: 'path', of: ({ path }) => [path], read: slashed },
  { by: 'key', of: ({ keys }) => keys, read: same },
  { by: 'file name', of: ({ file }) => [fileOf(file)], read: fileOf },
  { by: 'stem', of: ({ file }) => [stemOf(fileOf(file))], read: (cell) => stemOf(fileOf(cell)) },
  { by: 'text', of: ({ text }) => (text === undefined ? [] : [text]), read: same, isShared: true },
];

/**
 * The column and the way of naming by which most items have a row; of equals the likeliest way, then the first column. A
 * name that several items have, unless it is their text, names none of them; of rows with one name the first counts.
 * `undefined` when no row names an item.
 */
export function matchRows(items: readonly NamedItem[], columns: readonly IdColumn[]): Matching | undefined {
  let best: { readonly count: number; readonly matching: Matching } | undefined;
  for (const naming of NAMINGS) {
    const owners = ownersOf(items, naming);
    for (const column of columns) {
      const matching = matchBy(items.length, owners, naming, column);
      const count = matching.rows.filter((row) => row !== undefined).length;
      if (count > (best?.count ?? 0)) best = { count, matching };
    }
  }
  return best?.matching;
}

/** Places of the items that have a name. */
function ownersOf(items: readonly NamedItem[], naming: Naming): Map<string, number[]> {
  const owners = new Map<string, number[]>();
  for (const [place, item] of items.entries()) {
    for (const name of new Set(naming.of(item))) {
      const known = owners.get(name);
      if (known === undefined) owners.set(name, [place]);
      else known.push(place);
    }
  }
  if (naming.isShared) return owners;
  return new Map([...owners].filter(([, places]) => places.length === 1));
}

function matchBy(
  count: number,
  owners: ReadonlyMap<string, readonly number[]>,
  { by, read }: Naming,
  { name, cells }: IdColumn,
): Matching {
  const rows = new Array<number | undefined>(count).fill(undefined);
  let unusedRows = 0;
  for (const [row, cell] of cells.entries()) {
    const free = (cell === undefined ? [] : (owners.get(read(cell)) ?? [])).filter(
      (place) => rows[place] === undefined,
    );
    for (const place of free) rows[place] = row;
    if (free.length === 0) unusedRows++;
  }
  return { by, ...(name !== undefined && { column: name }), rows, unusedRows };
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/').replace(/^\.\//, '');
}

function stemOf(file: string): string {
  return file.replace(/(?<=.)\.[^.]*$/, '');
}
