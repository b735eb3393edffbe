import * as z from 'zod';
import { extensionFits, formatNamed } from '../../modality/formats.ts';
import type { Check } from './check.ts';

/** A medium in a cell has no name of its own. */
const NAMED = `checked WHERE readable AND format IS NOT NULL AND "row" IS NULL AND text IS NULL`;
const EXTENSION = `regexp_extract(coalesce(member, path), '\\.([^./]+)$', 1)`;

const Combination = z.object({ extension: z.string(), format: z.string() });

/** A file that a table names by its old name, or in whose place another one stands, is not simply renamed. */
const PROBLEMS = `INSERT INTO problems BY NAME
  WITH lying AS (
    SELECT id, path, member, named, left(path, length(path) - length($extension)) || $right AS better
    FROM ${NAMED} AND format = $format AND ${EXTENSION} = $extension
  )
  SELECT
    'wrong-extension' AS kind,
    'warning' AS severity,
    id AS "where",
    format('{} is {}, not what its extension .{} promises: ', id, $title, $extension)
      || CASE
        WHEN member IS NOT NULL THEN 'correct it in the archive.'
        WHEN named IS NOT NULL THEN format('rename it to .{}, and where {} names it.', $right, named)
        ELSE format('rename it to .{}.', $right)
      END AS sentence,
    [id] AS items,
    CASE WHEN renamable THEN 'Rename it to ' || better END AS fixTitle,
    CASE WHEN renamable THEN path END AS fixRenameFrom,
    CASE WHEN renamable THEN better END AS fixRenameTo
  FROM (
    SELECT lying.*, member IS NULL AND named IS NULL AND files.path IS NULL AS renamable
    FROM lying LEFT JOIN files ON files.path = better
  )`;

/** Media whose bytes are of another format than the extension of their name promises. */
export const wrongExtension: Check = {
  inContents: ['wrong-extension'],
  run: async ({ database }, { signal }) => {
    const sql = `SELECT DISTINCT ${EXTENSION} AS extension, format FROM ${NAMED}`;
    for (const { extension, format } of await database.query(sql, {}, Combination, signal)) {
      if (extensionFits(`x.${extension}`, format)) continue;
      const { title = format, extensions = [] } = formatNamed(format) ?? {};
      await database.run(PROBLEMS, { extension, format, title, right: extensions[0] ?? format }, signal);
    }
  },
};
