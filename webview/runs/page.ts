import type { ExperimentReport, Fact, FromWebview, ReportView } from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { ask } from '../ui/host.ts';
import { duration } from '../ui/numbers.ts';
import { header, notes, section } from '../ui/section.ts';
import { button } from '../ui/toolkit.ts';
import { direction, fileName } from '../ui/words.ts';
import { accuracySentence, accuracyTable } from './accuracy.ts';
import { differenceTable } from './differences.ts';
import { drawFigure } from './figure.ts';
import { runsTable } from './runs.ts';

export function drawReport({ report, figures, files }: ReportView): Node[] {
  const content = [
    header(
      report.name,
      reportFacts(report),
      openFile('html', 'HTML', files.html),
      openFile('markdown', 'Markdown', files.markdown),
      openFile('json', 'JSON', files.json),
    ),
    section(
      'accuracy',
      'Accuracy',
      element('p', { class: 'muted' }, accuracySentence(report.rows)),
      accuracyTable(report),
    ),
    report.differences.length === 0
      ? undefined
      : section(
          'differences',
          'Paired differences',
          element(
            'p',
            { class: 'muted' },
            'Both methods on the same test tasks, in percentage points. The bar is the 95 % interval; the line is zero.',
          ),
          differenceTable(report.differences),
        ),
    figures.length === 0
      ? undefined
      : section('figures', 'Figures', element('div', { class: 'figure-list' }, ...figures.map(drawFigure))),
    section('runs', 'Runs', runsTable(report.runs)),
    notes(report.notes),
  ];
  return content.filter((part) => part !== undefined);
}

function reportFacts(report: ExperimentReport): Fact[] {
  const { train, validation, test } = report.classes;
  return [
    { label: 'Dataset', value: fileName(report.dataset) },
    { label: 'Source → target', value: direction(report.source, report.target) },
    { label: 'Tasks', value: `${report.ways}-way, ${report.queries} queries a class` },
    { label: 'Classes', value: `${train} train, ${validation} validation, ${test} test` },
    { label: 'Seeds', value: [...new Set(report.runs.map(({ seed }) => seed))].sort((a, b) => a - b).join(', ') },
    { label: 'Backend', value: report.backend },
    { label: 'Time', value: duration(report.seconds) },
  ];
}

function openFile(
  format: Extract<FromWebview, { ask: 'openReportFile' }>['format'],
  name: string,
  path: string,
): HTMLElement {
  const options = { id: `open-${format}`, label: `Open the report as ${name}`, tooltip: path };
  return button(options, () => ask({ ask: 'openReportFile', format }), name);
}
