import { join } from 'node:path';
import { PairLabError } from '../base/errors.ts';
import { namesIn, readJson, writeJson } from '../base/files.ts';
import type { Dataset } from '../dataset/config.ts';
import type { Snapshot } from '../dataset/snapshot.ts';
import { AlignmentReport, type ModalityPair } from '../protocol.ts';

/** The same question has the same id, so that a new answer replaces the old one. */
export function reportId(data: string, { first, second }: ModalityPair, seed: number, folds: number): string {
  return `${data}-${first}-${second}-seed${seed}-folds${folds}`;
}

export async function storeAlignment(dataset: Dataset, report: AlignmentReport): Promise<void> {
  await writeJson(join(folderOf(dataset), `${report.id}.json`), report);
}

/** The newest report for this snapshot and these modalities. A damaged one counts as not there: it can be made again. */
export async function storedAlignment(
  snapshot: Snapshot,
  { first, second }: ModalityPair,
): Promise<AlignmentReport | undefined> {
  const prefix = `${snapshot.summary.data}-${first}-${second}-`;
  const names = (await namesIn(folderOf(snapshot.dataset))).filter(
    (name) => name.startsWith(prefix) && name.endsWith('.json'),
  );
  const reports = await Promise.all(names.map((name) => readReport(join(folderOf(snapshot.dataset), name))));
  return reports
    .flatMap((report) => report ?? [])
    .sort((a, b) => b.created.localeCompare(a.created))
    .at(0);
}

async function readReport(path: string): Promise<AlignmentReport | undefined> {
  try {
    return await readJson(path, AlignmentReport);
  } catch (error) {
    if (error instanceof PairLabError) return undefined;
    throw error;
  }
}

function folderOf(dataset: Dataset): string {
  return join(dataset.folder, 'alignment');
}
