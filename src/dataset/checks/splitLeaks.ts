import { batchOf, runInBatches } from './batches.ts';
import type { Check } from './check.ts';

/** Groups of a table whose members stand in several splits, with all members but those of the first split. */
function leaksOf(table: string): string {
  return `
  WITH parts AS (
    SELECT "group", modality, split, place, list(id ORDER BY id) AS ids
    FROM ${table} WHERE batch = $batch AND split IS NOT NULL GROUP BY ALL
  ), leaks AS (
    SELECT
      modality,
      list(split ORDER BY place) AS splits,
      flatten(list(ids ORDER BY place)) AS items,
      flatten(list(ids ORDER BY place)[2:]) AS others
    FROM parts GROUP BY "group", modality HAVING count(*) > 1
  )`;
}

const SAME = `INSERT INTO problems BY NAME ${leaksOf('copies')}
  SELECT
    'split-leak' AS kind,
    CASE modality WHEN 'text' THEN 'information' ELSE 'error' END AS severity,
    items[1] AS "where",
    CASE modality WHEN 'text' THEN 'The text of ' ELSE '' END || items[1] || ' stands in the splits ' || in_list(splits)
      || ', there as ' || named(others)
      || CASE modality WHEN 'text' THEN ': leave it when it is meant.'
         ELSE ': what is tested was seen in training. Keep it in one split.' END AS sentence,
    items,
    CASE WHEN modality <> 'text' THEN 'Exclude ' || named(others) END AS fixTitle,
    CASE WHEN modality <> 'text' THEN others END AS fixExclude
  FROM leaks`;

/** Whether they are a leak is for a person to say, so nothing is offered for all at once. */
const NEAR = `INSERT INTO problems BY NAME ${leaksOf("(FROM alike WHERE modality <> 'text')")}
  SELECT
    'split-leak' AS kind,
    'warning' AS severity,
    items[1] AS "where",
    items[1] || ' stands in the splits ' || in_list(splits) || ', there nearly the same as ' || named(others)
      || ': what is tested was seen in training. Keep them in one split.' AS sentence,
    items
  FROM leaks`;

/** How many items of each source a split has, for the sources that stand in several; `main` has the most of them. */
const PARTS = `CREATE OR REPLACE TABLE source_parts AS
  SELECT source, split, place, count(*) AS size,
    first(split) OVER (PARTITION BY source ORDER BY count(*) DESC, place) AS main
  FROM checked WHERE source IS NOT NULL AND split IS NOT NULL GROUP BY source, split, place
  QUALIFY count(*) OVER (PARTITION BY source) > 1`;

/** Those outside the split that has most of the source: the fewest that would have to move. */
const ASTRAY = `CREATE OR REPLACE TABLE astray AS
  SELECT source, id, ${batchOf('source')} FROM checked JOIN source_parts USING (source, split) WHERE split <> main`;

const SOURCES = `INSERT INTO problems BY NAME
  WITH groups AS (
    SELECT source, list(id ORDER BY id) AS items FROM astray WHERE batch = $batch GROUP BY source
  ), leaks AS (
    SELECT source, list(format('{} ({:,} items)', split, size) ORDER BY place) AS splits
    FROM source_parts GROUP BY source
  )
  SELECT
    'split-leak' AS kind,
    'warning' AS severity,
    items[1] AS "where",
    'The source ' || source || ' stands in the splits ' || in_list(splits)
      || ': what is tested was heard or seen in training. Keep each source in one split.' AS sentence,
    items
  FROM groups JOIN leaks USING (source)`;

/**
 * The same content, nearly the same picture or sound, or the same source (a speaker, a recording) in several splits:
 * results on the second split are then too good.
 */
export const splitLeaks: Check = {
  inContents: ['split-leak'],
  run: async ({ database }, { signal }) => {
    await runInBatches(database, 'copies', SAME, signal);
    await runInBatches(database, 'alike', NEAR, signal);
    for (const statement of [PARTS, ASTRAY]) await database.run(statement, {}, signal);
    await runInBatches(database, 'astray', SOURCES, signal);
  },
};
