import { htmlFigures, htmlNote, htmlNotes, htmlPage, htmlSection, htmlTable } from '../../base/document/htmlPage.ts';
import type { ExperimentReport, Figure } from '../../protocol.ts';
import { facts, reading, subject } from './summary.ts';
import { accuracyTable, differenceTable, runTable } from './tables.ts';

/** The report as one page that needs no other file. */
export function renderHtml(report: ExperimentReport, figures: readonly Figure[]): string {
  return htmlPage({
    name: report.name,
    kind: 'report',
    lead: subject(report),
    sections: [
      htmlSection('Accuracy', htmlTable(accuracyTable(report)), htmlNote(reading(report))),
      differences(report),
      htmlFigures(figures),
      htmlNotes(report.notes),
      htmlSection('Runs', htmlTable(runTable(report))),
    ],
    facts: facts(report),
  });
}

function differences(report: ExperimentReport): string {
  if (report.differences.length === 0) return '';
  const sentence =
    'Percentage points on the same test tasks. Where the interval does not reach 0, the difference is clear.';
  return htmlSection('Paired differences', htmlTable(differenceTable(report)), htmlNote(sentence));
}
