import {
  type AlignmentReport,
  GeometryName,
  geometryTitles,
  type Measured,
  RetrievalName,
  retrievalTitles,
} from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { count } from '../ui/numbers.ts';
import { marked, section } from '../ui/section.ts';
import { scrolling, table } from '../ui/table.ts';
import { direction } from '../ui/words.ts';
import { besideEachOther, letters } from './beside.ts';
import { cautions, differenceOf } from './difference.ts';
import { drawHistogram } from './histogram.ts';
import { measured, metricName } from './metrics.ts';
import { geometryScale, retrievalScale, type Scale } from './scales.ts';
import { geometrySentences, retrievalSentences } from './sentences.ts';

type Way = 'forward' | 'backward';
type Row = readonly [name: Node, a: Measured | undefined, b: Measured | undefined, scale: Scale];

/** Every number of report A and of report B side by side, with their difference. */
export function drawComparison(a: AlignmentReport, b: AlignmentReport): Node[] {
  return [
    section('reports', 'Two reports', scrolling(reportsTable(a, b)), marked(cautions(a, b))),
    section(
      'retrieval',
      'Retrieval',
      retrievalTable(a, b, 'forward'),
      retrievalTable(a, b, 'backward'),
      besideEachOther([a, b], (report, index) => [
        drawHistogram(report, { beside: index === 0 ? b : a, ending: `-${letters[index]}` }),
      ]),
    ),
    section('geometry', 'Geometry', geometryTable(a, b)),
  ];
}

function reportsTable(a: AlignmentReport, b: AlignmentReport): HTMLTableElement {
  const { first, second } = a.question.modalities;
  const row = (title: string, write: (report: AlignmentReport) => string) => [title, write(a), write(b)];
  return table(
    'The two reports that are compared',
    [{ title: 'Report' }, { title: 'A' }, { title: 'B' }],
    [
      row('Computed', ({ created }) =>
        new Date(created).toLocaleString([], { dateStyle: 'short', timeStyle: 'medium' }),
      ),
      row('Pairs', ({ pairs, strength }) => `${count(pairs)} ${strength}`),
      row('Compared', ({ comparison }) => (comparison.space === 'shared' ? 'shared space' : comparison.map)),
      row(`Encoder of ${first}`, ({ sets }) => `${sets.first.encoder} (${sets.first.dimensions})`),
      row(`Encoder of ${second}`, ({ sets }) => `${sets.second.encoder} (${sets.second.dimensions})`),
    ],
  );
}

function retrievalTable(a: AlignmentReport, b: AlignmentReport, way: Way): HTMLElement | undefined {
  const [ofA, ofB] = [a[way], b[way]];
  if (ofA === undefined || ofB === undefined) return undefined;
  const sentences = retrievalSentences(a.relevance);
  const names = RetrievalName.options.filter((name) => ofA.measures[name] ?? ofB.measures[name]);
  const rows = names.map(
    (name): Row => [
      metricName(name, retrievalTitles[name], sentences[name], `-${way}`),
      ofA.measures[name],
      ofB.measures[name],
      retrievalScale(name, ofA),
    ],
  );
  return comparisonTable(direction(ofA.from, ofA.to), rows);
}

function geometryTable(a: AlignmentReport, b: AlignmentReport): HTMLElement {
  const names = GeometryName.options.filter((name) => a.geometry[name] ?? b.geometry[name]);
  const rows = names.map(
    (name): Row => [
      metricName(name, geometryTitles[name], geometrySentences[name]),
      a.geometry[name],
      b.geometry[name],
      geometryScale(name),
    ],
  );
  return comparisonTable('Metric', rows);
}

function comparisonTable(title: string, rows: readonly Row[]): HTMLElement {
  const columns = [
    { title },
    { title: 'A', name: 'value' },
    { title: 'B', name: 'value' },
    { title: 'A − B', name: 'difference' },
  ];
  const cells = rows.map(([name, a, b, scale]) => [
    name,
    measured(a, scale),
    measured(b, scale),
    difference(a, b, scale),
  ]);
  return element('div', { class: 'compared' }, table(`${title}: both reports and their difference`, columns, cells));
}

function difference(a: Measured | undefined, b: Measured | undefined, scale: Scale): HTMLElement | undefined {
  const found = differenceOf(a, b, scale);
  if (found === undefined) return undefined;
  return element(
    'div',
    {},
    element('span', { class: 'figure' }, found.text),
    element('span', { class: 'sentence muted' }, found.verdict),
  );
}
