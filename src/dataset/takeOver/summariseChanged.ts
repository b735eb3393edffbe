import type { Database } from '../../base/database.ts';
import type { SnapshotSummary } from '../../protocol.ts';
import type { Dataset } from '../config.ts';
import {
  digestRows,
  type ItemDigests,
  namesOf,
  PROBLEMS,
  type SnapshotDigests,
  TROUBLES,
  USABLE_PAIR,
} from '../digests.ts';
import type { KnownIndex } from '../indexState.ts';
import type { SnapshotTables } from '../snapshotFiles.ts';
import { countProblems, ORDERED_PROBLEMS, orderProblems, troublesOf } from '../summarise.ts';
import { tableOf } from './known.ts';

/** The summary of a snapshot in which `now` is in place of `was` and all `problems` are known; its other tables. */
export async function summariseChanged(
  dataset: Dataset,
  database: Database,
  known: KnownIndex,
  { items, decoded }: { readonly items: ItemDigests; readonly decoded: boolean },
  signal: AbortSignal | undefined,
): Promise<{ summary: SnapshotSummary; digests: SnapshotDigests; tables: Omit<SnapshotTables, 'items'> }> {
  database.flush();
  await orderProblems(database, signal);
  await database.run(troublesOf('known_pairs'), {}, signal);
  const troubles = await digestRows(database, TROUBLES, signal);
  const turned = await database.isAny('now JOIN was USING (id) WHERE now.readable <> was.readable');
  const hasOtherPairs = turned || troubles !== known.digests.troubles;
  if (hasOtherPairs) await database.run(UNREADABLE, {}, signal);
  const usablePairs = turned ? await digestRows(database, USABLE_PAIRS, signal) : known.digests.usablePairs;
  const digests = { items, pairs: known.digests.pairs, usablePairs, troubles };
  const problems = await digestRows(database, PROBLEMS, signal);
  return {
    summary: {
      ...known.summary,
      ...namesOf(digests, problems, decoded),
      created: new Date().toISOString(),
      decoded,
      problems: await countProblems(database, signal),
    },
    digests,
    tables: {
      pairs: hasOtherPairs ? PAIRS : tableOf(dataset, known, 'pairs'),
      problems: ORDERED_PROBLEMS,
    },
  };
}

const UNREADABLE = `CREATE OR REPLACE TABLE unreadable AS
  SELECT id AS item FROM known_items ANTI JOIN was USING (id) WHERE NOT readable
  UNION ALL SELECT id FROM now WHERE NOT readable`;

const USABLE_PAIRS = `SELECT ${USABLE_PAIR} AS row FROM known_pairs
  ANTI JOIN unreadable one ON one.item = firstItem ANTI JOIN unreadable other ON other.item = secondItem
  WHERE NOT excluded`;

const PAIRS = `SELECT known_pairs.* REPLACE (
      one.item IS NULL AND other.item IS NULL AS readable,
      coalesce(troubles.count, 0)::INTEGER AS problems,
      coalesce(troubles.kinds, []) AS kinds
    )
  FROM known_pairs LEFT JOIN unreadable one ON one.item = firstItem LEFT JOIN unreadable other ON other.item = secondItem
  LEFT JOIN troubles USING (position) ORDER BY position`;
