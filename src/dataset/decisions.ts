import { relative, sep } from 'node:path';
import type { Columns } from '../base/database.ts';
import { throwIfCancelled } from '../base/errors.ts';
import type { Job } from '../base/progress.ts';
import type { Dataset } from './config.ts';
import { readActs } from './decisions/acts.ts';
import { exclusionsFile, readRecords } from './decisions/file.ts';
import type { Decided } from './decisions/record.ts';
import type { Staging } from './staging.ts';

/** The decisions that count, by their lines. */
const DECISIONS = {
  line: 'integer',
  id: 'text',
  decision: 'text',
  pair: 'text',
  item: 'text',
  value: 'text',
} as const satisfies Columns;

const LINES_BETWEEN_CHECKS = 2048;

/**
 * Applies what people decided to the `pairs` and `items` of a staging: `excluded`, `strength`, `class` and `note` of
 * pairs, `class` and `text` of items. Of decisions about the same thing the last line counts. A pair is excluded when it
 * or one of its items is, unless the pair itself was included after that. Lines that cannot be read and decisions that
 * fit nothing become problems.
 */
export async function applyDecisions(staging: Staging, dataset: Dataset, { signal }: Job = {}): Promise<void> {
  const file = exclusionsFile(dataset);
  const where = relative(dataset.root, file).split(sep).join('/');
  if (!(await stageDecisions(staging, file, where, signal))) return;
  const { database } = staging;
  for (const sql of [ABOUT_ITEMS, ABOUT_PAIRS, ...UPDATES]) await database.run(sql, {}, signal);
  await database.run(STALE, { where }, signal);
  await database.run('DROP TABLE about_items; DROP TABLE about_pairs');
}

/** Puts the decisions that count into a table of their own; false when there is nothing to apply. */
async function stageDecisions(
  staging: Staging,
  file: string,
  where: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { undone, strayUndos } = await readActs(file);
  const { database } = staging;
  await database.createTable('decisions', DECISIONS);
  let count = 0;
  for await (const read of readRecords(file)) {
    if (read.line % LINES_BETWEEN_CHECKS === 0) throwIfCancelled(signal);
    if ('fault' in read) badLine(staging, where, read.line, read.fault);
    else if (read.record.decision !== 'undo' && !undone.has(read.record.id)) {
      database.append('decisions', rowOf(read.line, read.record));
      count += 1;
    }
  }
  for (const { line, undoes } of strayUndos) strayUndo(staging, where, line, undoes);
  database.flush();
  return count > 0;
}

function rowOf(line: number, record: Decided): Readonly<Record<keyof typeof DECISIONS, string | number | undefined>> {
  const { id, decision, pair, item } = record;
  return { line, id, decision, pair, item, value: 'value' in record ? record.value : undefined };
}

function badLine(staging: Staging, file: string, line: number, fault: string): void {
  staging.problem({
    kind: 'bad-row',
    severity: 'warning',
    where: `${file}#${line}`,
    sentence: `${file}, line ${line} ${fault}, so it decides nothing. Correct or delete the line.`,
    items: [],
  });
}

function strayUndo(staging: Staging, file: string, line: number, undoes: string): void {
  staging.problem({
    kind: 'stale-decision',
    severity: 'information',
    where: `${file}#${line}`,
    sentence: `${file}, line ${line} undoes the decision "${undoes}", which does not stand above it.`,
    items: [],
  });
}

/** A class that was decided about a pair is decided about its two items. */
const ABOUT_ITEMS = `CREATE TABLE about_items AS
  SELECT line, decision, value, item FROM decisions WHERE item IS NOT NULL
  UNION ALL
  SELECT line, decision, value, unnest([firstItem, secondItem])
  FROM decisions JOIN pairs ON pairs.id = decisions.pair WHERE decision = 'class'`;

/** A decision about an item is one about every pair that it takes part in. */
const ABOUT_PAIRS = `CREATE TABLE about_pairs AS
  SELECT line, decision, value, pair, NULL AS item FROM decisions WHERE pair IS NOT NULL
  UNION ALL
  SELECT line, decision, value, pairs.id, item FROM about_items JOIN pairs ON firstItem = item
  UNION ALL
  SELECT line, decision, value, pairs.id, item FROM about_items JOIN pairs ON secondItem = item`;

function setLast(table: 'pairs' | 'items', column: string, value: string, decisions: string): string {
  const subject = table === 'pairs' ? 'pair' : 'item';
  return `UPDATE ${table} SET "${column}" = last.value FROM (
      SELECT ${subject}, arg_max(${value}, line) AS value FROM about_${table}
      WHERE decision IN (${decisions}) GROUP BY ${subject}
    ) AS last WHERE last.${subject} = ${table}.id`;
}

const UPDATES = [
  setLast('pairs', 'strength', 'decision', "'weak', 'strong'"),
  setLast('pairs', 'class', 'value', "'class'"),
  setLast('pairs', 'note', 'value', "'note'"),
  setLast('items', 'class', 'value', "'class'"),
  `UPDATE pairs SET excluded = true FROM (
      SELECT pair,
        max(line) FILTER (decision = 'exclude' AND (item IS NULL OR item IN (
          SELECT item FROM about_items GROUP BY item
          HAVING max(line) FILTER (decision = 'exclude') > coalesce(max(line) FILTER (decision = 'include'), 0)
        ))) AS excluded,
        max(line) FILTER (decision = 'include' AND item IS NULL) AS included
      FROM about_pairs GROUP BY pair
    ) AS last WHERE last.pair = pairs.id AND last.excluded > coalesce(last.included, 0)`,
  // Not the list `bands`: DuckDB would write the row anew, at another place. Without a signature they mean nothing.
  `UPDATE items SET "text" = last.value, characters = length(last.value), bytes = strlen(last.value), readable = true,
      sha256 = NULL, fingerprint = NULL, decodedHash = NULL, signature = NULL, language = NULL FROM (
      SELECT item, arg_max(value, line) AS value FROM about_items WHERE decision = 'text' GROUP BY item
    ) AS last WHERE last.item = items.id AND items.modality = 'text'`,
  // What was wrong with the text that was there.
  `DELETE FROM problems WHERE kind IN ('empty-item', 'unreadable-media', 'unsupported-format', 'too-large')
      AND list_has_all((SELECT coalesce(list(item), []) FROM about_items WHERE decision = 'text'), items)`,
];

const STALE = `INSERT INTO problems (kind, severity, "where", sentence, items)
  SELECT 'stale-decision', 'warning', $where || '#' || line,
    $where || ', line ' || line || ' decides about the ' || CASE
        WHEN pair IS NOT NULL THEN 'pair "' || pair || '", which the dataset does not have'
        WHEN item NOT IN (SELECT id FROM items) THEN 'item "' || item || '", which the dataset does not have'
        ELSE 'text of "' || item || '", which is no text' END
      || '. Undo the decision ' || id || ' with \`pairlab decide --undo\`, or decide anew.',
    CASE WHEN item IN (SELECT id FROM items) THEN [item] ELSE [] END
  FROM decisions
  WHERE pair NOT IN (SELECT id FROM pairs) OR item NOT IN (SELECT id FROM items)
    OR (decision = 'text' AND item NOT IN (SELECT id FROM items WHERE modality = 'text'))`;
