import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import * as z from 'zod';
import { Database } from '../../base/database.ts';
import { explainFileError, InputError, throwIfCancelled } from '../../base/errors.ts';
import { exists, isFolder, namesIn, readJson, unfinishedPath, writeJson } from '../../base/files.ts';
import type { Job } from '../../base/progress.ts';
import { inList } from '../formats/format.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Exporter, ExportSettings, MediaWay } from './export.ts';
import { EXPORTERS } from './exporters.ts';
import { FilledFolder } from './folder.ts';
import { type LeftOut, openSource } from './source.ts';

export interface ExportOptions {
  /** The name of an {@link Exporter}. */
  readonly to: string;
  readonly output: string;
  /** All of them when absent. */
  readonly splits?: readonly string[] | undefined;
  /** What the format does by default when absent. */
  readonly media?: MediaWay | undefined;
  /** Replaces an earlier export. */
  readonly force?: boolean;
  readonly settings?: ExportSettings;
}

/** What an export wrote. It is also kept in the folder, so that a later export knows what it may replace. */
export const Exported = z.object({
  dataset: z.string(),
  snapshot: z.string(),
  format: z.string(),
  media: z.string(),
  /** Rows that were written: pairs, or three items that are all paired with each other. */
  rows: z.number(),
  /** What is not in it and why: pairs that cannot or should not be used, and rows that the format cannot hold. */
  leftOut: z.array(z.object({ reason: z.string(), count: z.number() })),
  /** What else there is to know about it, in sentences. */
  notes: z.array(z.string()),
  /** The names at the top of the folder. */
  files: z.array(z.string()),
});
export type Exported = z.infer<typeof Exported>;

/** Hidden, so that no loader takes it for data. */
const RECEIPT = '.pairlab-export.json';
const DEFAULTS: ExportSettings = { shardBytes: 1e9, about: {} };
const MEGABYTES = 256;

/**
 * Writes the usable pairs of a snapshot as a cleaned dataset of another format, decisions applied. It is written beside
 * the folder and renamed when it is whole. Throws {@link InputError} for a format or a split that is not there, and for a
 * folder that is not empty, unless it is an earlier export and `force` is set: then what that one wrote is replaced and
 * everything else in the folder stays.
 */
export async function exportDataset(
  snapshot: Snapshot,
  { to, output, splits, media, force = false, settings = DEFAULTS }: ExportOptions,
  job: Job = {},
): Promise<Exported & { folder: string }> {
  const exporter = exporterOf(to);
  const way = mediaWayOf(exporter, media);
  checkSplits(snapshot, splits);
  const target = resolve(output);
  const earlier = await checkTarget(snapshot, target, force);
  const aside = unfinishedPath(target);
  try {
    await mkdir(aside, { recursive: true });
    const folder = new FilledFolder({
      path: aside,
      target,
      root: snapshot.dataset.root,
      media: way,
      signal: job.signal,
    });
    const { rows, leftOut } = await fill(folder, exporter, snapshot, splits, settings, job);
    const { name: dataset } = snapshot.dataset;
    const files = (await namesIn(aside)).sort();
    if (files.length === 0) throw new Error(`an export to ${to} wrote no file`);
    const { notes } = folder;
    const exported = { dataset, snapshot: snapshot.summary.id, format: to, media: way, rows, leftOut, notes, files };
    await writeJson(join(aside, RECEIPT), exported);
    throwIfCancelled(job.signal);
    await replace(target, aside, earlier);
    return { ...exported, folder: target };
  } catch (error) {
    throw explainFileError(error, target);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function fill(
  folder: FilledFolder,
  exporter: Exporter,
  snapshot: Snapshot,
  splits: readonly string[] | undefined,
  settings: ExportSettings,
  job: Job,
): Promise<{ rows: number; leftOut: LeftOut[] }> {
  const scratch = `${folder.path}.scratch.tmp`;
  const database = await Database.open({ folder: scratch, megabytes: MEGABYTES });
  try {
    const { source, leftOut } = await openSource(database, snapshot, splits, job);
    if (source.count === 0) throw nothingToExport(exporter, snapshot, leftOut);
    await exporter.write(source, folder, settings, job);
    const refused = [...folder.leftOut].map(([reason, count]) => ({ reason, count }));
    const rows = refused.reduce((left, { count }) => left - count, source.count);
    const all = [...leftOut, ...refused];
    if (rows === 0) throw nothingToExport(exporter, snapshot, all);
    return { rows, leftOut: all };
  } finally {
    database.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

function nothingToExport({ name }: Exporter, { dataset }: Snapshot, leftOut: readonly LeftOut[]): InputError {
  if (leftOut.length === 0) return new InputError(`${dataset.name} has no pair to export.`);
  const reasons = leftOut.map(({ reason, count }) => `${count.toLocaleString('en')} (${reason})`);
  return new InputError(`${dataset.name} has no pair that could be exported to ${name}. Left out: ${inList(reasons)}.`);
}

function exporterOf(name: string): Exporter {
  const exporter = EXPORTERS.find((known) => known.name === name);
  if (exporter !== undefined) return exporter;
  const names = EXPORTERS.map((known) => known.name).join(', ');
  throw new InputError(`There is no format "${name}" to export to. There are: ${names}.`);
}

function mediaWayOf({ name, media }: Exporter, asked: MediaWay | undefined): MediaWay {
  const [usual = 'copy'] = media;
  if (asked === undefined || media.includes(asked)) return asked ?? usual;
  throw new InputError(`An export to ${name} cannot ${asked} media. It can: ${media.join(', ')}.`);
}

function checkSplits({ summary, dataset }: Snapshot, splits: readonly string[] | undefined): void {
  const unknown = splits?.find((split) => !summary.splits.includes(split));
  if (unknown === undefined) return;
  const known = summary.splits.length === 0 ? 'none' : summary.splits.join(', ');
  throw new InputError(`${dataset.name} has no split "${unknown}". Its splits: ${known}.`);
}

/** The names that an earlier export wrote into the folder; none when the folder is empty or not there. */
async function checkTarget({ dataset }: Snapshot, target: string, force: boolean): Promise<readonly string[]> {
  if (`${dataset.root}${sep}`.startsWith(`${target}${sep}`)) {
    throw new InputError(`${target} holds the dataset itself. Choose another folder.`);
  }
  if (target.startsWith(`${dataset.root}${sep}`)) {
    throw new InputError(
      `${target} lies below the root of ${dataset.name}, whose next indexing would find the exported files. Choose a folder outside of ${dataset.root}.`,
    );
  }
  if (!(await exists(target))) return [];
  if (!(await isFolder(target))) throw new InputError(`${target} is a file. Choose a folder.`);
  if ((await namesIn(target)).length === 0) return [];
  const receipt = await readJson(join(target, RECEIPT), Exported);
  if (receipt === undefined) {
    throw new InputError(`${target} is not empty and holds no earlier export. Choose an empty or a new folder.`);
  }
  if (!force) throw new InputError(`${target} holds an earlier export. Use --force to replace it.`);
  return [RECEIPT, ...receipt.files];
}

/** Puts the new folder in the place of the old one. What the old one has besides its export moves over. */
async function replace(target: string, aside: string, earlier: readonly string[]): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  if (!(await exists(target))) return await rename(aside, target);
  const old = `${aside}.old.tmp`;
  await rename(target, old);
  await rename(aside, target);
  for (const name of await namesIn(old)) {
    const replaced = earlier.includes(name) || (await exists(join(target, name)));
    if (!replaced) await rename(join(old, name), join(target, name));
  }
  await rm(old, { recursive: true, force: true });
}
