import { InputError } from '../base/errors.ts';
import type { Job } from '../base/progress.ts';
import type { SnapshotSummary } from '../protocol.ts';
import { runChecks } from './checks/checks.ts';
import type { Dataset } from './config.ts';
import { type Reread, readContents, type Shard } from './contents.ts';
import { applyDecisions } from './decisions.ts';
import { describeFindings } from './describe.ts';
import { readPairing } from './formats/formats.ts';
import { findChanged, type MadeIndex, readKnown, stateOf, storeState } from './indexState.ts';
import { stageFiles } from './listing.ts';
import { resolveFindings } from './resolve.ts';
import { writeSnapshot } from './snapshotFiles.ts';
import { firstErrors, Staging } from './staging.ts';
import { ITEMS, OTHER_TABLES, summarise } from './summarise.ts';
import { TableAside } from './tableAside.ts';
import { takeOver } from './takeOver/takeOver.ts';

export interface Indexed extends Reread {
  readonly summary: SnapshotSummary;
  readonly seconds: number;
}

export interface IndexOptions {
  /** Decode every item as a whole; what an earlier run decoded is not decoded again. */
  readonly decode?: boolean;
  /** Decode at low priority: nobody waits for it. */
  readonly background?: boolean;
}

/**
 * Files → items → pairs → problems → snapshot, which becomes the current one. Nothing is written when it is cancelled but
 * what was read until then, so that the next run goes on there. When nothing has changed since the current snapshot, it
 * stays. Throws {@link InputError} when the root holds no item of the dataset.
 */
export async function indexDataset(dataset: Dataset, options: IndexOptions = {}, job: Job = {}): Promise<Indexed> {
  const started = performance.now();
  const done = (summary: SnapshotSummary, { reread, reused }: Reread): Indexed => ({
    summary,
    reread,
    reused,
    seconds: (performance.now() - started) / 1000,
  });
  return await withStaging(dataset, async (staging) => {
    const files = await stageFiles(staging, job);
    const state = await stateOf(dataset, staging, options.decode === true);
    const known = await readKnown(dataset, state);
    const change = known && (await findChanged(dataset, staging, known, job.signal));
    if (known !== undefined && change === 'none') return done(known.summary, { reread: 0, reused: known.items });
    const taken =
      known !== undefined && change === 'contents' ? await takeOver(dataset, staging, known, options, job) : undefined;
    const made = taken ?? (await indexAnew(dataset, staging, files, options, job));
    await storeState(dataset, staging, state, made, job.signal);
    return done(made.summary, made);
  });
}

async function indexAnew(
  dataset: Dataset,
  staging: Staging,
  files: number,
  options: IndexOptions,
  job: Job,
): Promise<MadeIndex> {
  const rows = await findItems(dataset, staging, files, job);
  const { reread, reused, decoded } = await readContents(dataset, staging, options, job);
  await describeFindings(staging, job);
  await applyDecisions(staging, dataset, job);
  const items = TableAside.begin(staging.database, dataset, { select: ITEMS, rows }, job.signal);
  try {
    await runChecks(staging, job);
    job.progress?.({ stage: 'writing the snapshot', done: 0 });
    const { summary, digests } = await summarise(dataset, staging, decoded, job);
    const tables = { ...OTHER_TABLES, items: await items.whole() };
    const written = await writeSnapshot(dataset, summary, staging.database, tables, job.signal);
    return { summary: written, digests, reread, reused };
  } finally {
    await items.close();
  }
}

/**
 * Reads one share of the items and keeps what it found below the dataset's folder. After all shards, on one machine or
 * many with that folder in common, {@link indexDataset} finds everything read.
 */
export async function readShard(
  dataset: Dataset,
  shard: Shard,
  options: IndexOptions = {},
  job: Job = {},
): Promise<Reread> {
  return await withStaging(dataset, async (staging) => {
    const files = await stageFiles(staging, job);
    await findItems(dataset, staging, files, job);
    return await readContents(dataset, staging, { ...options, shard }, job);
  });
}

async function withStaging<R>(dataset: Dataset, work: (staging: Staging) => Promise<R>): Promise<R> {
  const staging = await Staging.create(dataset.root, dataset.folder);
  try {
    return await work(staging);
  } finally {
    await staging.close();
  }
}

/** Gives how many there are. */
async function findItems(dataset: Dataset, staging: Staging, files: number, job: Job): Promise<number> {
  job.progress?.({ stage: 'pairing', done: 0 });
  await readPairing(dataset.config.pairing, staging, job);
  await resolveFindings(staging, dataset.config.pairing, job);
  const items = await staging.database.countRows('items');
  if (items > 0) return items;
  const sentences = [
    `There is no item of ${dataset.name} below ${dataset.root} (${files} files).`,
    ...(await firstErrors(staging)),
    `Correct "root" or "pairing" in ${dataset.path}, or let \`pairlab init\` propose them.`,
  ];
  throw new InputError(sentences.join(' '));
}
