import type { Database } from '../../base/database.ts';
import type { Job } from '../../base/progress.ts';
import { CONTENT_CHECKS, runChecks } from '../checks/checks.ts';
import type { Dataset } from '../config.ts';
import { partNames } from '../contentStore.ts';
import { type ReadOptions, readContents } from '../contents.ts';
import { exclusionsFile, readRecords } from '../decisions/file.ts';
import { describeItems } from '../describe.ts';
import { digestItems, type ItemDigests, replaceItems } from '../digests.ts';
import { goesByNames } from '../formats/formats.ts';
import type { KnownIndex, MadeIndex } from '../indexState.ts';
import { writeSnapshot } from '../snapshotFiles.ts';
import type { Staging } from '../staging.ts';
import { TableAside } from '../tableAside.ts';
import { tableOf, viewKnown } from './known.ts';
import { addRelated, keepProblems } from './related.ts';
import { summariseChanged } from './summariseChanged.ts';

/**
 * Makes the next snapshot of the current one, when only the contents of files have changed since (`changed`), and the
 * layout goes by names: what names tell stays, and only what the changed items touch is read, checked and counted again.
 * The snapshot is the one that an index made anew gives. `undefined` when that cannot be promised; the files and problems
 * that are staged are then as they were.
 */
export async function takeOver(
  dataset: Dataset,
  staging: Staging,
  known: KnownIndex,
  options: ReadOptions,
  job: Job,
): Promise<MadeIndex | undefined> {
  const { database } = staging;
  if (!(await mayTakeOver(dataset, known))) return undefined;
  if (!(await viewKnown(database, dataset, known, job.signal))) return undefined;
  if (!(await database.isAny('was'))) return { ...known, reread: 0, reused: known.items };
  const read = await readContents(dataset, staging, { ...options, someOnly: true }, job);
  if (await haveTwins(staging)) return undefined;
  const decoded = read.decoded && !(await database.isAny(UNDECODED));
  await database.run('DELETE FROM problems');
  await describeItems(staging, job);
  await database.run('CREATE OR REPLACE TABLE now AS FROM items', {}, job.signal);
  const { digests: items, isSame } = await replacedItems(database, known, job.signal);
  const written = isSame
    ? undefined
    : TableAside.begin(database, dataset, { select: ITEMS, rows: known.items }, job.signal);
  try {
    await addRelated(database, job.signal);
    await keepProblems(database, known, job.signal);
    await runChecks(staging, job, CONTENT_CHECKS);
    job.progress?.({ stage: 'writing the snapshot', done: 0 });
    const made = await summariseChanged(dataset, database, known, { items, decoded }, job.signal);
    const tables = { ...made.tables, items: (await written?.whole()) ?? tableOf(dataset, known, 'items') };
    const summary = await writeSnapshot(dataset, made.summary, database, tables, job.signal);
    return { summary, digests: made.digests, reread: read.reread, reused: known.items - read.reread };
  } finally {
    await written?.close();
  }
}

/**
 * Parts that the snapshot was not made of may know more of its items than it does. A text that was decided stands in place
 * of what a file holds.
 */
async function mayTakeOver(dataset: Dataset, known: KnownIndex): Promise<boolean> {
  if (!goesByNames(dataset.config.pairing)) return false;
  if ((await partNames(dataset)).join() !== known.parts.join()) return false;
  for await (const line of readRecords(exclusionsFile(dataset))) {
    if ('record' in line && line.record.decision === 'text') return false;
  }
  return true;
}

/** The items of the next snapshot. */
const ITEMS = 'FROM (FROM known_items ANTI JOIN was USING (id) UNION ALL BY NAME FROM now) ORDER BY id, modality';

/** The digests of all items, with `now` in place of `was`; the same when files were touched only. */
async function replacedItems(
  database: Database,
  known: KnownIndex,
  signal: AbortSignal | undefined,
): Promise<{ digests: ItemDigests; isSame: boolean }> {
  const [was, now] = [await digestItems(database, 'was', signal), await digestItems(database, 'now', signal)];
  return { digests: replaceItems(known.digests.items, was, now), isSame: was.shown === now.shown };
}

/** Items that have not changed, can be read and were not decoded. */
const UNDECODED = `known_items ANTI JOIN was USING (id)
  WHERE readable AND decodedHash IS NULL AND text IS NULL AND dimensions IS NULL`;

/** True when a large item looks like one that has not changed, of which all bytes would have to be read too. */
async function haveTwins({ database }: Staging): Promise<boolean> {
  const others = 'SELECT fingerprint FROM known_items ANTI JOIN was USING (id)';
  return (
    (await database.isAny('contents WHERE fingerprint IS NOT NULL')) &&
    (await database.isAny(`contents SEMI JOIN (${others}) USING (fingerprint)`))
  );
}
