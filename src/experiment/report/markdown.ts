import { escapeMarkdown } from '../../base/document/escape.ts';
import { markdownTable } from '../../base/document/textTable.ts';
import type { ExperimentReport, ReportSection } from '../../protocol.ts';
import { facts, subject } from './summary.ts';

/** The report as GitHub-flavoured Markdown. */
export function renderMarkdown(report: ExperimentReport, sections: readonly ReportSection[]): string {
  const notes = report.notes.map((note) => `- ${escapeMarkdown(note)}`).join('\n');
  const parts = [
    `# ${escapeMarkdown(report.name)}`,
    escapeMarkdown(subject(report)),
    ...sections.filter(({ tables }) => tables.length > 0).map(renderSection),
    ...(notes === '' ? [] : [`## Notes\n\n${notes}`]),
    facts(report)
      .map(([label, value]) => `- ${label}: ${escapeMarkdown(value)}`)
      .join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

function renderSection({ title, sentence, tables }: ReportSection): string {
  return [`## ${escapeMarkdown(title)}`, escapeMarkdown(sentence), ...tables.map(markdownTable)].join('\n\n');
}
