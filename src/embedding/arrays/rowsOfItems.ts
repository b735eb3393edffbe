import { InputError } from '../../base/errors.ts';
import { nameOf } from '../../container/location.ts';
import type { IdColumn } from '../../dataset/formats/idColumns.ts';
import type { ItemRow, Snapshot } from '../../dataset/snapshot.ts';
import type { Modality } from '../../protocol.ts';
import { matchRows, type NamedItem } from './matching.ts';

/** Vectors that wait for their items. */
interface Import {
  readonly snapshot: Snapshot;
  readonly modality: Modality;
  readonly items: readonly ItemRow[];
  readonly path: string;
  /** How many there are. */
  readonly vectors: number;
  /** What may name them; empty where there are no ids. */
  readonly columns: readonly IdColumn[];
}

/** The row of each item, and a sentence that says how it was found. */
interface Located {
  readonly rows: readonly (number | undefined)[];
  readonly note: string;
}

/** By ids where there are some, else by position. Throws {@link InputError} when neither tells which vector is of which item. */
export async function rowsOfItems(wanted: Import): Promise<Located> {
  return wanted.columns.length > 0 ? await rowsById(wanted) : rowsByPosition(wanted);
}

async function rowsById(wanted: Import): Promise<Located> {
  const { snapshot, modality, items, path, columns } = wanted;
  const names = await namesOf(snapshot, modality, items);
  const matching = matchRows(names, columns);
  if (matching !== undefined) {
    const { by, column, rows, unusedRows } = matching;
    const found = rows.filter((row) => row !== undefined).length;
    const where = column === undefined ? '' : ` (column "${column}")`;
    const without = `${count(items.length - found, 'item')} without a vector, ${count(unusedRows, 'vector')} without an item`;
    return { rows, note: `${count(found, 'item')} found by ${by}${where}; ${without}.` };
  }
  const cells = columns.map((column) => JSON.stringify(column.cells.find((cell) => cell !== undefined) ?? ''));
  const [first] = names;
  const key = first?.keys[0] === undefined ? '' : `, with the key ${JSON.stringify(first.keys[0])}`;
  throw new InputError(
    `None of the ids of ${path} (such as ${cells.slice(0, 3).join(', ')}) names one of the ${items.length} ${modality} items (such as ${JSON.stringify(first?.id)}${key}). Give ids, file names or keys with --ids.`,
  );
}

function rowsByPosition({ modality, items, path, vectors }: Import): Located {
  if (vectors !== items.length) {
    throw new InputError(
      `${path} has ${count(vectors, 'vector')}, but there are ${count(items.length, `${modality} item`)}, and no ids lie beside it. Give an id for each vector with --ids.`,
    );
  }
  const inRows = items.every(({ location }) => location.row !== undefined);
  const order = inRows ? byRow(items) : [...items.keys()];
  const rows = new Array<number | undefined>(items.length);
  for (const [row, place] of order.entries()) rows[place] = row;
  const note = `Vectors were taken by their position, in the order of the ${inRows ? 'rows' : 'ids'} of the ${modality} items, because no ids lie beside ${path}: check that they have this order, or give --ids.`;
  return { rows, note };
}

/** Places of items that are rows of tables or arrays, in the order of those: as text, row 10 would come before row 2. */
function byRow(items: readonly ItemRow[]): number[] {
  const rows = items.map(({ location: { path, column = '', row = 0 } }, place) => ({ path, column, row, place }));
  const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);
  rows.sort((a, b) => compare(a.path, b.path) || compare(a.column, b.column) || a.row - b.row);
  return rows.map(({ place }) => place);
}

async function namesOf(snapshot: Snapshot, modality: Modality, items: readonly ItemRow[]): Promise<NamedItem[]> {
  const keys = await keysOf(snapshot, modality);
  return items.map(({ id, text, location }) => {
    const path = location.path.replaceAll('\\', '/');
    return { id, path, file: nameOf(location), keys: [...(keys.get(id) ?? [])], text };
  });
}

/** Keys of the pairs of each item. */
async function keysOf(snapshot: Snapshot, modality: Modality): Promise<Map<string, Set<string>>> {
  const keys = new Map<string, Set<string>>();
  for (const { first, second } of snapshot.summary.pairs) {
    if (first !== modality && second !== modality) continue;
    for (const pair of await snapshot.pairs({ first, second })) {
      const { item } = pair.first.modality === modality ? pair.first : pair.second;
      const known = keys.get(item);
      if (known === undefined) keys.set(item, new Set([pair.key]));
      else known.add(pair.key);
    }
  }
  return keys;
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}
