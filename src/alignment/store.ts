import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, PairLabError } from '../base/errors.ts';
import { namesIn, readJson, writeJson } from '../base/files.ts';
import type { Matrix } from '../base/matrix.ts';
import { writeNpy } from '../base/npy.ts';
import { writeParquet } from '../base/table.ts';
import type { Dataset } from '../dataset/config.ts';
import type { Snapshot } from '../dataset/snapshot.ts';
import {
  type AlignmentQuestion,
  AlignmentReport,
  type ModalityPair,
  type ScoredPair,
  type StoredReport,
} from '../protocol.ts';

const REPORT = /^[\w-]+$/;

const PAIR_COLUMNS = {
  index: 'integer',
  pair: 'text',
  key: 'text',
  class: 'text',
  split: 'text',
  similarity: 'number',
  margin: 'number',
  rankForward: 'integer',
  rankBackward: 'integer',
  classAgreement: 'number',
  mismatch: 'number',
} as const;

/** What lies in a report's folder beside `<id>.json`. */
export interface ReportTables {
  /** Every pair of the report, the most suspicious first. */
  readonly pairs: readonly ScoredPair[];
  /** 2 × pairs rows: the first item of each pair, then its second, in one space. The first two columns are the map. */
  readonly components: Matrix;
}

/** The same question about the same data and vectors has the same id, so that a new answer replaces the old one. */
export function reportId(data: string, question: AlignmentQuestion, encoders: readonly string[]): string {
  const { first, second } = question.modalities;
  const asked = createHash('sha256')
    .update(JSON.stringify([question, encoders]))
    .digest('hex')
    .slice(0, 10);
  return `${data}-${first}-${second}-${asked}`;
}

/** Writes the tables first: a report that is there is whole. */
export async function storeAlignment(dataset: Dataset, report: AlignmentReport, tables: ReportTables): Promise<void> {
  const { pairs, components } = reportFiles(dataset, report.id);
  await mkdir(reportFolder(dataset, report.id), { recursive: true });
  await writeParquet(pairs, PAIR_COLUMNS, tables.pairs);
  await writeNpy(components, tables.components.rows, tables.components.columns, [tables.components.data]);
  await storeReport(dataset, report);
}

/** Writes a report whose tables are there. */
export async function storeReport(dataset: Dataset, report: AlignmentReport): Promise<void> {
  await writeJson(join(folderOf(dataset), `${report.id}.json`), report);
}

/** The stored reports of two modalities, the newest first. A damaged one counts as not there: it can be made again. */
export async function storedReports(
  { dataset, summary }: Snapshot,
  { first, second }: ModalityPair,
): Promise<StoredReport[]> {
  const names = (await namesIn(folderOf(dataset))).filter((name) => name.endsWith('.json'));
  const reports = await Promise.all(names.map((name) => readReport(dataset, name.slice(0, -'.json'.length))));
  return reports
    .flatMap((report) => report ?? [])
    .filter(({ question: { modalities } }) => modalities.first === first && modalities.second === second)
    .map(({ id, created, question, comparison, pairs, sets, data }) => {
      const encoders = { first: sets.first.encoder, second: sets.second.encoder };
      return { id, created, question, comparison, pairs, encoders, current: data === summary.data };
    })
    .sort((a, b) => b.created.localeCompare(a.created));
}

/** `undefined` when there is none of that name, or when it is of another version. Throws {@link InputError} for what is no name. */
export async function readReport(dataset: Dataset, id: string): Promise<AlignmentReport | undefined> {
  requireName(id);
  try {
    return await readJson(join(folderOf(dataset), `${id}.json`), AlignmentReport);
  } catch (error) {
    if (error instanceof PairLabError) return undefined;
    throw error;
  }
}

/** A report that must be there. */
export async function requireReport(dataset: Dataset, id: string): Promise<AlignmentReport> {
  const report = await readReport(dataset, id);
  if (report !== undefined) return report;
  throw new InputError(`${dataset.name} has no alignment report ${id} any more: compute it again.`);
}

/** Paths of the tables of a report. */
export function reportFiles(
  dataset: Dataset,
  id: string,
): Readonly<Record<'pairs' | 'components' | 'umap' | 'umapPairs', string>> {
  const file = (name: string): string => join(reportFolder(dataset, id), name);
  return {
    pairs: file('pairs.parquet'),
    components: file('components.npy'),
    umap: file('umap.npy'),
    umapPairs: file('umap-pairs.npy'),
  };
}

/** The id comes from outside, and becomes a path. */
function requireName(id: string): void {
  if (!REPORT.test(id)) throw new InputError(`"${id}" is no name of an alignment report.`);
}

function reportFolder(dataset: Dataset, id: string): string {
  requireName(id);
  return join(folderOf(dataset), id);
}

function folderOf(dataset: Dataset): string {
  return join(dataset.folder, 'alignment');
}
