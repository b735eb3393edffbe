import { batchOf, runInBatches } from './batches.ts';
import type { Check } from './check.ts';

/**
 * What an item holds, whatever its format: decoded pixels or samples, normalised text; its bytes while it has not been
 * decoded. Segments of one sound share its bytes, so their times belong to them.
 */
const CONTENT = `CASE modality
  WHEN 'text' THEN coalesce(decodedHash, sha256(nullif(normalised(text), '')), sha256)
  ELSE coalesce(decodedHash, sha256 || concat_ws('-', '', start, "end")) END`;

/** Only numbers, so that a dataset of millions of items fits into memory. Missing texts are named as such. */
const CONTENTS = `CREATE OR REPLACE TABLE contents AS
  SELECT number, md5_number(modality || ${CONTENT}) AS "group" FROM checked
  WHERE bytes > 0 AND number NOT IN (SELECT number FROM missing_texts)`;

const REPEATED = `CREATE OR REPLACE TABLE repeated AS
  SELECT number, "group" FROM contents
  SEMI JOIN (SELECT "group" FROM contents GROUP BY "group" HAVING count(*) > 1) USING ("group")`;

/** `copies`: the items whose content another item of their modality has too, by groups; rank 1 is the one to keep. */
const COPIES = `CREATE OR REPLACE TABLE copies AS
  SELECT "group", ${batchOf('"group"')}, row_number() OVER (PARTITION BY "group" ORDER BY place, id) AS rank,
    number, id, modality, split, place, class, sha256
  FROM repeated JOIN checked USING (number)`;

const PROBLEMS = `INSERT INTO problems BY NAME
  WITH groups AS (
    SELECT
      modality,
      list(id ORDER BY rank) AS items,
      count(DISTINCT sha256) = 1 AS same_bytes,
      list_sort(list(DISTINCT class) FILTER (class IS NOT NULL)) AS classes
    FROM copies WHERE batch = $batch GROUP BY "group", modality
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
  inContents: ['exact-duplicate'],
  run: async ({ database }, { signal }) => {
    for (const statement of [CONTENTS, REPEATED, COPIES]) await database.run(statement, {}, signal);
    await runInBatches(database, 'copies', PROBLEMS, signal);
  },
};
