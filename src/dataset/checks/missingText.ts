import { literal } from '../../base/database.ts';
import { PLACEHOLDERS } from '../../modality/text.ts';
import type { Check } from './check.ts';

/** A text file is known by the hash of its text, or, before it was decoded, of its bytes with or without a line end. */
const TABLE = `CREATE OR REPLACE TABLE placeholders AS
  SELECT word, unnest([sha256(word), sha256(word || chr(10))]) AS hash
  FROM (SELECT unnest([${[...PLACEHOLDERS].map(literal).join(', ')}]) AS word)`;

const PROBLEMS = `INSERT INTO problems BY NAME
  WITH missing AS (
    SELECT id, collapsed(text) AS word FROM checked
    WHERE modality = 'text' AND readable
      AND (word IN ('', 'NA') OR normalised(text) IN (SELECT word FROM placeholders))
    UNION ALL
    SELECT id, word FROM checked JOIN placeholders ON hash = coalesce(decodedHash, sha256)
    WHERE modality = 'text' AND readable AND text IS NULL
  )
  SELECT
    'missing-text' AS kind,
    'warning' AS severity,
    id AS "where",
    CASE word WHEN '' THEN id || ' is empty' ELSE id || ' says "' || word || '", which stands for a missing text' END
      || ': write the text or exclude it.' AS sentence,
    [id] AS items,
    'Exclude ' || id AS fixTitle,
    [id] AS fixExclude
  FROM missing`;

/** Texts that are empty or stand for a missing one: `nan`, `null`, `N/A` and their like. */
export const missingText: Check = {
  run: async ({ database }, { signal }) => {
    await database.run(TABLE);
    await database.run(PROBLEMS, {}, signal);
  },
};
