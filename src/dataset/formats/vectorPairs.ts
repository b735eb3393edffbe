import { posix } from 'node:path';
import { isParquet } from '../../container/parquet.ts';
import type { Modality, Strength } from '../../protocol.ts';
import type { Staging } from '../staging.ts';
import { inList } from './format.ts';
import type { AddedVectors } from './vectorItems.ts';

/** The vectors of a file, with what tells its rows apart. */
export interface NamedVectors extends AddedVectors {
  readonly modality: Modality;
  readonly path: string;
  readonly split: string | undefined;
  /** Of each row; absent where nothing names them. */
  readonly ids: readonly string[] | undefined;
  /** Files that may hold ids and lie beside, but were not named. */
  readonly unused: readonly string[];
}

const NAMED = 5;

/** How the rows of two arrays pair. */
interface Pairing {
  readonly strength: Strength;
  /** True where one list of ids is of all arrays, whose rows then pair by position. */
  readonly isShared: boolean;
}

/**
 * Pairs the rows of two arrays by their ids, else by their position with a warning when nothing says that it is right. An id
 * may stand several times on one side (five captions of a picture); where it does on both, none of its rows is paired.
 */
export function pairRows(
  { strength, isShared }: Pairing,
  staging: Staging,
  one: NamedVectors,
  other: NamedVectors,
): void {
  const pair = (key: string, row: number, partner: number): void => {
    staging.pair({
      key,
      first: { modality: one.modality, item: one.idOf(row) },
      second: { modality: other.modality, item: other.idOf(partner) },
      strength,
      split: one.split,
    });
  };
  if (one.ids !== undefined && other.ids !== undefined && !isShared) {
    const partnersOf = rowsOfIds(other.ids);
    for (const [id, rows] of rowsOfIds(one.ids)) {
      const partners = partnersOf.get(id) ?? [];
      if (rows.length > 1 && partners.length > 1) {
        nameAmbiguous(staging, id, { ...one, rows }, { ...other, rows: partners });
        continue;
      }
      const links = rows.flatMap((row) => partners.map((partner) => [row, partner] as const));
      const keyOf = (at: number): string => (links.length === 1 ? id : `${id}#${at + 1}`);
      for (const [at, [row, partner]] of links.entries()) pair(keyOf(at), row, partner);
    }
    return;
  }
  if (one.rows !== other.rows) {
    const sentence = `${one.path} has ${one.rows} rows and ${other.path} ${other.rows}: which rows pair is unknown, so none was paired. Encode both again, or add "ids".`;
    staging.problem({ kind: 'bad-vector', severity: 'error', where: one.path, sentence, items: [] });
    return;
  }
  const isOneTable = one.path === other.path && isParquet(one.path);
  if (!isOneTable && !(isShared && one.ids !== undefined)) warnOfPosition(staging, one, other);
  const names = isShared ? one.ids : undefined;
  for (let row = 0; row < one.rows; row++) pair(names?.[row] ?? `${posix.basename(one.path)}#${row + 1}`, row, row);
}

function warnOfPosition(staging: Staging, one: NamedVectors, other: NamedVectors): void {
  const unused = [...new Set([...one.unused, ...other.unused])];
  const why =
    unused.length === 0
      ? 'because nothing names the rows of both: check that both have one order'
      : `although ${inList(unused)} may name them: write "ids" for them in the dataset file`;
  const sentence = `The rows of ${one.path} and ${other.path} were paired by their position, ${why}.`;
  staging.problem({ kind: 'ambiguous-pairing', severity: 'warning', where: one.path, sentence, items: [] });
}

/** Rows of an array that share an id, counted from 0. */
interface RowsOfId extends Pick<NamedVectors, 'path' | 'idOf'> {
  readonly rows: readonly number[];
}

function nameAmbiguous(staging: Staging, id: string, one: RowsOfId, other: RowsOfId): void {
  const items = [one, other].flatMap(({ rows, idOf }) => rows.map(idOf));
  const sentence = `The id ${JSON.stringify(id)} names the ${inWords(one)} and the ${inWords(other)}, so none of them was paired: give the rows of one side ids of their own.`;
  staging.problem({ kind: 'ambiguous-pairing', severity: 'error', where: items[0] ?? one.path, sentence, items });
}

function inWords({ path, rows }: RowsOfId): string {
  const numbers = rows.slice(0, NAMED).map((row) => String(row + 1));
  const listed = rows.length > NAMED ? [...numbers, `${rows.length - NAMED} more`] : numbers;
  return `rows ${inList(listed)} of ${path}`;
}

/** Counted from 0. */
function rowsOfIds(ids: readonly string[]): Map<string, number[]> {
  const rows = new Map<string, number[]>();
  for (const [row, id] of ids.entries()) {
    const known = rows.get(id);
    if (known === undefined) rows.set(id, [row]);
    else known.push(row);
  }
  return rows;
}
