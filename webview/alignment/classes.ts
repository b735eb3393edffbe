import type { AlignmentReport, Breakdown } from '../../src/protocol.ts';
import { heatMap } from '../ui/charts/heatMap.ts';
import { element } from '../ui/dom.ts';
import { count, decimal, percent, plural } from '../ui/numbers.ts';
import { savable } from '../ui/saveButtons.ts';
import { section } from '../ui/section.ts';
import { scrolling, table } from '../ui/table.ts';
import { capitalised, direction, mismatchWord } from '../ui/words.ts';
import { similaritySentence } from './sentences.ts';

/** Which classes of one modality are near which of the other, and how each class, split and source stands. */
export function drawClasses(report: AlignmentReport): Node[] {
  const { classSimilarity, breakdowns } = report;
  const parts = [drawSimilarity(report), ...breakdowns.map((breakdown) => drawBreakdown(breakdown, report))];
  const shown = parts.filter((part) => part !== undefined);
  if (shown.length > 0) return shown;
  const sentence = report.complete ? 'The pairs have neither classes nor splits.' : 'Still being computed…';
  return [
    element(
      'p',
      { class: 'muted' },
      classSimilarity !== undefined && 'missing' in classSimilarity ? classSimilarity.missing : sentence,
    ),
  ];
}

function drawSimilarity({ classSimilarity, question }: AlignmentReport): HTMLElement | undefined {
  if (classSimilarity === undefined || 'missing' in classSimilarity) return undefined;
  const { classes, values, left } = classSimilarity;
  const flat = values.flat();
  const { first, second } = question.modalities;
  const chart = heatMap({
    names: classes,
    values: Float32Array.from(flat),
    scale: 'sequential',
    low: Math.min(...flat),
    high: Math.max(...flat),
    rows: first,
    columns: second,
    label: 'similarity',
  });
  const more = left === 0 ? '' : ` ${plural(left, 'smaller class', 'smaller classes')} are not shown.`;
  return section(
    'class-similarity',
    'Similarity of classes',
    element('p', { class: 'muted' }, `${similaritySentence(question.modalities)}${more}`),
    savable('class-similarity', 'similarity of classes', chart),
  );
}

function drawBreakdown({ by, rows }: Breakdown, report: AlignmentReport): HTMLElement {
  const { first, second } = report.question.modalities;
  const columns = [
    { title: capitalised(by), name: 'key' },
    { title: 'Pairs', numeric: true },
    { title: `Recall@1 ${direction(first, second)}`, numeric: true },
    { title: `Recall@1 ${direction(second, first)}`, numeric: true },
    { title: 'Margin', numeric: true },
    { title: capitalised(mismatchWord(report)), numeric: true },
  ];
  const lines = rows.map(({ value, pairs, recallForward, recallBackward, margin, expectedWrong }) => [
    value === '' ? 'none' : value,
    count(pairs),
    percent(recallForward),
    percent(recallBackward),
    decimal(margin),
    decimal(expectedWrong, 1),
  ]);
  return section(`by-${by}`, `By ${by}`, scrolling(table(`Alignment by ${by}`, columns, lines)));
}
