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

/** Pairs the rows of two arrays by their ids, else by their position with a warning when nothing says that it is right. */
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
    const partners = rowsByIds(other.ids).only;
    for (const [id, row] of rowsByIds(one.ids).only) {
      const partner = partners.get(id);
      if (partner !== undefined) pair(id, row, partner);
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

/** A problem for each id that names several rows of an array: none of them is paired. */
export function nameRepeatedIds(staging: Staging, { path, ids = [], idOf }: NamedVectors): void {
  for (const [id, rows] of rowsByIds(ids).repeated) {
    const numbers = rows.slice(0, NAMED).map((row) => String(row + 1));
    const listed = rows.length > NAMED ? [...numbers, `${rows.length - NAMED} more`] : numbers;
    const items = rows.map(idOf);
    const sentence = `The id ${JSON.stringify(id)} names the rows ${inList(listed)} of ${path}, so none of them was paired: give each row an id of its own.`;
    staging.problem({ kind: 'ambiguous-pairing', severity: 'error', where: items[0] ?? path, sentence, items });
  }
}

/** Rows counted from 0: those of ids that stand once, and of those that stand several times. */
function rowsByIds(ids: readonly string[]): { only: Map<string, number>; repeated: Map<string, number[]> } {
  const only = new Map<string, number>();
  const repeated = new Map<string, number[]>();
  for (const [row, id] of ids.entries()) {
    const first = only.get(id);
    if (first === undefined) only.set(id, row);
    else if (!repeated.get(id)?.push(row)) repeated.set(id, [first, row]);
  }
  for (const id of repeated.keys()) only.delete(id);
  return { only, repeated };
}
