import { fingerprint } from '../base/database.ts';
import type { Job } from '../base/progress.ts';
import { CONTENT_COLUMNS } from './contentStore.ts';
import { FOUND_ITEM_COLUMNS, type Staging } from './staging.ts';

const FOUND = Object.keys(FOUND_ITEM_COLUMNS);
const READ = Object.keys(CONTENT_COLUMNS).filter((name) => name !== 'problem' && name !== 'fault');

/** Kinds of media problems that say what PairLab cannot do, not that something is wrong with the file. */
const NOT_READ = "('unsupported-format')";

/** {@link describeItems}, and {@link numberPairs}. */
export async function describeFindings(staging: Staging, job: Job = {}): Promise<void> {
  await describeItems(staging, job);
  await numberPairs(staging, job);
}

/**
 * Puts what reading gave beside each of the `items` (with `readable`). A problem names every item that cannot be read.
 */
export async function describeItems({ database }: Staging, { signal }: Job): Promise<void> {
  const run = (sql: string): Promise<void> => database.run(sql, {}, signal);
  await run(`INSERT INTO problems (kind, severity, "where", sentence, items)
    SELECT problem, CASE WHEN problem IN ${NOT_READ} THEN 'warning' ELSE 'error' END, id, id || ' ' || fault, [id]
    FROM contents JOIN items ON items.rowid = contents.number WHERE problem IS NOT NULL`);
  const found = FOUND.map((name) => `items."${name}"`);
  const read = READ.map((name) => `${TOLD_BY_TEXT[name] ?? `contents."${name}"`} AS "${name}"`);
  await run(`CREATE OR REPLACE TABLE described AS
    SELECT ${[...found, ...read].join(', ')}, contents.problem IS NULL AND NOT coalesce(${IS_EMPTY}, false) AS readable
    FROM items LEFT JOIN contents ON contents.number = items.rowid`);
  await database.dropTable('contents');
  await run('DROP TABLE items; ALTER TABLE described RENAME TO items');
  await run(`INSERT INTO problems (kind, severity, "where", sentence, items)
    SELECT 'empty-item', 'error', id, id || ' holds nothing but white space: fill it in.', [id]
    FROM items WHERE text IS NOT NULL AND NOT readable`);
}

const IS_EMPTY = "trim(items.text, ' \t\r\n\v\f') = ''";

/** A text that stands in a table is all there without reading. */
const TOLD_BY_TEXT: Readonly<Record<string, string>> = {
  bytes: 'coalesce(contents.bytes, strlen(items.text), 0)',
  characters: 'coalesce(contents.characters, length(items.text))',
};

/**
 * Gives `pairs` what names them: `id` is the key and the two modalities, `position` the place in the order of key and id;
 * `first` and `second` are the rows of its items. A key that comes again gets a number: `dog:image-text`,
 * `dog:image-text#2`. What is sorted and joined is narrow, numbers and hashes for the most part, so that it stays in
 * memory.
 */
async function numberPairs({ database }: Staging, { signal }: Job): Promise<void> {
  const run = (sql: string): Promise<void> => database.run(sql, {}, signal);
  const name = "key || ':' || firstModality || '-' || secondModality";
  const same = fingerprint('key', 'firstModality', 'secondModality');
  await run(`CREATE OR REPLACE TABLE repeated AS
    SELECT ${same} AS hashed FROM pairs GROUP BY 1 HAVING count(*) > 1`);
  await run(`CREATE OR REPLACE TABLE named AS
    SELECT rowid AS pair, key, ${name} AS id FROM pairs ANTI JOIN repeated ON ${same} = hashed
    UNION ALL
    SELECT pair, key, ${name} || CASE WHEN turn > 1 THEN '#' || turn ELSE '' END
    FROM (
      SELECT rowid AS pair, key, firstModality, secondModality,
        row_number() OVER (PARTITION BY key, firstModality, secondModality ORDER BY firstItem, secondItem) AS turn
      FROM pairs SEMI JOIN repeated ON ${same} = hashed
    )`);
  await run(`CREATE OR REPLACE TABLE places AS
    SELECT pair, id, (row_number() OVER (ORDER BY key, id))::INTEGER - 1 AS position FROM named`);
  await run(
    `CREATE OR REPLACE TABLE numbers AS SELECT ${fingerprint('id', 'modality')} AS hashed, rowid AS number FROM items`,
  );
  await run(`CREATE OR REPLACE TABLE numbered AS
    SELECT position, places.id, pairs.* EXCLUDE (named), one.number AS first, other.number AS second, false AS excluded,
      NULL::VARCHAR AS note
    FROM pairs JOIN places ON pairs.rowid = places.pair
    JOIN numbers one ON one.hashed = ${fingerprint('firstItem', 'firstModality')}
    JOIN numbers other ON other.hashed = ${fingerprint('secondItem', 'secondModality')}`);
  await run('DROP TABLE repeated; DROP TABLE named; DROP TABLE places; DROP TABLE numbers; DROP TABLE pairs');
  await run('ALTER TABLE numbered RENAME TO pairs');
}
