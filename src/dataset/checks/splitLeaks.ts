import type { Check } from './check.ts';

/** Groups of a table whose members stand in several splits, with all members but those of the first split. */
function leaksOf(table: string): string {
  return `
  WITH parts AS (
    SELECT "group", modality, split, place, list(id ORDER BY id) AS ids
    FROM ${table} WHERE split IS NOT NULL GROUP BY ALL
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

const NEAR = `INSERT INTO problems BY NAME ${leaksOf("(FROM alike WHERE modality <> 'text')")}
  SELECT
    'split-leak' AS kind,
    'warning' AS severity,
    items[1] AS "where",
    items[1] || ' stands in the splits ' || in_list(splits) || ', there nearly the same as ' || named(others)
      || ': what is tested was seen in training. Keep them in one split.' AS sentence,
    items,
    'Exclude ' || named(others) AS fixTitle,
    others AS fixExclude
  FROM leaks`;

/** The fewest items that would have to move are those outside the split that has most of the source. */
const SOURCES = `INSERT INTO problems BY NAME
  WITH leaking AS (
    SELECT source FROM checked WHERE source IS NOT NULL GROUP BY source HAVING min(split) <> max(split)
  ), parts AS (
    SELECT source, split, place, list(id ORDER BY id) AS ids, len(ids) AS size
    FROM checked SEMI JOIN leaking USING (source) WHERE split IS NOT NULL GROUP BY ALL
  ), leaks AS (
    SELECT
      source,
      list(format('{} ({:,} items)', split, size) ORDER BY place) AS splits,
      flatten(list(ids ORDER BY size DESC, place)[2:]) AS items
    FROM parts GROUP BY source
  )
  SELECT
    'split-leak' AS kind,
    'warning' AS severity,
    items[1] AS "where",
    'The source ' || source || ' stands in the splits ' || in_list(splits)
      || ': what is tested was heard or seen in training. Keep each source in one split.' AS sentence,
    items
  FROM leaks`;

/**
 * The same content, nearly the same picture or sound, or the same source (a speaker, a recording) in several splits:
 * results on the second split are then too good.
 */
export const splitLeaks: Check = {
  run: async ({ database }, { signal }) => {
    for (const statement of [SAME, NEAR, SOURCES]) await database.run(statement, {}, signal);
  },
};
