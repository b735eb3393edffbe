import type { Job } from '../base/progress.ts';
import { CONTENT_COLUMNS } from './contents.ts';
import { FOUND_ITEM_COLUMNS, type Staging } from './staging.ts';

const FOUND = Object.keys(FOUND_ITEM_COLUMNS);
const READ = Object.keys(CONTENT_COLUMNS).filter((name) => name !== 'problem' && name !== 'fault');

/** Kinds of media problems that say what PairLab cannot do, not that something is wrong with the file. */
const NOT_READ = "('unsupported-format')";

/**
 * Puts what reading gave beside each of the `items` (with `readable`), and numbers the `pairs`: ordered by key and id,
 * the id being the key and the two modalities. A problem names every item that cannot be read.
 */
export async function describeFindings(staging: Staging, { signal }: Job = {}): Promise<void> {
  const { database } = staging;
  const run = (sql: string): Promise<void> => database.run(sql, {}, signal);
  await run(`INSERT INTO problems (kind, severity, "where", sentence, items)
    SELECT problem, CASE WHEN problem IN ${NOT_READ} THEN 'warning' ELSE 'error' END, id, id || ' ' || fault, [id]
    FROM contents JOIN items USING (id, modality) WHERE problem IS NOT NULL`);
  await run(`INSERT INTO problems (kind, severity, "where", sentence, items)
    SELECT 'empty-item', 'error', id, id || ' holds nothing but white space: fill it in.', [id]
    FROM items WHERE ${IS_EMPTY}`);
  const found = FOUND.map((name) => `items."${name}"`);
  const read = READ.map((name) => `${TOLD_BY_TEXT[name] ?? `contents."${name}"`} AS "${name}"`);
  await run(`CREATE OR REPLACE TABLE described AS
    SELECT ${[...found, ...read].join(', ')}, contents.problem IS NULL AND NOT coalesce(${IS_EMPTY}, false) AS readable
    FROM items LEFT JOIN contents USING (id, modality)`);
  await run('DROP TABLE items');
  await run('ALTER TABLE described RENAME TO items');
  await run(NUMBERED_PAIRS);
  await run('DROP TABLE pairs');
  await run('ALTER TABLE numbered RENAME TO pairs');
}

const IS_EMPTY = "items.text IS NOT NULL AND trim(items.text, ' \\t\\r\\n') = ''"
  .replaceAll('\\t', '\t')
  .replaceAll('\\r', '\r')
  .replaceAll('\\n', '\n');

/** A text that stands in a table is all there without reading. */
const TOLD_BY_TEXT: Readonly<Record<string, string>> = {
  bytes: 'coalesce(contents.bytes, strlen(items.text), 0)',
  characters: 'coalesce(contents.characters, length(items.text))',
};

/** A key that comes again gets a number: `dog:image-text`, `dog:image-text#2`. */
const NUMBERED_PAIRS = `CREATE OR REPLACE TABLE numbered AS
  SELECT (row_number() OVER (ORDER BY key, id))::INTEGER - 1 AS position, *, false AS excluded, NULL::VARCHAR AS note
  FROM (
    SELECT key || ':' || firstModality || '-' || secondModality
      || CASE WHEN turn > 1 THEN '#' || turn ELSE '' END AS id, * EXCLUDE (turn, named)
    FROM (
      SELECT *, row_number() OVER (PARTITION BY key, firstModality, secondModality ORDER BY firstItem, secondItem) AS turn
      FROM pairs
    )
  )`;
