import { Database, literal } from '../../base/database.ts';
import { explainFileError } from '../../base/errors.ts';
import { writeAtomically } from '../../base/files.ts';
import type { Dataset } from '../../dataset/config.ts';
import type { AlignmentReport, ExportFormat } from '../../protocol.ts';
import { alignmentMap } from '../map.ts';
import { scoredPairs } from '../scoredPairs.ts';
import { reportFiles, requireReport } from '../store.ts';
import { renderAlignmentHtml } from './html.ts';
import { renderAlignmentMarkdown } from './markdown.ts';

/** Writes a stored report to a file: all of it and of its pairs as JSON, the pairs as CSV, or for reading. Throws `InputError` when it is gone. */
export async function exportReport(dataset: Dataset, id: string, format: ExportFormat, target: string): Promise<void> {
  const report = await requireReport(dataset, id);
  if (format === 'csv') await exportPairs(dataset, report, target);
  else await writeAtomically(target, await render(dataset, report, format));
}

async function render(
  dataset: Dataset,
  report: AlignmentReport,
  format: 'json' | 'markdown' | 'html',
): Promise<string> {
  switch (format) {
    case 'json':
      return `${JSON.stringify(await withAllPairs(dataset, report), null, 2)}\n`;
    case 'markdown':
      return renderAlignmentMarkdown(report);
    case 'html':
      return renderAlignmentHtml(report, await alignmentMap(dataset, report.id, 'pca'));
  }
}

/** A stored report holds the most suspicious pairs only. */
async function withAllPairs(dataset: Dataset, report: AlignmentReport): Promise<AlignmentReport> {
  const { rows } = await scoredPairs(dataset, { report: report.id, offset: 0, limit: report.pairs });
  return { ...report, suspicious: rows };
}

/** A row a pair, the most suspicious first. */
async function exportPairs(dataset: Dataset, { id }: AlignmentReport, target: string): Promise<void> {
  const database = await Database.open();
  try {
    const { pairs } = reportFiles(dataset, id);
    await database.run(`COPY (FROM read_parquet(${literal(pairs)})) TO ${literal(target)} (FORMAT csv, HEADER)`);
  } catch (error) {
    throw explainFileError(error, target);
  } finally {
    database.close();
  }
}
