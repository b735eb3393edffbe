import { escapeMarkdown } from '../../base/document/escape.ts';
import { markdownTable } from '../../base/document/textTable.ts';
import type { AlignmentReport } from '../../protocol.ts';
import { type Explained, explained } from './explained.ts';
import { breakdownRows, geometryRows, knownRows, retrievalRows, setRows, subjectOf, suspiciousRows } from './tables.ts';

/** The report as GitHub-flavoured Markdown. */
export function renderAlignmentMarkdown(report: AlignmentReport): string {
  const { dataset, question, mismatches, breakdowns, suspicious, notes } = report;
  const { first, second } = question.modalities;
  const known = knownRows(report);
  const sections = [
    `# Alignment of ${first} and ${second}: ${escapeMarkdown(dataset)}`,
    subjectOf(report),
    ...(mismatches === undefined ? [] : [mismatches.sentence]),
    `## Retrieval\n\n${markdownTable(retrievalRows(report))}`,
    `## Geometry\n\n${markdownTable(geometryRows(report))}`,
    ...breakdowns.map((breakdown) => `## By ${breakdown.by}\n\n${markdownTable(breakdownRows(breakdown, report))}`),
    ...(known === undefined ? [] : [`## Known wrong pairs\n\n${markdownTable(known)}`]),
    ...(suspicious.length === 0 ? [] : [`## Most suspicious pairs\n\n${markdownTable(suspiciousRows(report))}`]),
    `## Embedding sets\n\n${markdownTable(setRows(report))}`,
    ...(notes.length === 0 ? [] : [`## Notes\n\n${notes.map((note) => `- ${escapeMarkdown(note)}`).join('\n')}`]),
    `## What the numbers are\n\n${explained(report).map(inMarkdown).join('\n\n')}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function inMarkdown({ name, lines }: Explained): string {
  const list = lines.map(([label, text]) => `- ${label}: ${escapeMarkdown(text)}`);
  return `### ${name}\n\n${list.join('\n')}`;
}
