import type { AlignmentReport, Modality } from '../../src/protocol.ts';
import { element, spoken } from '../ui/dom.ts';
import { ask } from '../ui/host.ts';
import { count, decimal } from '../ui/numbers.ts';
import { openRows, scrolling, table } from '../ui/table.ts';
import { direction } from '../ui/words.ts';

export function suspiciousTable({ suspicious, modalities }: AlignmentReport): HTMLElement {
  const { first, second } = modalities;
  const content = table(
    'Most suspicious pairs',
    [
      { title: '#', numeric: true },
      { title: 'Pair', name: 'key' },
      { title: 'Class', name: 'class' },
      { title: 'Similarity', numeric: true },
      { title: 'Margin', numeric: true },
      { title: rankTitle('→', first, second), numeric: true },
      { title: rankTitle('←', second, first), numeric: true },
    ],
    suspicious.map((pair, index) => [
      String(index + 1),
      pair.key,
      pair.class ?? '',
      decimal(pair.similarity),
      decimal(pair.margin),
      count(pair.rankForward),
      count(pair.rankBackward),
    ]),
  );
  openRows(content, (index) => {
    const chosen = suspicious[index];
    if (chosen !== undefined) ask({ ask: 'showPair', pair: chosen.pair });
  });
  return scrolling(content);
}

function rankTitle(arrow: string, from: Modality, to: Modality): HTMLElement {
  return element(
    'span',
    { title: `Place of the partner, ${direction(from, to)}` },
    'Rank ',
    element('span', { 'aria-hidden': 'true' }, arrow),
    spoken(direction(from, to)),
  );
}
