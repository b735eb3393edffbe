import type { ExperimentReport, ReportRow } from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { percent, plural } from '../ui/numbers.ts';
import { scrolling, table } from '../ui/table.ts';
import { methodSentences } from '../ui/words.ts';
import { bestOf, distinct } from './grid.ts';

/** Accuracy of each method by number of shots, with chance as the last row. */
export function accuracyTable({ rows, chance }: ExperimentReport): HTMLElement {
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

/** Says over how much the means are taken. */
export function accuracySentence(rows: readonly ReportRow[]): string {
  const tasks = distinct(rows.map((row) => row.tasks)).sort((a, b) => a - b);
  const [fewest, most] = [tasks.at(0), tasks.at(-1)];
  if (fewest === undefined || most === undefined) return 'No run has finished yet.';
  const over = fewest === most ? plural(most, 'test task') : `${fewest} to ${plural(most, 'test task')}`;
  return `Mean and 95 % interval over ${over} a cell. The highest mean of each column is bold.`;
}
