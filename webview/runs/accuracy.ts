import type { ExperimentReport, ReportRow } from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { percent } from '../ui/numbers.ts';
import { scrolling, table } from '../ui/table.ts';
import { methodSentences } from '../ui/words.ts';
import { bestOf, cleanest, distinct } from './grid.ts';

/** Accuracy of each method by number of shots, the highest mean of each column in bold, with chance as the last row. */
export function accuracyTable(report: ExperimentReport): HTMLElement {
  const { chance } = report;
  const rows = cleanest(report.rows, report);
  const shots = distinct(rows.map((row) => row.shots)).sort((a, b) => a - b);
  const methods = distinct(rows.map((row) => row.method));
  const best = new Map(shots.map((k) => [k, bestOf(rows.filter((row) => row.shots === k))]));
  const body = methods.map((method) => [
    element('span', {}, method, element('span', { class: 'sentence muted' }, methodSentences[method])),
    ...shots.map((k) => {
      const row = rows.find((candidate) => candidate.method === method && candidate.shots === k);
      return row === undefined ? 'not run' : accuracy(row, row === best.get(k));
    }),
  ]);
  const level = ['Chance', ...shots.map(() => percent(chance))].map((text) =>
    element('span', { class: 'muted' }, text),
  );
  return scrolling(
    table(
      'Accuracy by method and number of shots',
      [{ title: 'Method', name: 'method' }, ...shots.map((k) => ({ title: `${k}-shot`, numeric: true }))],
      [...body, level],
    ),
  );
}

function accuracy(row: ReportRow, best: boolean): Node {
  const text = percent(row.accuracy, row.interval);
  return best ? element('strong', {}, text) : document.createTextNode(text);
}
