import type { AlignmentReport, SetHealth } from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { count, decimal } from '../ui/numbers.ts';
import { section } from '../ui/section.ts';
import { scrolling, table } from '../ui/table.ts';

/** Whether the vectors themselves are sound. */
export function drawSets({ sets, question }: AlignmentReport): Node[] {
  const { first, second } = question.modalities;
  const columns = [{ title: 'Vectors' }, { title: first, numeric: true }, { title: second, numeric: true }];
  const rows = lines.map(([title, sentence, write]) => [
    element('span', {}, title, element('span', { class: 'sentence muted' }, sentence)),
    write(sets.first),
    write(sets.second),
  ]);
  return [section('sets', 'Embedding sets', scrolling(table('Health of the two embedding sets', columns, rows)))];
}

const lines: readonly (readonly [string, string, (health: SetHealth) => string])[] = [
  ['Encoder', 'What turned the items into vectors.', ({ encoder }) => encoder],
  ['Dimensions', 'Numbers of one vector.', ({ dimensions }) => count(dimensions)],
  ['Rows', 'Items with a vector.', ({ rows }) => count(rows)],
  ['Not finite', 'Vectors with NaN or infinity: they are left out.', ({ notFinite }) => count(notFinite)],
  ['All zero', 'Vectors that say nothing.', ({ zero }) => count(zero)],
  [
    'Repeated',
    'Vectors that are the same, number by number, as an earlier one.',
    ({ duplicates }) => count(duplicates),
  ],
  [
    'Length',
    'Smallest, middle and largest Euclidean length.',
    ({ norms }) => [norms.minimum, norms.median, norms.maximum].map((norm) => decimal(norm)).join(' / '),
  ],
  [
    'Effective rank',
    'How many directions the vectors really use, of all their dimensions.',
    ({ effectiveRank, dimensions }) => `${decimal(effectiveRank, 1)} of ${count(dimensions)}`,
  ],
];
