import { type Chart, drawChart, type Series } from '../../base/document/chart.ts';
import type { CurvePoint, RunSummary } from '../../protocol.ts';
import { terms } from './words.ts';

const WIDTH = 360;
const HEIGHT = 170;

/** A hover is an image without the editor's styles, so its colours are fixed: those of VS Code's default themes. */
const COLOURS = {
  light: { ink: '#4b535b', line: '#dfe3e8', rule: '#9aa4ae', series: ['#0072b2', '#d55e00'] },
  dark: { ink: '#b4bdc6', line: '#3a4047', rule: '#77818b', series: ['#56b4e9', '#f0924a'] },
} as const;

/**
 * What a run learnt so far, for a hover: its losses beside its validation accuracy, or its accuracy by number of shots
 * for a method without meta-training. Standalone SVG text of 360 × 170 pixels.
 */
export function curveSvg(run: RunSummary, theme: 'light' | 'dark'): string {
  const charts = chartsOf(run);
  const width = WIDTH / Math.max(1, charts.length);
  const drawings = charts.map((chart, index) => {
    const place = `x="${index * width}" y="0" width="${width}" height="${HEIGHT}"`;
    return drawChart(chart, { width, height: HEIGHT }).replace('<svg ', `<svg ${place} `);
  });
  const content =
    drawings.join('') ||
    `<text class="label" x="${WIDTH / 2}" y="${HEIGHT / 2}" text-anchor="middle">No points yet.</text>`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" ` +
    `font-family="system-ui, sans-serif" font-size="11"><style>${style(theme)}</style>${content}</svg>`
  );
}

function chartsOf(run: RunSummary): Chart[] {
  const losses: Chart = {
    ...{ title: 'Loss', xLabel: 'meta-iteration', yLabel: 'loss', x: 'continuous', y: 'number' },
    series: terms(run.curve).map((term) => line(term, run.curve, ({ losses }) => losses[term])),
  };
  const validation: Chart = {
    ...{ title: 'Validation accuracy', xLabel: 'meta-iteration', yLabel: 'accuracy', x: 'continuous', y: 'percent' },
    series: [line('validation', run.curve, (point) => point.validationAccuracy)],
    reference: { y: 1 / run.ways, name: 'chance' },
  };
  const tested: Chart = {
    ...{ title: 'Accuracy by number of shots', xLabel: 'shots', yLabel: 'accuracy', x: 'values', y: 'percent' },
    series: [
      {
        name: 'test',
        points: run.results.map(({ shots, accuracy, interval }) => ({
          x: shots,
          y: accuracy,
          ...(interval !== undefined && { interval }),
        })),
      },
    ],
    reference: { y: 1 / run.ways, name: 'chance' },
  };
  const filled = [losses, validation, tested].filter(({ series }) => series.some(({ points }) => points.length > 0));
  return filled.slice(0, 2);
}

function line(name: string, curve: readonly CurvePoint[], read: (point: CurvePoint) => number | undefined): Series {
  return {
    name,
    points: curve.flatMap((point) => {
      const y = read(point);
      return y === undefined ? [] : [{ x: point.iteration, y }];
    }),
  };
}

function style(theme: 'light' | 'dark'): string {
  const { ink, line: grid, rule, series } = COLOURS[theme];
  const [first, second] = series;
  return (
    `.label{fill:${ink}}.grid{stroke:${grid}}.axis{stroke:${rule}}` +
    `.series-0{stroke:${first};stroke-width:1.8}.series-1{stroke:${second};stroke-width:1.8;stroke-dasharray:5 3}`
  );
}
