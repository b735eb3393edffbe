import {
  htmlDetails,
  htmlFigureList,
  htmlNote,
  htmlNotes,
  htmlPage,
  htmlSection,
  htmlTable,
} from '../../base/document/htmlPage.ts';
import type { ExperimentReport, ReportSection } from '../../protocol.ts';
import { facts, subject } from './summary.ts';

/** The report as one page that needs no other file. */
export function renderHtml(report: ExperimentReport, sections: readonly ReportSection[]): string {
  return htmlPage({
    name: report.name,
    kind: 'report',
    lead: subject(report),
    sections: [
      ...sections.filter(({ detail }) => !detail).map(renderSection),
      htmlNotes(report.notes),
      ...sections.filter(({ detail }) => detail).map(renderSection),
    ],
    facts: facts(report),
  });
}

function renderSection({ title, sentence, detail, tables, figures }: ReportSection): string {
  const part = detail ? htmlDetails : htmlSection;
  return part(title, htmlNote(sentence), ...tables.map(htmlTable), htmlFigureList(figures));
}
