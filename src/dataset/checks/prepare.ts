import * as z from 'zod';
import type { Job } from '../../base/progress.ts';
import { compareSplits } from '../labels.ts';
import type { Staging } from '../staging.ts';

/** Ids that a sentence names before it only counts. */
const NAMED = 5;

/**
 * White space as `normaliseText` understands it (RE2's `\s` knows ASCII only), but for single spaces, which may stay: to
 * replace each of them costs ten times as much.
 */
const WHITE_SPACE = '[\\s\\v\\pZ\\x{feff}]{2,}|[\\t\\n\\v\\f\\r\\x{feff}]|[^\\PZ ]';

const MACROS = [
  `in_list(words) AS CASE WHEN len(words) < 2 THEN coalesce(words[1], '')
    ELSE array_to_string(words[:-2], ', ') || ' and ' || words[-1] END`,
  `named(ids) AS CASE WHEN len(ids) <= ${NAMED} THEN in_list(ids)
    ELSE array_to_string(ids[:${NAMED}], ', ') || format(' and {:,} more', len(ids) - ${NAMED}) END`,
  `collapsed(text) AS trim(regexp_replace(text, '${WHITE_SPACE}', ' ', 'g'))`,
  'normalised(text) AS lower(nfc_normalize(collapsed(text)))',
];

/** Items all of whose pairs a decision leaves out. */
const LEFT_OUT = `CREATE OR REPLACE TABLE left_out AS
  SELECT excluded.item FROM (
    SELECT firstItem AS item FROM pairs WHERE excluded UNION SELECT secondItem FROM pairs WHERE excluded
  ) excluded
  ANTI JOIN (
    SELECT firstItem AS item FROM pairs WHERE NOT excluded UNION ALL SELECT secondItem FROM pairs WHERE NOT excluded
  ) used USING (item)`;

const CHECKED = `CREATE OR REPLACE VIEW checked AS
  SELECT items.rowid AS number, items.*, coalesce(split_order.place, 0) AS place
  FROM items
  ANTI JOIN left_out ON items.id = left_out.item
  LEFT JOIN split_order ON items.split = split_order.split`;

/**
 * Gives the checks what they share: the view `checked` (the items that a decision has not left out, each with its
 * `number` and the `place` of its split in the order of use) and words for lists of ids in SQL.
 */
export async function prepareChecks({ database }: Staging, { signal }: Job): Promise<void> {
  for (const macro of MACROS) await database.run(`CREATE OR REPLACE MACRO ${macro}`);
  await database.run(LEFT_OUT, {}, signal);
  const rows = await database.query(
    'SELECT DISTINCT split FROM items WHERE split IS NOT NULL',
    {},
    z.object({ split: z.string() }),
    signal,
  );
  await database.createTable('split_order', { split: 'text', place: 'integer' });
  const splits = rows.map(({ split }) => split).sort(compareSplits);
  for (const [place, split] of splits.entries()) database.append('split_order', { split, place });
  database.flush();
  await database.run(CHECKED, {}, signal);
}
