import type { ExperimentReport, PairedDifference } from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { ask } from '../ui/host.ts';
import { type IconName, icon } from '../ui/icons.ts';
import { points } from '../ui/numbers.ts';
import { scrolling, table } from '../ui/table.ts';
import { dropdown } from '../ui/toolkit.ts';
import { cleanest, probability, reach, verdict } from './grid.ts';

/** Chooses the method that the others are compared with. */
export function referenceChoice({ methods, reference }: ExperimentReport): HTMLElement {
  const choices = methods.map((method) => ({ text: method, selected: method === reference }));
  const choose = (index: number) => {
    const chosen = methods[index];
    if (chosen !== undefined && chosen !== reference) ask({ ask: 'compareWith', reference: chosen });
  };
  return element(
    'p',
    { class: 'reference' },
    element('span', { 'aria-hidden': 'true' }, 'Compare with'),
    dropdown('reference', 'Compare the others with', choices, choose),
  );
}

/** The reference minus each other method, with a mark where the difference is clear. */
export function differenceTable(report: ExperimentReport): HTMLElement {
  const differences = cleanest(report.differences, report);
  const scale = reach(differences);
  return scrolling(
    table(
      'Paired differences in accuracy',
      [
        { title: 'Difference', name: 'method' },
        { title: 'Shots', numeric: true },
        { title: 'Points', numeric: true },
        { title: '95 % interval', name: 'interval' },
        { title: 'p (Holm)', numeric: true },
        { title: 'Verdict', name: 'verdict' },
      ],
      differences.map((row) => [
        `${row.reference} − ${row.method}`,
        String(row.shots),
        points(row.difference, row.interval),
        intervalBar(row, scale),
        probability(row.adjusted),
        mark(row),
      ]),
    ),
  );
}

function mark(row: PairedDifference): HTMLElement {
  const verdicts: Record<ReturnType<typeof verdict>, [IconName, string] | undefined> = {
    higher: ['above', `${row.reference} is better`],
    lower: ['below', `${row.reference} is worse`],
    unclear: undefined,
  };
  const said = verdicts[verdict(row)];
  if (said === undefined) return element('span', { class: 'muted' }, 'not clear');
  return element('span', { class: `said ${verdict(row)}` }, icon(said[0]), said[1]);
}

/** The interval on a scale from −scale to +scale. The text beside it says the same. */
function intervalBar({ difference, interval = 0 }: PairedDifference, scale: number): HTMLElement {
  const bar = element('span', { class: 'interval-bar', 'aria-hidden': 'true' });
  const place = (value: number) => `${(50 + (value / scale) * 50).toFixed(2)}%`;
  bar.style.setProperty('--low', place(difference - interval));
  bar.style.setProperty('--high', place(difference + interval));
  bar.style.setProperty('--centre', place(difference));
  return bar;
}
