import { type Database, literal } from '../../base/database.ts';
import { Fault } from '../../decoding/contents.ts';
import { KINDS_IN_CONTENTS } from '../checks/checks.ts';
import type { KnownIndex } from '../indexState.ts';

/**
 * Adds to the changed `items` those that what was in them, or is now, may be compared with: items of the same bytes, pixels,
 * samples or words, and all of them where there are signatures, because anything can be nearly the same.
 */
export async function addRelated(database: Database, signal: AbortSignal | undefined): Promise<void> {
  const all = (await database.isAny(withSignature('known_items'))) || (await database.isAny(withSignature('now')));
  await database.run(
    `CREATE OR REPLACE TABLE related AS SELECT id FROM known_items
      WHERE (${all} OR ${isOneOf('sha256')} OR ${isOneOf('decodedHash')}) AND id NOT IN (SELECT id FROM was)`,
    {},
    signal,
  );
  if (!(await database.isAny('related'))) return;
  await database.run(
    `CREATE OR REPLACE TABLE items AS
      FROM (FROM now UNION ALL BY NAME FROM known_items SEMI JOIN related USING (id)) ORDER BY id, modality`,
    {},
    signal,
  );
}

function withSignature(table: string): string {
  return `${table} WHERE signature IS NOT NULL`;
}

/** In SQL: true when the hash of an item is one that a changed item had, or has now. */
function isOneOf(hash: 'sha256' | 'decodedHash'): string {
  const ofChanged = (table: string): string => `SELECT ${hash} FROM ${table} WHERE ${hash} IS NOT NULL`;
  return `coalesce(${hash} IN (${ofChanged('was')} UNION ALL ${ofChanged('now')}), false)`;
}

const READING = listed(Fault.shape.problem.options);
const COMPARING = listed(KINDS_IN_CONTENTS);

/**
 * Puts the known problems into `problems` but those that may be others now: of reading the changed items, and of comparing
 * any of the `items`. Makes `pairs` of the items, for the decisions about them.
 */
export async function keepProblems(
  database: Database,
  { summary }: KnownIndex,
  signal: AbortSignal | undefined,
): Promise<void> {
  await database.run(
    `INSERT INTO problems BY NAME SELECT * EXCLUDE (position) FROM known_problems
      WHERE NOT (kind IN (${COMPARING}) AND len(items) = 0) AND position NOT IN (
        SELECT position
        FROM (SELECT position, kind, unnest(items) AS id FROM known_problems WHERE kind IN (${READING}, ${COMPARING}))
        WHERE id IN (SELECT id FROM items) AND (kind IN (${COMPARING}) OR id IN (SELECT id FROM now))
      )`,
    {},
    signal,
  );
  await database.run(
    `CREATE OR REPLACE TABLE pairs AS SELECT firstItem, secondItem, excluded FROM known_pairs
      WHERE ${summary.excluded > 0} AND (firstItem IN (SELECT id FROM items) OR secondItem IN (SELECT id FROM items))`,
    {},
    signal,
  );
}

function listed(kinds: readonly string[]): string {
  return kinds.map(literal).join(', ');
}
