import { join } from 'node:path';
import * as z from 'zod';
import { InputError } from '../../base/errors.ts';
import { query } from '../../base/table.ts';
import type { ProblemKind, Target } from '../../protocol.ts';
import type { Snapshot } from '../snapshot.ts';
import { snapshotFolder } from '../snapshotFiles.ts';

const Named = z.object({ name: z.string(), id: z.string().optional() });
const Excluded = z.object({ id: z.string(), sentence: z.string() });

const NAMES = `(SELECT unnest(from_json($names, '["VARCHAR"]')) AS name)`;

/**
 * The pairs that are named: by their id, or all pairs of a key. Throws {@link InputError} with the first name that is
 * neither.
 */
export async function findPairs(snapshot: Snapshot, names: readonly string[]): Promise<Target[]> {
  const found = await lookUp(
    snapshot,
    'pairs.parquet',
    `SELECT DISTINCT name, coalesce(byId.id, byKey.id) AS id FROM ${NAMES}
      LEFT JOIN read_parquet($table) byId ON byId.id = name
      LEFT JOIN read_parquet($table) byKey ON byKey.key = name AND byId.id IS NULL ORDER BY id`,
    names,
    'pair',
  );
  return found.map((pair) => ({ pair }));
}

/** The items of these ids. Throws {@link InputError} with the first that is not there. */
export async function findItems(snapshot: Snapshot, ids: readonly string[]): Promise<Target[]> {
  const sql = `SELECT DISTINCT name, id FROM ${NAMES} LEFT JOIN read_parquet($table) ON id = name ORDER BY id`;
  const found = await lookUp(snapshot, 'items.parquet', sql, ids, 'item');
  return found.map((item) => ({ item }));
}

/** The items that the fixes of one kind of problem would exclude, each with the sentence of its problem. */
export async function findExcludable(
  { dataset, summary }: Snapshot,
  kind: ProblemKind,
): Promise<{ id: string; sentence: string }[]> {
  const problems = join(snapshotFolder(dataset, summary.id), 'problems.parquet');
  const sql = `SELECT id, any_value(sentence) AS sentence FROM (
      SELECT unnest(fixExclude) AS id, sentence FROM read_parquet($problems) WHERE kind = $kind
    ) GROUP BY id ORDER BY id`;
  return await query(sql, { problems, kind }, Excluded);
}

async function lookUp(
  { dataset, summary }: Snapshot,
  table: string,
  sql: string,
  names: readonly string[],
  what: string,
): Promise<string[]> {
  const parameters = { names: JSON.stringify(names), table: join(snapshotFolder(dataset, summary.id), table) };
  const rows = await query(sql, parameters, Named);
  const unknown = rows.find(({ id }) => id === undefined);
  if (unknown === undefined) return rows.flatMap(({ id }) => id ?? []);
  throw new InputError(`There is no ${what} "${unknown.name}" in ${dataset.name}. Nothing was decided.`);
}
