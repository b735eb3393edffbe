import type { ExperimentReport, Fact, ReportFormat, ReportSection, ReportView } from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { ask } from '../ui/host.ts';
import { duration } from '../ui/numbers.ts';
import { header, notes, section } from '../ui/section.ts';
import { scrolling, table } from '../ui/table.ts';
import { button } from '../ui/toolkit.ts';
import { direction, fileName } from '../ui/words.ts';
import { accuracyTable } from './accuracy.ts';
import { differenceTable, referenceChoice } from './differences.ts';
import { drawFigure } from './figure.ts';
import { runsTable } from './runs.ts';

/** What a person opened stays open when the page is drawn anew, which it is while runs are at work. */
const opened = new Set<string>();

const formats: readonly (readonly [ReportFormat, string])[] = [
  ['html', 'HTML'],
  ['markdown', 'Markdown'],
  ['latex', 'LaTeX'],
  ['csv', 'CSV'],
  ['json', 'JSON'],
];

export function drawReport({ report, sections, files }: ReportView): Node[] {
  const draw = (each: ReportSection) => drawSection(each, report);
  const content = [
    header(report.name, reportFacts(report), ...formats.map(([format, name]) => openFile(format, name, files[format]))),
    ...sections.filter(({ detail }) => !detail).map(draw),
    notes(report.notes),
    ...sections.filter(({ detail }) => detail).map(draw),
  ];
  return content.filter((part) => part !== undefined);
}

function drawSection(part: ReportSection, report: ExperimentReport): HTMLElement {
  const { id, title, sentence, detail, figures } = part;
  const content = [
    element('p', { class: 'muted' }, sentence),
    ...tablesOf(part, report),
    ...(figures.length === 0 ? [] : [element('div', { class: 'figure-list' }, ...figures.map(drawFigure))]),
  ];
  return detail ? closed(id, title, content) : section(id, title, ...content);
}

/** The tables that say more than text does, and the text of the others. */
function tablesOf({ id, title, tables }: ReportSection, report: ExperimentReport): HTMLElement[] {
  switch (id) {
    case 'accuracy':
      return [accuracyTable(report)];
    case 'differences':
      return [referenceChoice(report), differenceTable(report)];
    case 'runs':
      return [runsTable(report.runs)];
    default:
      return tables.map(({ header: names, rows }) => {
        const columns = names.map((title, index) => ({ title, numeric: holdsNumbers(rows, index) }));
        return scrolling(table(title, columns, rows));
      });
  }
}

/** Whether all cells of a column begin as a number does, or are the dash of a missing one; the first column names its row. */
function holdsNumbers(rows: readonly (readonly string[])[], column: number): boolean {
  return column > 0 && rows.every((row) => /^[–−+\d]/.test(row[column] ?? ''));
}

function closed(id: string, title: string, content: readonly Node[]): HTMLElement {
  const box = element(
    'details',
    { open: opened.has(id) },
    element('summary', {}, element('h2', { id }, title)),
    ...content,
  );
  box.addEventListener('toggle', () => {
    if (box.open) opened.add(id);
    else opened.delete(id);
  });
  return element('section', { class: id, 'aria-labelledby': id }, box);
}

function reportFacts(report: ExperimentReport): Fact[] {
  const { train, validation, test } = report.classes;
  return [
    { label: 'Dataset', value: datasetsOf(report) },
    { label: 'Source → target', value: direction(report.source, report.target) },
    { label: 'Tasks', value: `${report.ways}-way, ${report.queries} queries a class` },
    { label: 'Classes', value: `${train} train, ${validation} validation, ${test} test` },
    { label: 'Seeds', value: [...new Set(report.runs.map(({ seed }) => seed))].sort((a, b) => a - b).join(', ') },
    { label: 'Backend', value: report.backend },
    { label: 'Time', value: duration(report.seconds) },
  ];
}

/** The files of two datasets mostly have one name: their folders tell them apart. */
function datasetsOf({ dataset, sourceDataset }: ExperimentReport): string {
  if (sourceDataset === undefined) return fileName(dataset);
  return [sourceDataset, dataset].map((path) => path.split(/[\\/]/).slice(-2).join('/')).join(' → ');
}

function openFile(format: ReportFormat, name: string, path: string): HTMLElement {
  const options = { id: `open-${format}`, label: `Open the report as ${name}`, tooltip: path };
  return button(options, () => ask({ ask: 'openReportFile', format }), name);
}
