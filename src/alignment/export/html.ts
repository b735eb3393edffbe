import {
  htmlDetails,
  htmlFigures,
  htmlNote,
  htmlNotes,
  htmlPage,
  htmlSection,
  htmlTable,
  htmlTerms,
} from '../../base/document/htmlPage.ts';
import type { AlignmentMap, AlignmentReport } from '../../protocol.ts';
import { explained } from './explained.ts';
import { drawClassSimilarity, drawMap, drawRanks } from './figures.ts';
import { breakdownRows, geometryRows, knownRows, retrievalRows, setRows, subjectOf, suspiciousRows } from './tables.ts';

/** The report as one page that needs no other file. */
export function renderAlignmentHtml(report: AlignmentReport, map: AlignmentMap): string {
  const { dataset, question, mismatches, breakdowns, suspicious, notes } = report;
  const { first, second } = question.modalities;
  const known = knownRows(report);
  const figures = [drawRanks(report), drawMap(report, map), drawClassSimilarity(report)];
  return htmlPage({
    name: `Alignment of ${first} and ${second}: ${dataset}`,
    kind: 'alignment report',
    lead: subjectOf(report),
    sections: [
      htmlSection(
        'Retrieval',
        htmlTable(retrievalRows(report)),
        ...(mismatches === undefined ? [] : [htmlNote(mismatches.sentence)]),
      ),
      htmlSection('Geometry', htmlTable(geometryRows(report))),
      htmlFigures(figures.filter((figure) => figure !== undefined)),
      ...breakdowns.map((breakdown) => htmlSection(`By ${breakdown.by}`, htmlTable(breakdownRows(breakdown, report)))),
      known === undefined ? '' : htmlSection('Known wrong pairs', htmlTable(known)),
      suspicious.length === 0 ? '' : htmlSection('Most suspicious pairs', htmlTable(suspiciousRows(report))),
      htmlSection('Embedding sets', htmlTable(setRows(report))),
      htmlNotes(notes),
      htmlDetails('What the numbers are', ...explained(report).map(({ name, lines }) => htmlTerms(name, lines))),
    ],
    facts: [
      ['Dataset', dataset],
      ['Data', report.data],
      ['Seed', String(question.seed)],
      ['Computed', report.created],
    ],
  });
}
