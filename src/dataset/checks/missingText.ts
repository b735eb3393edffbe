import { literal } from '../../base/database.ts';
import { PLACEHOLDERS } from '../../modality/text.ts';
import type { Check } from './check.ts';

/** A text file is known by the hash of its text, or, before it was decoded, of its bytes with or without a line end. */
const TABLE = `CREATE OR REPLACE TABLE placeholders AS
  SELECT word, unnest([sha256(word), sha256(word || chr(10))]) AS hash
  FROM (SELECT unnest([${[...PLACEHOLDERS].map(literal).join(', ')}]) AS word)`;

/** Longer texts are not looked at. */
const LONGEST = 32;

/** `missing_texts`: the items, and the word that stands in place of their text. */
const MISSING = `CREATE OR REPLACE TABLE missing_texts AS
  WITH texts AS (
    SELECT number, id, CASE WHEN length(text) <= ${LONGEST} THEN collapsed(text) END AS word
    FROM checked WHERE modality = 'text' AND readable AND text IS NOT NULL
  )
  SELECT * FROM texts WHERE word = 'NA' OR lower(word) IN (SELECT word FROM placeholders)
  UNION ALL
  SELECT number, id, word FROM checked JOIN placeholders ON hash = coalesce(decodedHash, sha256)
  WHERE modality = 'text' AND readable AND text IS NULL`;

const PROBLEMS = `INSERT INTO problems BY NAME
  SELECT
    'missing-text' AS kind,
    'warning' AS severity,
    id AS "where",
    id || ' says "' || word || '", which stands for a missing text: write the text or exclude it.' AS sentence,
    [id] AS items,
    'Exclude ' || id AS fixTitle,
    [id] AS fixExclude
  FROM missing_texts`;

/** Texts that stand for a missing one: `nan`, `null`, `N/A` and their like. */
export const missingText: Check = {
  inContents: ['missing-text'],
  run: async ({ database }, { signal }) => {
    for (const statement of [TABLE, MISSING, PROBLEMS]) await database.run(statement, {}, signal);
  },
};
