import { createHash } from 'node:crypto';
import * as z from 'zod';
import { mapConcurrently } from '../base/concurrency.ts';
import { fingerprint, identifier } from '../base/database.ts';
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

/**
 * What a snapshot stores, as queries over what {@link summarise} made. A pair has the kinds of the errors and warnings
 * about its items, in alphabetical order.
 */
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
  const items = await digestItems(staging, signal);
  const [usablePairs = '', ...shown] = await digestAll(staging, [USABLE_PAIRS, ...SHOWN], signal);
  return {
    id: nameOf(items.shown, ...shown, `1 ${Number(decoded)}`),
    created: new Date().toISOString(),
    data: nameOf(items.usable, usablePairs),
    contents: items.contents,
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
const USABLE_PAIRS = `SELECT ${fingerprint('id', 'class', 'split', 'strength', 'firstItem', 'secondItem')} AS row FROM pairs
  ANTI JOIN unreadable one ON one.number = pairs.first ANTI JOIN unreadable other ON other.number = pairs.second
  WHERE NOT excluded`;

const ITEM_COLUMNS = [...Object.keys(FOUND_ITEM_COLUMNS), ...Object.keys(CONTENT_COLUMNS), 'readable'].filter(
  (name) => !['signature', 'bands', 'problem', 'fault'].includes(name),
);

const Digest = z.object({ digest: z.string() });

/** Everything that a snapshot shows but the items; what near-duplicates are compared by shows in the problems. */
const SHOWN = [
  `SELECT ${fingerprint('position', 'pairs.id', 'firstItem', 'secondItem', 'class', 'split', 'strength', 'excluded', 'note')} AS row FROM pairs`,
  `SELECT ${fingerprint('position', 'count', 'kinds')} AS row FROM troubles`,
  `SELECT ${fingerprint('ordered_problems::VARCHAR')} AS row FROM ordered_problems`,
];

const ItemDigests = z.object({
  /** Absent in the row of all items. */
  modality: Modality.optional(),
  /** Everything that a snapshot shows of the items. */
  shown: z.string(),
  /** What experiments read of the readable items. */
  usable: z.string(),
  /** What encoders read of them. */
  content: z.string(),
});

/** The digests of all items, and of each modality what names its contents, in one pass over the table. */
async function digestItems(
  { database }: Staging,
  signal: AbortSignal | undefined,
): Promise<{ shown: string; usable: string; contents: Record<string, string> }> {
  const rows = await database.query(
    `SELECT modality, ${digestOf('shown')} AS shown, ${digestOf('usable', 'FILTER (readable)')} AS usable,
        ${digestOf('content', 'FILTER (readable)')} AS content
      FROM (
        SELECT modality, readable, ${fingerprint(...ITEM_COLUMNS.map(identifier))} AS shown,
          ${fingerprint('id', 'modality', CONTENT, 'class', 'split', '"start"', '"end"')} AS usable,
          ${fingerprint('id', CONTENT, 'split', '"start"', '"end"')} AS content
        FROM items
      ) GROUP BY GROUPING SETS ((modality), ())`,
    {},
    ItemDigests,
    signal,
  );
  const named = new Map(rows.map((row) => [row.modality, row]));
  const { shown = NONE, usable = NONE } = named.get(undefined) ?? {};
  const contents = Modality.options.map((modality) => [modality, nameOf(named.get(modality)?.content ?? NONE)]);
  return { shown, usable, contents: Object.fromEntries(contents) };
}

/** {@link digestOf} no row. */
const NONE = '0 ';

/** In SQL, of the fingerprints of some rows, whatever their order. */
function digestOf(fingerprints: string, filter = ''): string {
  return `count(*) ${filter} || ' ' || coalesce((bit_xor(${fingerprints}) ${filter})::VARCHAR, '')`;
}

/** Of each query its digest, from the fingerprints `row`. */
async function digestAll(
  { database }: Staging,
  selects: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const digests = await mapConcurrently(selects, AT_ONCE, (select) =>
    database.beside((own) => own.query(`SELECT ${digestOf('row')} AS digest FROM (${select})`, {}, Digest, signal)),
  );
  return digests.map(([found]) => found?.digest ?? NONE);
}

/** A short name for what has these digests. */
function nameOf(...digests: readonly string[]): string {
  return createHash('sha256')
    .update(digests.map((digest) => `${digest}\n`).join(''))
    .digest('hex')
    .slice(0, 16);
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
