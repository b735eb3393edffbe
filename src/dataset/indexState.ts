import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { fingerprint, literal } from '../base/database.ts';
import { throwIfCancelled } from '../base/errors.ts';
import { namesIn, readJson, writeJson } from '../base/files.ts';
import { copyToParquet } from '../base/table.ts';
import type { SnapshotSummary } from '../protocol.ts';
import type { Dataset } from './config.ts';
import { partNames } from './contentStore.ts';
import { digestOfRecords, exclusionsFile } from './decisions/file.ts';
import { digestOf, SnapshotDigests } from './digests.ts';
import { currentSnapshotId } from './snapshot.ts';
import { readSummary } from './snapshotFiles.ts';
import type { Staging } from './staging.ts';

/** Raise it when indexing learns to find more, so that nothing counts as unchanged. */
const VERSION = 3;

/** Everything that an index is made of but files; two of equal state and files give the same snapshot. */
const IndexState = z.object({
  version: z.number(),
  pairing: z.string(),
  /** Of the names that were not followed. */
  notFollowed: z.string(),
  decisions: z.string(),
  decoded: z.boolean(),
});
export type IndexState = z.infer<typeof IndexState>;

const StoredState = IndexState.extend({
  snapshot: z.string(),
  /** Items in files. */
  items: z.number(),
  digests: SnapshotDigests,
  /** Names of the parts that hold the contents of its items. */
  parts: z.array(z.string()),
  /** Name of the table of its files, in the order in which they are listed: path, bytes, modified. */
  listing: z.string(),
});
type StoredState = z.infer<typeof StoredState>;

/** An index that was made: its snapshot, and what the next one goes on from. */
export interface MadeIndex {
  readonly summary: SnapshotSummary;
  readonly digests: SnapshotDigests;
  readonly reread: number;
  readonly reused: number;
}

/** The index that the current snapshot belongs to. */
export interface KnownIndex extends StoredState {
  readonly summary: SnapshotSummary;
}

const LISTING = /^files-[0-9a-f]{8}\.parquet$/;

const Digest = z.object({ digest: z.string() });

/** Of what is staged when the files are listed and nothing else is done. */
export async function stateOf(dataset: Dataset, { database }: Staging, decoded: boolean): Promise<IndexState> {
  const [notFollowed] = await database.query(
    `SELECT ${digestOf(fingerprint('kind', '"where"', 'sentence'))} AS digest FROM problems`,
    {},
    Digest,
  );
  return {
    version: VERSION,
    pairing: JSON.stringify(dataset.config.pairing),
    notFollowed: notFollowed?.digest ?? '',
    decisions: await digestOfRecords(exclusionsFile(dataset)),
    decoded,
  };
}

/** The known index, when it is of this state; one whose items were decoded also serves where headers are asked for. */
export async function readKnown(dataset: Dataset, state: IndexState): Promise<KnownIndex | undefined> {
  const stored = await readJson(join(dataset.folder, 'index.json'), StoredState).catch(() => undefined);
  if (stored === undefined || (state.decoded && !stored.decoded)) return undefined;
  const { version, pairing, notFollowed, decisions } = stored;
  const { decoded: _, ...others } = state;
  if (!isDeepStrictEqual({ version, pairing, notFollowed, decisions }, others)) return undefined;
  if (stored.snapshot !== (await currentSnapshotId(dataset))) return undefined;
  const summary = await readSummary(dataset, stored.snapshot);
  return summary && { ...stored, summary };
}

/** How the files that are staged differ from those of a known index. */
export type Change = 'none' | 'contents' | 'names';

const Names = z.object({ same: z.boolean() });

/** Makes `changed`: with `contents`, the paths of all files whose size or time of change differs. */
export async function findChanged(
  dataset: Dataset,
  { database }: Staging,
  { listing }: KnownIndex,
  signal: AbortSignal | undefined,
): Promise<Change> {
  try {
    await database.run(
      `CREATE OR REPLACE TABLE changed AS
        SELECT files.path, files.path IS NOT DISTINCT FROM known.path AS same
        FROM files POSITIONAL JOIN read_parquet(${literal(join(dataset.folder, listing))}) known
        WHERE files.path IS DISTINCT FROM known.path
          OR files.bytes IS DISTINCT FROM known.bytes OR files.modified IS DISTINCT FROM known.modified`,
      {},
      signal,
    );
  } catch {
    // A listing that is gone or damaged tells nothing.
    throwIfCancelled(signal);
    return 'names';
  }
  const found = await database.query('SELECT DISTINCT same FROM changed', {}, Names, signal);
  if (found.some(({ same }) => !same)) return 'names';
  return found.length === 0 ? 'none' : 'contents';
}

/** Writes the table of the files that are staged; gives its name. */
async function writeListing(dataset: Dataset, { database }: Staging, signal: AbortSignal | undefined): Promise<string> {
  const name = `files-${randomBytes(4).toString('hex')}.parquet`;
  const path = join(dataset.folder, name);
  await copyToParquet(database, 'SELECT path, bytes, modified FROM files', path, { signal, compression: 'snappy' });
  return name;
}

/** Keeps what the current snapshot was made of, with the files that are staged. */
export async function storeState(
  dataset: Dataset,
  staging: Staging,
  state: IndexState,
  { summary, digests, reread, reused }: MadeIndex,
  signal: AbortSignal | undefined,
): Promise<void> {
  const listing = await writeListing(dataset, staging, signal);
  const [snapshot, items, parts] = [summary.id, reread + reused, await partNames(dataset)];
  const stored: StoredState = { ...state, snapshot, items, digests, parts, listing };
  await writeJson(join(dataset.folder, 'index.json'), stored);
  for (const name of await namesIn(dataset.folder)) {
    if (LISTING.test(name) && name !== listing) await rm(join(dataset.folder, name), { force: true });
  }
}
