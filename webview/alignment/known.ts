import type { AlignmentReport } from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { count, percent } from '../ui/numbers.ts';
import { table } from '../ui/table.ts';
import { knownSentence } from './pairWords.ts';

/** How the ranking finds the pairs that are known to be wrong; nothing where nobody said which. */
export function drawKnown(report: AlignmentReport): HTMLElement | undefined {
  const { known } = report;
  if (known === undefined) return undefined;
  const columns = [
    { title: 'Most suspicious', numeric: true },
    { title: 'Known to be wrong', numeric: true },
  ];
  const rows = known.precision.map(({ among, share }) => [count(among), percent(share)]);
  return element(
    'div',
    { class: 'known' },
    element('p', {}, knownSentence(known, report.pairs)),
    table('Precision of the ranking at several cuts', columns, rows),
  );
}
