import type { ExperimentReport } from '../../protocol.ts';
import { escapeMarkdown } from './escape.ts';
import { facts, reading, subject } from './summary.ts';
import { accuracyTable, differenceTable, runTable, type TextTable } from './tables.ts';

/** The report as GitHub-flavoured Markdown. */
export function renderMarkdown(report: ExperimentReport): string {
  const sections = [
    `# ${escapeMarkdown(report.name)}`,
    subject(report),
    `## Accuracy\n\n${reading(report)}\n\n${table(accuracyTable(report))}`,
    ...(report.differences.length === 0
      ? []
      : [`## Paired differences\n\nPercentage points on the same test tasks.\n\n${table(differenceTable(report))}`]),
    ...(report.notes.length === 0
      ? []
      : [`## Notes\n\n${report.notes.map((note) => `- ${escapeMarkdown(note)}`).join('\n')}`]),
    `## Runs\n\n${table(runTable(report))}`,
    facts(report)
      .map(([label, value]) => `- ${label}: ${escapeMarkdown(value)}`)
      .join('\n'),
  ];
  return `${sections.join('\n\n')}\n`;
}

function table({ header, rows }: TextTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  const rule = `| ${header.map((_, column) => (column === 0 ? '---' : '---:')).join(' | ')} |`;
  return [line(header), rule, ...rows.map(line)].join('\n');
}
