import { join } from 'node:path';
import * as z from 'zod';
import { type Database, literal } from '../../base/database.ts';
import type { Job } from '../../base/progress.ts';
import { type Modality, Strength } from '../../protocol.ts';
import { modalitiesOf } from '../config.ts';
import { locationOf } from '../itemLocation.ts';
import { compareClasses, compareSplits, distinctLabels } from '../labels.ts';
import type { Snapshot } from '../snapshot.ts';
import { snapshotFolder } from '../snapshotFiles.ts';
import type { ExportItem, ExportRow, ExportSource } from './export.ts';

/** How many pairs, or rows, are not in the export, and why, as a clause. */
export interface LeftOut {
  readonly reason: string;
  readonly count: number;
}

/** What of an item is needed to name it and to find its bytes. */
const ITEM_FIELDS = [
  'id',
  'path',
  'member',
  'begin',
  'length',
  'row',
  'column',
  'start',
  'end',
  'text',
  'format',
] as const;

const StoredItem = z.object({
  id: z.string(),
  path: z.string(),
  member: z.string().optional(),
  begin: z.number().optional(),
  length: z.number().optional(),
  row: z.number().optional(),
  column: z.string().optional(),
  start: z.number().optional(),
  end: z.number().optional(),
  text: z.string().optional(),
  format: z.string().optional(),
} satisfies Record<(typeof ITEM_FIELDS)[number], z.ZodType>);

const StoredRow = z
  .object({ key: z.string(), strength: Strength, class: z.string().optional(), split: z.string().optional() })
  .loose();

const Counted = z.object({
  excluded: z.number(),
  unreadable: z.number(),
  vectors: z.number(),
  otherSplits: z.number(),
});
const Label = z.object({ label: z.string() });

/**
 * Makes the rows of an export in a scratch database: the pairs of a snapshot that are usable and not excluded, of the
 * chosen splits or of all. Strong pairs of one key that link three items with each other become one row.
 */
export async function openSource(
  database: Database,
  snapshot: Snapshot,
  chosenSplits: readonly string[] | undefined,
  { signal, progress }: Job,
): Promise<{ source: ExportSource; leftOut: LeftOut[] }> {
  const { dataset, summary } = snapshot;
  const folder = snapshotFolder(dataset, summary.id);
  const items = `read_parquet(${literal(join(folder, 'items.parquet'))})`;
  const pairs = `read_parquet(${literal(join(folder, 'pairs.parquet'))})`;
  const modalities = modalitiesOf(dataset.config);
  for (const sql of [usableSql(items, pairs, modalities, chosenSplits), ...rowsSql(modalities)]) {
    await database.run(sql, {}, signal);
  }
  const labels = async (column: 'class' | 'split'): Promise<string[]> => {
    const sql = `SELECT DISTINCT ${column} AS label FROM rows WHERE ${column} IS NOT NULL`;
    return (await database.query(sql, {}, Label, signal)).map(({ label }) => label);
  };
  const count = await database.countRows('rows', signal);
  const segments = await database.countRows(`${items} WHERE "start" IS NOT NULL OR "end" IS NOT NULL`, signal);
  const source: ExportSource = {
    name: dataset.name,
    snapshot: summary,
    modalities,
    classes: distinctLabels(await labels('class'), compareClasses),
    splits: distinctLabels(await labels('split'), compareSplits),
    hasSegments: segments > 0,
    count,
    rows: async function* () {
      let done = 0;
      for await (const rows of database.stream(withItemsSql(items, modalities), {}, StoredRow, signal)) {
        yield rows.map((row) => toRow(row, dataset.root, modalities));
        done += rows.length;
        progress?.({ stage: 'exporting', done, total: count });
      }
    },
  };
  return { source, leftOut: await countLeftOut(database, signal) };
}

/** All pairs with the reason that keeps each out, if any, and a column a modality. */
function usableSql(
  items: string,
  pairs: string,
  modalities: readonly Modality[],
  splits: readonly string[] | undefined,
): string {
  const columns = modalities.map(
    (modality) =>
      `CASE '${modality}' WHEN firstModality THEN firstItem WHEN secondModality THEN secondItem END AS ${modality}`,
  );
  const vectors = `(SELECT id FROM ${items} WHERE dimensions IS NOT NULL)`;
  const chosen = splits === undefined ? 'true' : `coalesce(split IN (${splits.map(literal).join(', ')}), false)`;
  return `CREATE TABLE candidates AS
    SELECT position, key, class, split, strength, ${columns.join(', ')}, CASE
      WHEN excluded THEN 'excluded'
      WHEN NOT readable THEN 'unreadable'
      WHEN firstItem IN ${vectors} OR secondItem IN ${vectors} THEN 'vectors'
      WHEN NOT ${chosen} THEN 'otherSplits' END AS leftOut
    FROM ${pairs};
    CREATE VIEW usable AS SELECT * FROM candidates WHERE leftOut IS NULL`;
}

/** The table `rows`: a row for each three items that are all linked with each other, and one for every other pair. */
function rowsSql(modalities: readonly Modality[]): string[] {
  const [a, b, c] = modalities;
  const columns = `key, class, split, strength, ${modalities.join(', ')}`;
  if (a === undefined || b === undefined || c === undefined) {
    return [`CREATE TABLE rows AS SELECT position, position AS turn, ${columns} FROM usable`];
  }
  const same = (one: string, other: string): string =>
    `${one}.key = ${other}.key AND ${one}.class IS NOT DISTINCT FROM ${other}.class
      AND ${one}.split IS NOT DISTINCT FROM ${other}.split AND ${other}.strength = 'strong'`;
  return [
    `CREATE TABLE rows AS
      SELECT ab.position, ac.position AS turn, ab.key, ab.class, ab.split, ab.strength,
        ab.${a}, ab.${b}, ac.${c}, [ab.position, ac.position, bc.position] AS covered
      FROM usable ab
        JOIN usable ac ON ac.${a} = ab.${a} AND ac.${c} IS NOT NULL AND ${same('ab', 'ac')}
        JOIN usable bc ON bc.${b} = ab.${b} AND bc.${c} = ac.${c} AND ${same('ab', 'bc')}
      WHERE ab.${a} IS NOT NULL AND ab.${b} IS NOT NULL AND ab.strength = 'strong'`,
    `INSERT INTO rows (position, turn, ${columns})
      SELECT position, position, ${columns} FROM usable
      WHERE position NOT IN (SELECT unnest(covered) FROM rows)`,
  ];
}

function withItemsSql(items: string, modalities: readonly Modality[]): string {
  const fields = modalities.flatMap((modality) =>
    ITEM_FIELDS.map((field) => `${modality}_item."${field}" AS ${modality}_${field}`),
  );
  const joins = modalities.map(
    (modality) => `LEFT JOIN (SELECT * FROM ${items} WHERE modality = '${modality}') ${modality}_item
        ON ${modality}_item.id = rows.${modality}`,
  );
  return `SELECT key, rows.class, rows.split, strength, ${fields.join(', ')}
    FROM rows ${joins.join(' ')} ORDER BY rows.position, rows.turn`;
}

function toRow(stored: z.infer<typeof StoredRow>, root: string, modalities: readonly Modality[]): ExportRow {
  const { key, strength, class: concept, split } = stored;
  const items: Partial<Record<Modality, ExportItem>> = {};
  for (const modality of modalities) {
    if (stored[`${modality}_id`] === undefined) continue;
    const fields = ITEM_FIELDS.map((field) => [field, stored[`${modality}_${field}`]]);
    const { id, text, format, ...place } = StoredItem.parse(Object.fromEntries(fields));
    items[modality] = { id, modality, location: locationOf(root, place), text, format };
  }
  return { key, items, strength, class: concept, split };
}

async function countLeftOut(database: Database, signal: AbortSignal | undefined): Promise<LeftOut[]> {
  const counts = Object.keys(Counted.shape).map((reason) => `count(*) FILTER (leftOut = '${reason}') AS ${reason}`);
  const [counted] = await database.query(`SELECT ${counts.join(', ')} FROM candidates`, {}, Counted, signal);
  const reasons = [
    { reason: 'excluded by a decision', count: counted?.excluded ?? 0 },
    { reason: 'one of the two items cannot be read', count: counted?.unreadable ?? 0 },
    { reason: 'one of the two items is a vector, which no export can hold', count: counted?.vectors ?? 0 },
    { reason: 'not in the chosen splits', count: counted?.otherSplits ?? 0 },
  ];
  return reasons.filter(({ count }) => count > 0);
}
