import * as z from 'zod';
import type { Job } from '../../base/progress.ts';
import { type Modality, Strength } from '../../protocol.ts';
import { stemCandidates } from '../guess/folders.ts';
import type { Staging } from '../staging.ts';
import { type Format, inList } from './format.ts';
import {
  fillPattern,
  modalitiesIn,
  PathPattern,
  patternLeftOver,
  perModality,
  placeFiles,
  placeholdersOf,
  StemRule,
} from './pattern.ts';

const StemPairing = z.strictObject({
  layout: z.literal('stem'),
  items: perModality(PathPattern).refine(
    (items) => new Set(Object.values(items).map((pattern) => placeholdersOf(pattern).toSorted().join())).size === 1,
    'Every pattern of "items" must use the same placeholders, because they name the pair.',
  ),
  stem: StemRule.default('up-to-last-dot'),
  strength: Strength,
});
export type StemPairing = z.infer<typeof StemPairing>;

/**
 * Folders by stem: files of different modalities pair when the placeholders of their patterns stand for the same. Several
 * files of one modality with one key are ambiguous; none of them is paired. Keys that differ in upper and lower case only
 * are taken for the same when that leaves no doubt, and said.
 */
export const stem: Format<typeof StemPairing> = {
  schema: StemPairing,
  byNames: true,
  modalities: ({ items }) => modalitiesIn(items),
  leftOver: ({ items }, modality) => patternLeftOver(items, modality),
  propose: async ({ files }) => stemCandidates(files),
  read: readStems,
};

async function readStems(pairing: StemPairing, staging: Staging, { signal }: Job): Promise<void> {
  const { database } = staging;
  const modalities = modalitiesIn(pairing.items);
  await placeFiles(staging, pairing.items, pairing.stem, signal);
  await joinByCase(staging, modalities.length, signal);
  for (const sql of [oddSql(modalities), KEYED]) await database.run(sql, {}, signal);
  for (const [index, first] of modalities.entries()) {
    for (const second of modalities.slice(index + 1)) {
      staging.found('pairs', linkSql(first, second, pairing.strength), ['odd', 'keyed']);
    }
  }
  await database.run(AMBIGUOUS, {}, signal);
  await database.run(missingSql(pairing, modalities), {}, signal);
}

/** The keys that have not exactly one file of each modality; most have, and need no lists of paths. */
function oddSql(modalities: readonly Modality[]): string {
  const isOdd = modalities.map((modality) => `count(*) FILTER (modality = '${modality}') <> 1`);
  return `CREATE OR REPLACE TABLE odd AS SELECT key FROM placed GROUP BY key HAVING ${isOdd.join(' OR ')}`;
}

const KEYED = `CREATE OR REPLACE TABLE keyed AS
  SELECT key, modality, any_value(split) AS split, any_value(class) AS class, any_value(stem) AS stem,
    list(path ORDER BY path) AS paths
  FROM placed SEMI JOIN odd USING (key) GROUP BY key, modality`;

/** Gives a file that is alone under its key the key that differs from it in case only, when that fills a gap exactly. */
async function joinByCase({ database }: Staging, count: number, signal: AbortSignal | undefined): Promise<void> {
  await database.run(
    `CREATE OR REPLACE TABLE folded AS
      SELECT lower(key) AS folded, min(key) AS key FROM placed
      WHERE key IN (SELECT key FROM placed GROUP BY key HAVING count(*) < ${count})
      GROUP BY 1 HAVING count(DISTINCT key) > 1 AND count(*) = count(DISTINCT modality)`,
    {},
    signal,
  );
  await database.run(
    `INSERT INTO problems (kind, severity, "where", sentence, items)
      SELECT 'name-differs', 'warning', min(path), string_agg(path, ' and ' ORDER BY path)
        || ' differ in upper and lower case only and were paired: give them the same name.', list(path ORDER BY path)
      FROM placed JOIN folded ON lower(placed.key) = folded.folded GROUP BY folded.folded`,
    {},
    signal,
  );
  await database.run('UPDATE placed SET key = folded.key FROM folded WHERE lower(placed.key) = folded.folded');
  await database.run('DROP TABLE folded');
}

function linkSql(first: Modality, second: Modality, strength: Strength): string {
  const pair = (one: string, other: string): string =>
    `SELECT a.rowid AS turn, a.key, '${first}' AS firstModality, ${one} AS firstItem, '${second}' AS secondModality,
      ${other} AS secondItem, a.class, a.split, '${strength}' AS strength`;
  return `${pair('a.path', 'b.path')} FROM placed a JOIN placed b USING (key) ANTI JOIN odd USING (key)
      WHERE a.modality = '${first}' AND b.modality = '${second}'
    UNION ALL
    ${pair('a.paths[1]', 'b.paths[1]')} FROM keyed a JOIN keyed b USING (key)
      WHERE a.modality = '${first}' AND b.modality = '${second}' AND len(a.paths) = 1 AND len(b.paths) = 1`;
}

const AMBIGUOUS = `INSERT INTO problems (kind, severity, "where", sentence, items)
  SELECT 'ambiguous-pairing', 'warning', paths[1], ${listed('paths')} || ' are all the ' || modality || ' of "' || key
    || '", so none is paired: keep one or rename the others.', paths
  FROM keyed WHERE len(paths) > 1`;

/** A row for each key that lacks a modality, with the paths that were expected. */
function missingSql({ items }: StemPairing, modalities: readonly Modality[]): string {
  const expected = modalities.map(
    (modality) =>
      `CASE WHEN NOT list_contains(there, '${modality}') THEN ${fillPattern(items[modality] ?? '')} || '.*' END`,
  );
  const missing = modalities.map(
    (modality) => `CASE WHEN NOT list_contains(there, '${modality}') THEN '${modality}' END`,
  );
  const present = (values: string[]): string => `list_filter([${values.join(', ')}], lambda value: value IS NOT NULL)`;
  return `INSERT INTO problems (kind, severity, "where", sentence, items)
    SELECT 'missing-counterpart', 'warning', paths[1], ${listed('paths')} || CASE WHEN len(paths) = 1 THEN ' has no ' ELSE ' have no ' END
      || ${listed('missing')} || ' counterpart: there is no ' || ${listed('expected')} || '.', paths
    FROM (
      SELECT paths, ${present(missing)} AS missing, ${present(expected)} AS expected
      FROM (
        SELECT list(modality) AS there, list_sort(flatten(list(paths))) AS paths, any_value(split) AS split,
          any_value(class) AS class, any_value(stem) AS stem
        FROM keyed GROUP BY key HAVING count(*) < ${modalities.length}
      )
    )`;
}

/** {@link inList} in SQL. */
function listed(list: string): string {
  return `CASE WHEN len(${list}) < 2 THEN ${list}[1]
    ELSE array_to_string(${list}[:-2], ', ') || ' and ' || ${list}[-1] END`;
}
