import { element, shape } from '../dom.ts';
import { decimal } from '../numbers.ts';
import type { Chart } from './chart.ts';
import { shorten, toneOf } from './tone.ts';

export interface HeatMapData {
  /** K names of classes, at most 60. */
  readonly names: readonly string[];
  /** K × K, row by row; NaN where there is no value. */
  readonly values: Float32Array;
  /** From `low`, which is pale, to `high`; or both ways from 0, which is pale. */
  readonly scale: 'sequential' | 'diverging';
  readonly low: number;
  readonly high: number;
  /** What the rows and the columns are: `image`, `text`. */
  readonly rows: string;
  readonly columns: string;
  /** What the values are: `similarity`. */
  readonly label: string;
}

/** In units of the drawing, which is as wide as the page lets it be. */
const space = 560;
const smallest = 11;
const largest = 34;
const names = 118;
const title = 22;
const longest = 16;
const keySteps = 24;
const keyStep = 7;
/** With the words beside it. */
const keyWidth = keySteps * keyStep + 90;

const hint = 'Point at a cell, or go from cell to cell with the arrow keys.';

/** How alike K classes of one modality are to those of another: a cell each, the diagonal outlined. */
export function heatMap(data: HeatMapData): Chart {
  const classes = data.names.length;
  const cell = Math.max(smallest, Math.min(largest, space / Math.max(1, classes)));
  const start = title + names;
  const side = start + classes * cell;
  const width = Math.max(side, start + keyWidth) + 4;
  const cursor = shape('rect', {
    class: 'heat-cursor',
    width: cell,
    height: cell,
    visibility: 'hidden',
    'data-pointing': true,
  });
  const drawing = shape(
    'svg',
    {
      viewBox: `0 0 ${width} ${side + 44}`,
      class: 'heat-map',
      role: 'application',
      tabindex: 0,
      'aria-label': `Heat map of ${data.label}: ${classes} classes of ${data.rows} by the same of ${data.columns}`,
      'aria-description': hint,
    },
    ...axis(data, cell, start),
    ...cells(data, cell, start),
    ...Array.from({ length: classes }, (_, at) =>
      shape('rect', { class: 'heat-diagonal', x: start + at * cell, y: start + at * cell, width: cell, height: cell }),
    ),
    shape('rect', { class: 'heat-frame', x: start, y: start, width: side - start, height: side - start }),
    cursor,
    ...key(data, start, side + 14),
  );
  drawing.style.setProperty('--names', `${Math.min(12, 0.95 * cell)}px`);
  drawing.style.setProperty('--widest', `${width}px`);
  const words = element('figcaption', { class: 'muted', role: 'status' }, hint);
  listen(drawing, classes, (row, column) => {
    cursor.setAttribute('x', String(start + column * cell));
    cursor.setAttribute('y', String(start + row * cell));
    cursor.setAttribute('visibility', 'visible');
    words.textContent = sentence(data, row, column);
  });
  return { element: element('figure', { class: 'chart' }, drawing, words), drawing };
}

function cells(data: HeatMapData, cell: number, start: number): SVGElement[] {
  const classes = data.names.length;
  return Array.from({ length: classes * classes }, (_, at) => {
    const place = { x: start + (at % classes) * cell, y: start + Math.floor(at / classes) * cell };
    return square(data, data.values[at] ?? Number.NaN, { ...place, width: cell, height: cell, 'data-cell': at });
  });
}

function square(data: HeatMapData, value: number, place: Record<string, number>): SVGElement {
  const { side, strength } = toneOf(value, data);
  const drawn = shape('rect', { ...place, class: `heat-${side}` });
  drawn.style.setProperty('--strength', `${(100 * strength).toFixed(1)}%`);
  return drawn;
}

function axis({ names: all, rows, columns }: HeatMapData, cell: number, start: number): SVGElement[] {
  const middleOf = (at: number) => start + (at + 0.5) * cell;
  const named = (name: string, transform: string, className: string) =>
    shape('text', { transform, class: className }, shorten(name, longest), shape('title', {}, name));
  const centre = middleOf((all.length - 1) / 2);
  return [
    shape('text', { transform: `translate(12 ${centre}) rotate(-90)`, class: 'centre strong' }, rows),
    shape('text', { transform: `translate(${centre} 12)`, class: 'centre strong' }, columns),
    ...all.map((name, at) => named(name, `translate(${start - 6} ${middleOf(at)})`, 'heat-name end')),
    ...all.map((name, at) => named(name, `translate(${middleOf(at)} ${start - 6}) rotate(-90)`, 'heat-name')),
  ];
}

/** What the colours mean. */
function key(data: HeatMapData, x: number, y: number): SVGElement[] {
  const from = data.scale === 'diverging' ? -Math.max(Math.abs(data.low), Math.abs(data.high)) : data.low;
  const to = data.scale === 'diverging' ? -from : data.high;
  const steps = Array.from({ length: keySteps }, (_, at) => {
    const value = from + (at / (keySteps - 1)) * (to - from);
    return square(data, value, { x: x + at * keyStep, y, width: keyStep, height: 10 });
  });
  const end = x + keySteps * keyStep;
  return [
    ...steps,
    shape('rect', { x, y, width: keySteps * keyStep, height: 10, class: 'heat-frame' }),
    shape('text', { x, y: y + 24 }, decimal(from, 2)),
    shape('text', { x: end, y: y + 24, class: 'end' }, decimal(to, 2)),
    shape('text', { x: end + 8, y: y + 9 }, data.label),
  ];
}

function listen(drawing: SVGSVGElement, classes: number, show: (row: number, column: number) => void): void {
  let [row, column] = [0, 0];
  const goTo = (nextRow: number, nextColumn: number) => {
    row = Math.max(0, Math.min(classes - 1, nextRow));
    column = Math.max(0, Math.min(classes - 1, nextColumn));
    show(row, column);
  };
  drawing.addEventListener('focus', () => goTo(row, column));
  drawing.addEventListener('pointermove', ({ target }) => {
    const at = target instanceof SVGElement ? target.dataset['cell'] : undefined;
    if (at !== undefined) goTo(Math.floor(Number(at) / classes), Number(at) % classes);
  });
  drawing.addEventListener('keydown', (event) => {
    const way = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!way) return;
    const [down = 0, right = 0] = way;
    goTo(row + down, column + right);
    event.preventDefault();
  });
}

function sentence({ names: all, values, rows, columns, label }: HeatMapData, row: number, column: number): string {
  const value = values[row * all.length + column] ?? Number.NaN;
  const words = Number.isNaN(value) ? 'not known' : decimal(value);
  return `${all[row]} (${rows}) and ${all[column]} (${columns}): ${label} ${words}`;
}
