import { drawChart } from '../../base/document/chart.ts';
import { escapeMarkup } from '../../base/document/escape.ts';
import type { AlignmentMap, AlignmentReport, Figure, Retrieval } from '../../protocol.ts';

const SIZE = { width: 560, height: 320 };
/** More points make a file that no browser likes. */
const MOST_POINTS = 4000;
const MAP_SIDE = 560;
const CELL = 14;

/** What share of the queries has found its match at a rank or before, both ways and by chance. */
export function drawRanks({ forward, backward }: AlignmentReport): Figure | undefined {
  if (forward === undefined || backward === undefined) return undefined;
  const title = 'Share of matches found up to a rank';
  const series = [
    { name: `${forward.from} → ${forward.to}`, points: cumulative(forward, 'queries') },
    { name: `${backward.from} → ${backward.to}`, points: cumulative(backward, 'queries') },
    { name: 'by chance', points: cumulative(forward, 'chance') },
  ];
  const chart = { title, xLabel: 'rank', yLabel: 'share of queries', x: 'values', y: 'percent', series } as const;
  return { title, svg: drawChart(chart, SIZE) };
}

function cumulative({ histogram, queries }: Retrieval, of: 'queries' | 'chance'): { x: number; y: number }[] {
  let sum = 0;
  return histogram.map((bin) => {
    sum += bin[of];
    return { x: bin.upTo, y: sum / Math.max(1, queries) };
  });
}

/** The 2-D map of both modalities, drawn with the marks of the panel's map; a part of the pairs where there are many. */
export function drawMap({ question }: AlignmentReport, map: AlignmentMap): Figure {
  const positions = floats(map.positions);
  const place = scaleOf(positions);
  const step = Math.max(1, Math.ceil((2 * map.pairs) / MOST_POINTS));
  const marks: string[] = [];
  for (let pair = 0; pair < map.pairs; pair += step) {
    for (const point of [2 * pair, 2 * pair + 1]) {
      marks.push(markOf(point, place(positions[2 * point] ?? 0, positions[2 * point + 1] ?? 0)));
    }
  }
  const { first, second } = question.modalities;
  const title = `Map of both modalities: ${first} in circles, ${second} in diamonds`;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${MAP_SIDE} ${MAP_SIDE}" role="img">` +
    `<title>${escapeMarkup(title)}</title>` +
    `<g fill-opacity="0.8" stroke="var(--ground)" stroke-width="0.6">${marks.join('')}</g></svg>`;
  return { title, svg };
}

/** A circle for an item of the first modality, a diamond for one of the second, of about the same area. */
function markOf(point: number, [x, y]: [number, number]): string {
  return point % 2 === 0
    ? `<circle fill="var(--series-0)" cx="${x}" cy="${y}" r="2.4"/>`
    : `<path fill="var(--series-1)" d="M${x} ${y}m0 -3l3 3l-3 3l-3 -3z"/>`;
}

function scaleOf(positions: Float32Array): (x: number, y: number) => [number, number] {
  const axis = (offset: number): [number, number] => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = offset; i < positions.length; i += 2) {
      low = Math.min(low, positions[i] ?? 0);
      high = Math.max(high, positions[i] ?? 0);
    }
    return [low, high - low || 1];
  };
  const [[left, width], [bottom, height]] = [axis(0), axis(1)];
  const scale = (MAP_SIDE - 16) / Math.max(width, height);
  const round = (value: number): number => Math.round(value * 10) / 10;
  return (x, y) => [round(8 + (x - left) * scale), round(MAP_SIDE - 8 - (y - bottom) * scale)];
}

function floats(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** Cosines of the class means of both modalities; the darker, the more alike. */
export function drawClassSimilarity({ classSimilarity, question }: AlignmentReport): Figure | undefined {
  if (classSimilarity === undefined || 'missing' in classSimilarity) return undefined;
  const { classes, values } = classSimilarity;
  const all = values.flat();
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const left = 110;
  const cells = values.flatMap((row, r) =>
    row.map((value, c) => {
      const strength = ((value - low) / (high - low || 1)).toFixed(3);
      const about = `${classes[r]}, ${classes[c]}: ${value.toFixed(3)}`;
      return `<rect x="${left + c * CELL}" y="${r * CELL}" width="${CELL - 1}" height="${CELL - 1}" fill="var(--series-0)" fill-opacity="${strength}"><title>${escapeMarkup(about)}</title></rect>`;
    }),
  );
  const names = classes.map(
    (name, r) =>
      `<text class="label" x="${left - 6}" y="${r * CELL + 11}" text-anchor="end">${escapeMarkup(name.slice(0, 18))}</text>`,
  );
  const side = classes.length * CELL;
  const { first, second } = question.modalities;
  const title = `Similarity of classes, cosines of their means: ${first} in rows, ${second} in columns`;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + side} ${side}" role="img" font-size="10">` +
    `<title>${escapeMarkup(title)}</title>${cells.join('')}${names.join('')}</svg>`;
  return { title, svg };
}
