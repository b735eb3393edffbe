import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { fingerprint } from '../base/database.ts';
import { readJson, writeJson } from '../base/files.ts';
import type { SnapshotSummary } from '../protocol.ts';
import type { Dataset } from './config.ts';
import { digestOfRecords, exclusionsFile } from './decisions/file.ts';
import { currentSnapshotId } from './snapshot.ts';
import { readSummary } from './snapshotFiles.ts';
import type { Staging } from './staging.ts';

/** Raise it when indexing learns to find more, so that nothing counts as unchanged. */
const VERSION = 1;

/** Everything that an index is made of; two of equal state give the same snapshot. */
const IndexState = z.object({
  version: z.number(),
  pairing: z.string(),
  /** Of paths, sizes and times of change. */
  files: z.string(),
  decisions: z.string(),
  decoded: z.boolean(),
});
export type IndexState = z.infer<typeof IndexState>;

const StoredState = IndexState.extend({
  snapshot: z.string(),
  /** Items in files. */
  items: z.number(),
});

const Digest = z.object({ digest: z.string() });

export async function stateOf(dataset: Dataset, staging: Staging, decoded: boolean): Promise<IndexState> {
  const [files] = await staging.database.query(
    `SELECT count(*) || ' ' || bit_xor(${fingerprint('path', 'bytes', 'modified')}) AS digest FROM files`,
    {},
    Digest,
  );
  return {
    version: VERSION,
    pairing: JSON.stringify(dataset.config.pairing),
    files: files?.digest ?? '',
    decisions: await digestOfRecords(exclusionsFile(dataset)),
    decoded,
  };
}

/** The current snapshot, when it is of this state; one whose items were decoded also serves where headers are asked for. */
export async function currentIfSame(
  dataset: Dataset,
  state: IndexState,
): Promise<{ summary: SnapshotSummary; items: number } | undefined> {
  const { decoded, ...others } = state;
  const stored = await readJson(join(dataset.folder, 'index.json'), StoredState).catch(() => undefined);
  if (stored === undefined || (decoded && !stored.decoded)) return undefined;
  const { version, pairing, files, decisions } = stored;
  if (!isDeepStrictEqual({ version, pairing, files, decisions }, others)) return undefined;
  if (stored.snapshot !== (await currentSnapshotId(dataset))) return undefined;
  const summary = await readSummary(dataset, stored.snapshot);
  return summary && { summary, items: stored.items };
}

export async function storeState(dataset: Dataset, state: IndexState, snapshot: string, items: number): Promise<void> {
  await writeJson(join(dataset.folder, 'index.json'), { ...state, snapshot, items });
}
