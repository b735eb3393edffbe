import { createHash } from 'node:crypto';
import * as z from 'zod';
import { mapConcurrently } from '../base/concurrency.ts';
import { fingerprint } from '../base/database.ts';
import type { Job } from '../base/progress.ts';
import { Modality, ProblemKind, Severity, type SnapshotSummary, Strength } from '../protocol.ts';
import type { Dataset } from './config.ts';
import { modalityPairsOf } from './config.ts';
import { CONTENT_COLUMNS } from './contentStore.ts';
import { compareClasses, compareSplits, distinctLabels } from './labels.ts';
import type { SnapshotTables } from './snapshotFiles.ts';
import { FOUND_ITEM_COLUMNS, type Staging } from './staging.ts';

/** Queries that read all of a table and run beside each other. */
const AT_ONCE = 2;

/** What a snapshot stores. A pair has the kinds of the errors and warnings about its items, in alphabetical order. */
export const SNAPSHOT_TABLES: SnapshotTables = {
  items: 'SELECT * FROM items ORDER BY id, modality',
  pairs: `SELECT pairs.* EXCLUDE (first, second), one.number IS NULL AND other.number IS NULL AS readable,
      coalesce(troubles.count, 0)::INTEGER AS problems, coalesce(troubles.kinds, []) AS kinds
    FROM pairs LEFT JOIN unreadable one ON one.number = pairs.first LEFT JOIN unreadable other ON other.number = pairs.second
    LEFT JOIN troubles USING (position) ORDER BY position`,
  problems: 'SELECT * FROM ordered_problems ORDER BY position',
};

/**
 * Makes what {@link SNAPSHOT_TABLES} select, and the summary of the snapshot. Its id names the whole content: the same
 * data gives the same id, on any machine and at any time.
 */
export async function summarise(
  dataset: Dataset,
  staging: Staging,
  decoded: boolean,
  { signal }: Job = {},
): Promise<SnapshotSummary> {
  const { database } = staging;
  database.flush();
  const run = (sql: string): Promise<void> => database.run(sql, {}, signal);
  await run(`CREATE OR REPLACE TABLE ordered_problems AS
    SELECT (row_number() OVER (ORDER BY ${rankOf('severity', Severity.options)}, ${rankOf('kind', ProblemKind.options)},
      "where", sentence))::INTEGER - 1 AS position, * FROM problems`);
  await run(`CREATE OR REPLACE TABLE troubles AS
    WITH named AS (
      SELECT position AS problem, kind, items.rowid AS item
      FROM (SELECT position, kind, unnest(items) AS id FROM ordered_problems WHERE severity <> 'information') JOIN items USING (id)
    )
    SELECT position, count(DISTINCT problem) AS count, list_sort(list(DISTINCT kind)) AS kinds FROM (
      SELECT pairs.position, problem, kind FROM pairs JOIN named ON named.item = pairs.first
      UNION ALL SELECT pairs.position, problem, kind FROM pairs JOIN named ON named.item = pairs.second
    ) GROUP BY position`);
  await run('CREATE OR REPLACE TABLE unreadable AS SELECT rowid AS number FROM items WHERE NOT readable');
  const data = await digest(staging, [USABLE_ITEMS, USABLE_PAIRS], signal);
  return {
    id: await digest(staging, [...SHOWN, `SELECT ${decoded}::INTEGER AS row`], signal),
    created: new Date().toISOString(),
    data,
    contents: Object.fromEntries(await contentsOf(staging, signal)),
    decoded,
    items: await countsBy(staging, 'SELECT modality AS name FROM items', Modality, signal),
    pairs: await pairCounts(dataset, staging, signal),
    classes: distinctLabels(await labelsOf(staging, 'class', signal), compareClasses),
    splits: distinctLabels(await labelsOf(staging, 'split', signal), compareSplits),
    unpaired: await countOf(
      staging,
      `SELECT count(*) AS count FROM items
        ANTI JOIN (SELECT first AS number FROM pairs UNION ALL SELECT second FROM pairs) paired ON items.rowid = number`,
      signal,
    ),
    excluded: await countOf(staging, 'SELECT count(*) AS count FROM pairs WHERE excluded', signal),
    problems: await countsBy(staging, 'SELECT kind AS name FROM problems', ProblemKind, signal),
  };
}

/** What names the content of an item: its text, or the hash of its bytes; of a large file its size and both ends. */
const CONTENT = 'coalesce(text, sha256, fingerprint, id)';
const USABLE_ITEMS = `SELECT ${fingerprint('id', 'modality', CONTENT, 'class', 'split', '"start"', '"end"')} AS row FROM items WHERE readable`;
const USABLE_PAIRS = `SELECT ${fingerprint('id', 'class', 'split', 'strength', 'firstItem', 'secondItem')} AS row FROM pairs
  ANTI JOIN unreadable one ON one.number = pairs.first ANTI JOIN unreadable other ON other.number = pairs.second
  WHERE NOT excluded`;

const ITEM_COLUMNS = [...Object.keys(FOUND_ITEM_COLUMNS), ...Object.keys(CONTENT_COLUMNS), 'readable'].filter(
  (name) => !['signature', 'bands', 'problem', 'fault'].includes(name),
);

const Digest = z.object({ digest: z.string() });

/** Everything that a snapshot shows; what near-duplicates are compared by shows in the problems. */
const SHOWN = [
  `SELECT ${fingerprint(...ITEM_COLUMNS.map((name) => `"${name}"`))} AS row FROM items`,
  `SELECT ${fingerprint('position', 'pairs.id', 'firstItem', 'secondItem', 'class', 'split', 'strength', 'excluded', 'note')} AS row FROM pairs`,
  `SELECT ${fingerprint('position', 'count', 'kinds')} AS row FROM troubles`,
  `SELECT ${fingerprint('ordered_problems::VARCHAR')} AS row FROM ordered_problems`,
];

/** Of the fingerprints `row` of queries, whatever the order of their rows. */
async function digest(staging: Staging, selects: readonly string[], signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  const digests = await mapConcurrently(selects, AT_ONCE, (select) =>
    staging.database.beside((own) =>
      own.query(
        `SELECT count(*) || ' ' || coalesce(bit_xor(row)::VARCHAR, '') AS digest FROM (${select})`,
        {},
        Digest,
        signal,
      ),
    ),
  );
  for (const [found] of digests) hash.update(`${found?.digest}\n`);
  return hash.digest('hex').slice(0, 16);
}

async function contentsOf(staging: Staging, signal: AbortSignal | undefined): Promise<[Modality, string][]> {
  return await mapConcurrently(Modality.options, AT_ONCE, async (modality) => {
    const readable = `SELECT ${fingerprint('id', CONTENT, 'split', '"start"', '"end"')} AS row FROM items WHERE readable AND modality = '${modality}'`;
    return [modality, await digest(staging, [readable], signal)];
  });
}

async function countsBy<K extends string>(
  staging: Staging,
  select: string,
  names: z.ZodType<K>,
  signal: AbortSignal | undefined,
): Promise<Partial<Record<K, number>>> {
  const counted = await staging.database.query(
    `SELECT name, count(*) AS count FROM (${select}) GROUP BY name`,
    {},
    z.object({ name: names, count: z.number() }),
    signal,
  );
  const counts: Partial<Record<K, number>> = {};
  for (const { name, count } of counted) counts[name] = count;
  return counts;
}

const PairCount = z.object({ first: Modality, second: Modality, strength: Strength, count: z.number() });

async function pairCounts(
  dataset: Dataset,
  staging: Staging,
  signal: AbortSignal | undefined,
): Promise<SnapshotSummary['pairs']> {
  const counted = await staging.database.query(
    `SELECT firstModality AS first, secondModality AS second, mode(strength) AS strength, count(*) AS count
      FROM pairs GROUP BY ALL`,
    {},
    PairCount,
    signal,
  );
  return modalityPairsOf(dataset.config).map((pair) => {
    const found = counted.find(({ first, second }) => first === pair.first && second === pair.second);
    return { ...pair, strength: found?.strength ?? 'strong', count: found?.count ?? 0 };
  });
}

async function labelsOf(
  staging: Staging,
  label: 'class' | 'split',
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const found = await staging.database.query(
    `SELECT DISTINCT "${label}" AS label FROM items WHERE "${label}" IS NOT NULL`,
    {},
    z.object({ label: z.string() }),
    signal,
  );
  return found.map((row) => row.label);
}

async function countOf(staging: Staging, sql: string, signal: AbortSignal | undefined): Promise<number> {
  const [counted] = await staging.database.query(sql, {}, z.object({ count: z.number() }), signal);
  return counted?.count ?? 0;
}

/** The place of a value in a list of words, in SQL. */
function rankOf(column: string, words: readonly string[]): string {
  return `list_position([${words.map((word) => `'${word}'`).join(', ')}], ${column})`;
}
