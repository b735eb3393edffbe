import type { Check } from './check.ts';

/**
 * What an item holds, whatever its format: decoded pixels or samples, normalised text; its bytes while it has not been
 * decoded. Segments of one sound share its bytes, so their times belong to them.
 */
const CONTENT = `CASE modality
  WHEN 'text' THEN coalesce(decodedHash, sha256(nullif(normalised(text), '')), sha256)
  ELSE coalesce(decodedHash, sha256 || concat_ws('-', '', start, "end")) END`;

/**
 * `copies`: the items whose content another item of their modality has too, by groups; rank 1 is the one to keep. Missing
 * texts are named as such.
 */
const COPIES = `CREATE OR REPLACE TABLE copies AS
  WITH contents AS MATERIALIZED (
    SELECT number, md5_number(modality || ${CONTENT}) AS "group" FROM checked
    WHERE bytes > 0 AND id NOT IN (SELECT unnest(items) FROM problems WHERE kind = 'missing-text')
  )
  SELECT "group", row_number() OVER (PARTITION BY "group" ORDER BY place, id) AS rank,
    number, id, modality, split, place, class, sha256
  FROM contents JOIN checked USING (number)
  WHERE "group" IN (SELECT "group" FROM contents GROUP BY "group" HAVING count(*) > 1)`;

const PROBLEMS = `INSERT INTO problems BY NAME
  WITH groups AS (
    SELECT
      modality,
      list(id ORDER BY rank) AS items,
      count(DISTINCT sha256) = 1 AS same_bytes,
      list_sort(list(DISTINCT class) FILTER (class IS NOT NULL)) AS classes
    FROM copies GROUP BY "group", modality
  )
  SELECT
    'exact-duplicate' AS kind,
    CASE modality WHEN 'text' THEN 'information' ELSE 'warning' END AS severity,
    items[1] AS "where",
    items[1] || ' has the same '
      || CASE WHEN modality = 'text' THEN 'text' WHEN same_bytes THEN 'bytes' WHEN modality = 'image' THEN 'pixels' ELSE 'samples' END
      || ' as ' || named(items[2:])
      || CASE WHEN len(classes) > 1 THEN ', in the classes ' || named(classes) ELSE '' END
      || CASE modality WHEN 'text' THEN ': leave it when it is meant.' ELSE ': keep one.' END AS sentence,
    items,
    CASE WHEN modality <> 'text' THEN 'Exclude ' || named(items[2:]) END AS fixTitle,
    CASE WHEN modality <> 'text' THEN items[2:] END AS fixExclude
  FROM groups`;

/**
 * Items of one modality with the same content, the first of the first split kept. Copies of a picture or a sound are a
 * warning; equal texts are often meant (two pictures, one caption) and so information.
 */
export const exactDuplicates: Check = {
  run: async ({ database }, { signal }) => {
    await database.run(COPIES, {}, signal);
    await database.run(PROBLEMS, {}, signal);
  },
};
