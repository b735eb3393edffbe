import { escapeMarkup } from './escape.ts';
import { formatTick, niceTicks } from './scale.ts';

/** One line of a chart. */
export interface Series {
  readonly name: string;
  /** Which colour, dash and marker, so that a name looks alike in several charts. Default: its place in the chart. */
  readonly style?: number;
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    /** Half width of the 95 % interval, drawn as a whisker. */
    readonly interval?: number;
  }[];
}

export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
  /** `values`: a tick at every x that occurs, at equal distances (numbers of shots). */
  readonly x: 'continuous' | 'values';
  /** `percent`: y is a fraction, shown in percent. */
  readonly y: 'percent' | 'number';
  /** A dashed horizontal line with a name: chance, no difference. */
  readonly reference?: { readonly y: number; readonly name: string };
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly toX: (x: number, series: number) => number;
  readonly toY: (y: number) => number;
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
  readonly legend: readonly LegendEntry[];
}

interface LegendEntry {
  readonly name: string;
  readonly style: number;
  readonly x: number;
  readonly y: number;
}

const MARKER = 3.5;
/** Width of a character of a label, rather too wide than too narrow. */
const CHARACTER = 6.2;
/** Lines over the same values of x stand side by side, so that their whiskers do not hide each other. */
const SIDE_STEP = 7;
/** Their part of the room that a value of x has. */
const SIDE_SHARE = 0.8;
const LEGEND_LINE = 16;

/**
 * A line chart as standalone SVG text without colours of its own: every screen styles the classes `grid`, `axis`,
 * `label`, `title` and `series-0`, `series-1`, … to `series-11`. Lines differ by marker and dash as well.
 */
export function drawChart(chart: Chart, { width, height }: Size): string {
  const frame = layOut(chart, width, height);
  const parts = [
    `<title>${escapeMarkup(chart.title)}</title>`,
    drawGrid(chart, frame),
    drawReference(chart, frame),
    ...chart.series.map((series, index) => drawSeries(series, index, frame)),
    drawAxisNames(chart, frame, width, height),
    drawLegend(frame.legend),
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-size="11">` +
    `${parts.join('')}</svg>`
  );
}

function layOut(chart: Chart, width: number, height: number): Frame {
  const points = chart.series.flatMap((series) => series.points);
  const reach = points.flatMap(({ y, interval = 0 }) => [y - interval, y + interval]);
  const yTicks = niceTicks(chart.reference === undefined ? reach : [...reach, chart.reference.y], height > 200 ? 5 : 3);
  const xs = points.map(({ x }) => x);
  const xTicks = chart.x === 'values' ? [...new Set(xs)].sort((a, b) => a - b) : niceTicks(xs, width > 300 ? 6 : 3);
  const widestY = Math.max(...yTicks.map((tick) => formatTick(tick, yTicks, chart.y).length));
  const lastX = formatTick(xTicks.at(-1) ?? 0, xTicks, 'number').length;
  const left = round(24 + CHARACTER * Math.max(5, widestY));
  const right = round(width - Math.max(14, (CHARACTER * lastX) / 2));
  const legend = placeLegend(chart.series, left, right);
  const [top, bottom] = [(legend.at(-1)?.y ?? 0) + 18, height - 38];
  const [lowY, highY] = [yTicks[0] ?? 0, yTicks.at(-1) ?? 1];
  const [lowX, highX] = [xTicks[0] ?? 0, xTicks.at(-1) ?? 1];
  const room = (right - left) / Math.max(1, xTicks.length);
  const step = Math.min(SIDE_STEP, (SIDE_SHARE * room) / Math.max(1, chart.series.length));
  const centred = (index: number): number => (index - (chart.series.length - 1) / 2) * step;
  return {
    ...{ left, right, top, bottom, xTicks, yTicks, legend },
    toY: (y) => bottom - ((y - lowY) / (highY - lowY || 1)) * (bottom - top),
    toX: (x, series) =>
      chart.x === 'values'
        ? left + (xTicks.indexOf(x) + 0.5) * room + centred(series)
        : left + ((x - lowX) / (highX - lowX || 1)) * (right - left),
  };
}

function drawGrid(chart: Chart, frame: Frame): string {
  const { left, right, bottom, xTicks, yTicks, toX, toY } = frame;
  const middle = (chart.series.length - 1) / 2;
  const rows = yTicks.map((tick) => {
    const y = round(toY(tick));
    const label = text(left - 6, y + 4, formatTick(tick, yTicks, chart.y), 'end');
    return `<path class="grid" d="M${left} ${y}H${right}"/>${label}`;
  });
  // Values that occur may lie at any distance; between round ticks, one number of decimals does for all.
  const name = (tick: number) =>
    chart.x === 'values' ? tick.toLocaleString('en') : formatTick(tick, xTicks, 'number');
  const columns = xTicks.map((tick) => text(toX(tick, middle), bottom + 15, name(tick), 'middle'));
  return `${rows.join('')}<path class="axis" d="M${left} ${bottom}H${right}"/>${columns.join('')}`;
}

function drawReference({ reference }: Chart, { left, right, toY }: Frame): string {
  if (reference === undefined) return '';
  const y = round(toY(reference.y));
  return `<path class="axis" stroke-dasharray="1 3" d="M${left} ${y}H${right}"/>${text(right, y - 4, reference.name, 'end')}`;
}

function drawSeries({ points, style: own }: Series, index: number, { toX, toY }: Frame): string {
  const style = own ?? index;
  const places = points.map(({ x, y, interval }) => ({ x: round(toX(x, index)), y, interval }));
  const line = places.map(({ x, y }, position) => `${position === 0 ? 'M' : 'L'}${x} ${round(toY(y))}`).join('');
  const whiskers = places
    .filter(({ interval }) => interval !== undefined)
    .map(({ x, y, interval = 0 }) => {
      const [low, high] = [round(toY(y - interval)), round(toY(y + interval))];
      return `M${x} ${low}V${high}M${x - 3} ${low}h6M${x - 3} ${high}h6`;
    })
    .join('');
  // Many points make a line of their own; a marker on each would hide it.
  const sparse = points.length <= 12 ? places : places.slice(-1);
  const markers = sparse.map(({ x, y }) => marker(x, round(toY(y)), style)).join('');
  return (
    `<g class="${classOf(style)}"><path d="${line}" fill="none"/>` +
    `<path stroke-dasharray="none" fill="none" d="${whiskers}${markers}"/></g>`
  );
}

/** Names in a line above the plot, and in further lines where one is too short for them. */
function placeLegend(series: readonly Series[], left: number, right: number): LegendEntry[] {
  const widths = series.map(({ name }) => 34 + name.length * CHARACTER);
  const start = widths.reduce((sum, width) => sum + width, 0) > right - left ? 4 : left;
  let [x, y] = [start, 12];
  return series.map(({ name, style }, index) => {
    const width = widths[index] ?? 0;
    if (x > start && x + width > right) [x, y] = [start, y + LEGEND_LINE];
    const entry = { name, style: style ?? index, x: round(x), y };
    x += width;
    return entry;
  });
}

function drawLegend(legend: readonly LegendEntry[]): string {
  return legend
    .map(
      ({ name, style, x, y }) =>
        `<g class="${classOf(style)}"><path fill="none" d="M${x} ${y}h20"/>` +
        `<path stroke-dasharray="none" fill="none" d="${marker(x + 10, y, style)}"/></g>` +
        text(x + 25, y + 4, name, 'start'),
    )
    .join('');
}

/** Six colours and four dashes make twelve looks; then they begin again. */
function classOf(style: number): string {
  return `series-${style % 12}`;
}

function drawAxisNames({ xLabel, yLabel }: Chart, { left, right, top, bottom }: Frame, width: number, height: number) {
  const middle = round((top + bottom) / 2);
  return (
    text(Math.min((left + right) / 2, width), height - 6, xLabel, 'middle') +
    `<text class="label" text-anchor="middle" transform="translate(11 ${middle}) rotate(-90)">${escapeMarkup(yLabel)}</text>`
  );
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end'): string {
  return `<text class="label" x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escapeMarkup(content)}</text>`;
}

/** Circle, square, triangle, diamond, in turn. */
function marker(x: number, y: number, index: number): string {
  const r = MARKER;
  const shapes = [
    `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`,
    `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}Z`,
    `M${x} ${y - r - 1}l${r + 1} ${2 * r}h${-2 * (r + 1)}Z`,
    `M${x} ${y - r - 1}l${r + 1} ${r + 1}l${-r - 1} ${r + 1}l${-r - 1} ${-r - 1}Z`,
  ];
  return shapes[index % shapes.length] ?? '';
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
