import * as z from 'zod';
import { beside } from '../base/concurrency.ts';
import type { Database } from '../base/database.ts';
import type { Job } from '../base/progress.ts';
import { Modality, ProblemKind, Severity, type SnapshotSummary, Strength } from '../protocol.ts';
import type { Dataset } from './config.ts';
import { modalityPairsOf } from './config.ts';
import {
  digestItems,
  digestRows,
  namesOf,
  PROBLEMS,
  SHOWN_PAIRS,
  type SnapshotDigests,
  TROUBLES,
  USABLE_PAIR,
} from './digests.ts';
import { compareClasses, compareSplits, distinctLabels } from './labels.ts';
import type { SnapshotTables } from './snapshotFiles.ts';
import type { Staging } from './staging.ts';

/** The items of a snapshot, as a query over the staging when the decisions are applied. */
export const ITEMS = 'SELECT * FROM items ORDER BY id, modality';

export const ORDERED_PROBLEMS = 'SELECT * FROM ordered_problems ORDER BY position';

/**
 * The other tables of a snapshot, as queries over what {@link summarise} made. A pair has the kinds of the errors and
 * warnings about its items, in alphabetical order.
 */
export const OTHER_TABLES: Omit<SnapshotTables, 'items'> = {
  pairs: `SELECT pairs.* EXCLUDE (first, second), one.number IS NULL AND other.number IS NULL AS readable,
      coalesce(troubles.count, 0)::INTEGER AS problems, coalesce(troubles.kinds, []) AS kinds
    FROM pairs LEFT JOIN unreadable one ON one.number = pairs.first LEFT JOIN unreadable other ON other.number = pairs.second
    LEFT JOIN troubles USING (position) ORDER BY position`,
  problems: ORDERED_PROBLEMS,
};

export interface Summarised {
  readonly summary: SnapshotSummary;
  readonly digests: SnapshotDigests;
}

/**
 * Makes what {@link OTHER_TABLES} select, and the summary of the snapshot. Its id names the whole content: the same
 * data gives the same id, on any machine and at any time.
 */
export async function summarise(
  dataset: Dataset,
  staging: Staging,
  decoded: boolean,
  { signal }: Job = {},
): Promise<Summarised> {
  const { database } = staging;
  database.flush();
  await orderProblems(database, signal);
  await database.run(troublesOf('pairs'), {}, signal);
  await database.run(
    'CREATE OR REPLACE TABLE unreadable AS SELECT rowid AS number FROM items WHERE NOT readable',
    {},
    signal,
  );
  const digests = await digestAll(database, signal);
  const problems = await digestRows(database, PROBLEMS, signal);
  const summary: SnapshotSummary = {
    ...namesOf(digests, problems, decoded),
    created: new Date().toISOString(),
    decoded,
    items: await countsBy(database, 'SELECT modality AS name FROM items', Modality, signal),
    pairs: await pairCounts(dataset, database, signal),
    classes: distinctLabels(await labelsOf(database, 'class', signal), compareClasses),
    splits: distinctLabels(await labelsOf(database, 'split', signal), compareSplits),
    unpaired: await countOf(
      database,
      `SELECT count(*) AS count FROM items
        ANTI JOIN (SELECT first AS number FROM pairs UNION ALL SELECT second FROM pairs) paired ON items.rowid = number`,
      signal,
    ),
    excluded: await countOf(database, 'SELECT count(*) AS count FROM pairs WHERE excluded', signal),
    problems: await countProblems(database, signal),
  };
  return { summary, digests };
}

/** Some of the digests beside each other. */
async function digestAll(database: Database, signal: AbortSignal | undefined): Promise<SnapshotDigests> {
  const digestingItems = beside(database.beside((own) => digestItems(own, 'items', signal)));
  try {
    const usablePairs = await digestRows(database, USABLE_PAIRS, signal);
    const pairs = await digestRows(database, SHOWN_PAIRS, signal);
    const troubles = await digestRows(database, TROUBLES, signal);
    return { items: await digestingItems, usablePairs, pairs, troubles };
  } finally {
    await Promise.allSettled([digestingItems]);
  }
}

/** Makes `ordered_problems` of the problems: the worst first, each with its `position`. */
export async function orderProblems(database: Database, signal: AbortSignal | undefined): Promise<void> {
  const order = [rankOf('severity', Severity.options), rankOf('kind', ProblemKind.options), '"where"', 'sentence'];
  await database.run(
    `CREATE OR REPLACE TABLE ordered_problems AS
      SELECT (row_number() OVER (ORDER BY ${order.join(', ')}))::INTEGER - 1 AS position, * FROM problems`,
    {},
    signal,
  );
}

/** Makes `troubles`: of each pair of a table, by its position, the errors and warnings about its items. */
export function troublesOf(pairs: string): string {
  return `CREATE OR REPLACE TABLE troubles AS
    WITH named AS (
      SELECT position AS problem, kind, unnest(items) AS item FROM ordered_problems WHERE severity <> 'information'
    )
    SELECT position, count(DISTINCT problem) AS count, list_sort(list(DISTINCT kind)) AS kinds FROM (
      SELECT pairs.position, problem, kind FROM ${pairs} AS pairs JOIN named ON named.item = pairs.firstItem
      UNION ALL SELECT pairs.position, problem, kind FROM ${pairs} AS pairs JOIN named ON named.item = pairs.secondItem
    ) GROUP BY position`;
}

const USABLE_PAIRS = `SELECT ${USABLE_PAIR} AS row FROM pairs
  ANTI JOIN unreadable one ON one.number = pairs.first ANTI JOIN unreadable other ON other.number = pairs.second
  WHERE NOT excluded`;

async function countsBy<K extends string>(
  database: Database,
  select: string,
  names: z.ZodType<K>,
  signal: AbortSignal | undefined,
): Promise<Partial<Record<K, number>>> {
  const counted = await database.query(
    `SELECT name, count(*) AS count FROM (${select}) GROUP BY name`,
    {},
    z.object({ name: names, count: z.number() }),
    signal,
  );
  const counts: Partial<Record<K, number>> = {};
  for (const { name, count } of counted) counts[name] = count;
  return counts;
}

/** How many problems of each kind there are. */
export async function countProblems(
  database: Database,
  signal: AbortSignal | undefined,
): Promise<SnapshotSummary['problems']> {
  return await countsBy(database, 'SELECT kind AS name FROM problems', ProblemKind, signal);
}

const PairCount = z.object({ first: Modality, second: Modality, strength: Strength, count: z.number() });

async function pairCounts(
  dataset: Dataset,
  database: Database,
  signal: AbortSignal | undefined,
): Promise<SnapshotSummary['pairs']> {
  const counted = await database.query(
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
  database: Database,
  label: 'class' | 'split',
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const found = await database.query(
    `SELECT DISTINCT "${label}" AS label FROM items WHERE "${label}" IS NOT NULL`,
    {},
    z.object({ label: z.string() }),
    signal,
  );
  return found.map((row) => row.label);
}

async function countOf(database: Database, sql: string, signal: AbortSignal | undefined): Promise<number> {
  const [counted] = await database.query(sql, {}, z.object({ count: z.number() }), signal);
  return counted?.count ?? 0;
}

/** The place of a value in a list of words, in SQL. */
function rankOf(column: string, words: readonly string[]): string {
  return `list_position([${words.map((word) => `'${word}'`).join(', ')}], ${column})`;
}
