import { element, shape } from '../dom.ts';
import { count, percent, progressPercent } from '../numbers.ts';
import { scrolling, table } from '../table.ts';
import { binEnds, binName } from './bins.ts';
import type { Chart } from './chart.ts';
import { ticks } from './ticks.ts';

export interface RankDirection {
  /** `image → text`. */
  readonly name: string;
  /** How many items found their match at a rank of each bin, and how many would by chance. */
  readonly counts: readonly number[];
  readonly chance: readonly number[];
  readonly candidates: number;
}

/** One direction, in shares. */
interface Series {
  readonly name: string;
  readonly shares: readonly number[];
  readonly chance: readonly number[];
}

const width = 640;
const height = 300;
const left = 44;
const right = 8;
const top = 24;
/** Half of the band between the two directions, where the ranks stand. */
const band = 11;
const middle = height / 2;
const reach = middle - top - band;
const mostTicks = 3;

/**
 * At which rank items found their match: one direction upwards, the other downwards, over ranks that double from bin to
 * bin, with a line for what chance would give. The same as a table below. `beside` are the directions of a histogram that
 * it is compared with: both are drawn on the same axes.
 */
export function rankHistogram(up: RankDirection, down: RankDirection, beside: readonly RankDirection[] = []): Chart {
  const all = [up, down, ...beside];
  const bins = Math.max(...all.map(({ counts }) => counts.length));
  const allSeries = all.map((direction) => inShares(direction, bins));
  const marks = ticks(Math.max(0.01, ...allSeries.flatMap(({ shares, chance }) => [...shares, ...chance])), mostTicks);
  const series = allSeries.slice(0, 2);
  const drawing = shape(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': labelOf(up, down) },
    ...series.flatMap((half, index) => drawHalf(half, index, bins, marks)),
    shape('text', { x: left, y: 14 }, 'Share of items by the rank of their match; dashed: chance'),
    ...drawRanks(bins, Math.max(...all.map(({ candidates }) => candidates))),
  );
  const figure = element(
    'figure',
    { class: 'chart rank-histogram' },
    drawing,
    element('figcaption', { class: 'muted' }, 'A bar holds the ranks up to the number at its foot.'),
    element('details', {}, element('summary', {}, 'As a table'), scrolling(asTable(series, bins))),
  );
  return { element: figure, drawing };
}

function inShares({ name, counts, chance }: RankDirection, bins: number): Series {
  const items = counts.reduce((sum, value) => sum + value, 0);
  const each = Array.from({ length: bins }, (_, bin) => bin);
  return {
    name,
    shares: each.map((bin) => (counts[bin] ?? 0) / Math.max(1, items)),
    chance: each.map((bin) => (chance[bin] ?? 0) / Math.max(1, items)),
  };
}

function drawHalf({ name, shares, chance }: Series, index: number, bins: number, marks: number[]): SVGElement[] {
  const highest = marks.at(-1) ?? 1;
  const way = index === 0 ? -1 : 1;
  const base = middle + way * band;
  const heightOf = (share: number) => (share / highest) * reach;
  const placeOf = (share: number) => base + way * heightOf(share);
  const bars = shares.map((share, bin) => {
    const { from, to } = across(bin, bins);
    const y = Math.min(base, placeOf(share));
    const attributes = { x: from + 2, width: to - from - 4, y, height: heightOf(share), class: `bar bar-${index}` };
    const words = `${name}, rank ${binName(bin)}: ${percent(share)}, by chance ${percent(chance[bin] ?? 0)}`;
    return shape('rect', attributes, shape('title', {}, words));
  });
  const steps = chance.map((share, bin) => {
    const { from, to } = across(bin, bins);
    return `${bin === 0 ? 'M' : 'L'}${from} ${placeOf(share)}H${to}`;
  });
  return [
    ...marks.flatMap((mark) => drawMark(mark, placeOf(mark), highest)),
    ...bars,
    shape('path', { d: steps.join(''), class: 'chance' }),
    shape('text', { x: width - right, y: way === -1 ? 14 : height - 6, class: 'end strong' }, name),
  ];
}

/** Zero needs no number: the ranks stand there. */
function drawMark(share: number, y: number, highest: number): SVGElement[] {
  const line = shape('line', { x1: left, x2: width - right, y1: y, y2: y, class: share === 0 ? 'axis' : 'rule' });
  if (share === 0) return [line];
  const words = highest < 0.05 ? percent(share) : progressPercent(share);
  return [line, shape('text', { x: left - 6, y: y + 4, class: 'end' }, words)];
}

function drawRanks(bins: number, candidates: number): SVGElement[] {
  return Array.from({ length: bins }, (_, bin) => {
    const { from, to } = across(bin, bins);
    return shape(
      'text',
      { x: (from + to) / 2, y: middle + 4, class: 'centre' },
      short(Math.min(binEnds(bin).worst, candidates)),
    );
  });
}

function across(bin: number, bins: number): { from: number; to: number } {
  const each = (width - left - right) / bins;
  return { from: left + bin * each, to: left + (bin + 1) * each };
}

/** 65536 as `66k`: a full number is wider than a bar. */
function short(rank: number): string {
  if (rank < 10_000) return count(rank);
  return rank < 1_000_000 ? `${Math.round(rank / 1000)}k` : `${(rank / 1_000_000).toFixed(1)}M`;
}

function labelOf(up: RankDirection, down: RankDirection): string {
  return `At which rank items find their match, ${up.name} upwards and ${down.name} downwards. The same as a table follows.`;
}

function asTable(series: readonly Series[], bins: number): HTMLTableElement {
  return table(
    'Share of items by the rank of their match',
    [
      { title: 'Rank' },
      ...series.flatMap(({ name }) => [
        { title: name, numeric: true },
        { title: 'by chance', numeric: true },
      ]),
    ],
    Array.from({ length: bins }, (_, bin) => [
      binName(bin),
      ...series.flatMap(({ shares, chance }) => [percent(shares[bin] ?? 0), percent(chance[bin] ?? 0)]),
    ]),
  );
}
