import { escapeMarkdown } from '../../base/document/escape.ts';
import { markdownTable } from '../../base/document/textTable.ts';
import type { ExperimentReport } from '../../protocol.ts';
import { facts, reading, subject } from './summary.ts';
import { accuracyTable, differenceTable, runTable } from './tables.ts';

/** The report as GitHub-flavoured Markdown. */
export function renderMarkdown(report: ExperimentReport): string {
  const sections = [
    `# ${escapeMarkdown(report.name)}`,
    subject(report),
    `## Accuracy\n\n${reading(report)}\n\n${markdownTable(accuracyTable(report))}`,
    ...(report.differences.length === 0
      ? []
      : [
          `## Paired differences\n\nPercentage points on the same test tasks.\n\n${markdownTable(differenceTable(report))}`,
        ]),
    ...(report.notes.length === 0
      ? []
      : [`## Notes\n\n${report.notes.map((note) => `- ${escapeMarkdown(note)}`).join('\n')}`]),
    `## Runs\n\n${markdownTable(runTable(report))}`,
    facts(report)
      .map(([label, value]) => `- ${label}: ${escapeMarkdown(value)}`)
      .join('\n'),
  ];
  return `${sections.join('\n\n')}\n`;
}
