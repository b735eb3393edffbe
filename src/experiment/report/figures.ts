import { type Chart, drawChart, type Series } from '../../base/document/chart.ts';
import { drawHeatMap } from '../../base/document/heatMap.ts';
import { mean } from '../../base/statistics.ts';
import type { Confusion, CurvePoint, ExperimentReport, Figure, Method, ReportRow, RunSummary } from '../../protocol.ts';
import { type Axis, differingAxes, valueOn } from './levels.ts';
import { alongAxis } from './tables.ts';
import { axisWords, terms } from './words.ts';

const SIZE = { width: 560, height: 320 };
/** More would not be readable; those with the most errors are drawn. */
const MOST_CLASSES = 40;

/** Accuracy by number of shots at the cleanest level. */
export function accuracyFigures(report: ExperimentReport): Figure[] {
  const { rows, chance, target, cleanest } = report;
  const clean = rows.filter((row) => differingAxes(row, cleanest).length === 0);
  return draw({
    title: `Accuracy on new ${target} classes by number of labels`,
    xLabel: 'shots (labels per class)',
    ...{ yLabel: 'accuracy', x: 'values', y: 'percent' },
    reference: { y: chance, name: 'chance' },
    series: perMethod(report.methods, clean, ({ shots, accuracy }) => ({ x: shots, y: accuracy })),
  });
}

/** What the reference gains, by number of shots at the cleanest level. */
export function differenceFigures({ differences, methods, reference, cleanest }: ExperimentReport): Figure[] {
  const clean = differences.filter((row) => differingAxes(row, cleanest).length === 0);
  const series = perMethod(methods, clean, ({ shots, difference }) => ({ x: shots, y: difference }));
  return draw({
    title: `What ${reference} gains on the same tasks`,
    xLabel: 'shots (labels per class)',
    ...{ yLabel: 'difference in accuracy', x: 'values', y: 'percent' },
    reference: { y: 0, name: 'no difference' },
    series: series.map(({ name, ...line }) => ({ ...line, name: `${reference} − ${name}` })),
  });
}

/** Accuracy along an axis, a figure for each number of shots. */
export function noiseFigures(report: ExperimentReport, axis: Axis): Figure[] {
  const { title, xLabel } = axisWords[axis];
  const along = alongAxis(report.rows, report, axis).filter((row) => Number.isFinite(valueOn(row, axis)));
  const scale = axis === 'pairsPerClass' ? 1 : 100;
  const shots = [...new Set(along.map((row) => row.shots))].sort((a, b) => a - b);
  return shots.flatMap((k) =>
    draw({
      title: `${title}: ${k}-shot accuracy`,
      ...{ xLabel, yLabel: 'accuracy', x: 'values', y: 'percent' },
      reference: { y: report.chance, name: 'chance' },
      series: perMethod(
        report.methods,
        along.filter((row) => row.shots === k),
        (row) => ({ x: scale * valueOn(row, axis), y: row.accuracy }),
      ),
    }),
  );
}

/** Learning curves at the cleanest level, averaged over the seeds of each method. */
export function curveFigures({ runs, methods, cleanest: { labelNoise, ...clean } }: ExperimentReport): Figure[] {
  const trained = runs.filter(
    (run) => run.curve.length > 0 && differingAxes({ ...run, labelNoise }, { ...clean, labelNoise }).length === 0,
  );
  const chart = (
    title: string,
    yLabel: string,
    y: Chart['y'],
    read: (point: CurvePoint) => number | undefined,
  ): Chart => ({
    ...{ title, xLabel: 'meta-iteration', yLabel, x: 'continuous', y },
    series: methods
      .map((method, style) => ({ name: method, style, points: averaged(trained, method, read) }))
      .filter(({ points }) => points.length > 0),
  });
  return draw(
    chart('Validation accuracy in meta-training', 'accuracy', 'percent', (point) => point.validationAccuracy),
    ...terms(trained.flatMap(({ curve }) => curve)).map((term) =>
      chart(`Loss in meta-training: ${term}`, 'loss', 'number', ({ losses }) => losses[term]),
    ),
  );
}

/** What each method took for what. */
export function confusionFigures({ confusions }: ExperimentReport): Figure[] {
  return confusions.map((confusion) => {
    const kept = mostWrong(confusion);
    const of = kept.length < confusion.classes.length ? ` of ${confusion.classes.length}` : '';
    const title = `${confusion.method}, ${confusion.shots}-shot: ${kept.length}${of} classes`;
    const values = kept.map((truth) => {
      const queries = (confusion.counts[truth] ?? []).reduce((sum, count) => sum + count, 0);
      return kept.map((answer) => (confusion.counts[truth]?.[answer] ?? 0) / Math.max(1, queries));
    });
    const names = kept.map((index) => confusion.classes[index] ?? '');
    return { title, svg: drawHeatMap({ title, names, values, rows: 'class', columns: 'taken for' }) };
  });
}

/** Places of the classes with the most wrong queries, in the order of the classes. */
function mostWrong({ counts }: Confusion): number[] {
  const wrong = counts.map((row, truth) => row.reduce((sum, count, answer) => sum + (answer === truth ? 0 : count), 0));
  const order = [...wrong.keys()].sort((a, b) => (wrong[b] ?? 0) - (wrong[a] ?? 0));
  return order.slice(0, MOST_CLASSES).sort((a, b) => a - b);
}

/** Charts without a point are left out. */
function draw(...charts: readonly Chart[]): Figure[] {
  return charts
    .filter(({ series }) => series.some(({ points }) => points.length > 0))
    .map((chart) => ({ title: chart.title, svg: drawChart(chart, SIZE) }));
}

function perMethod<Row extends Pick<ReportRow, 'method' | 'interval'>>(
  methods: readonly Method[],
  rows: readonly Row[],
  place: (row: Row) => { x: number; y: number },
): Series[] {
  return methods
    .map((method, style) => ({
      name: method,
      style,
      points: rows
        .filter((row) => row.method === method)
        .map((row) => ({ ...place(row), ...(row.interval !== undefined && { interval: row.interval }) })),
    }))
    .filter(({ points }) => points.length > 0);
}

/** The mean over seeds at every iteration that all seeds of the method have reached. */
function averaged(
  runs: readonly RunSummary[],
  method: Method,
  read: (point: CurvePoint) => number | undefined,
): Series['points'] {
  const curves = runs.filter((run) => run.method === method).map(({ curve }) => curve);
  const values = new Map<number, number[]>();
  for (const point of curves.flat()) {
    const value = read(point);
    if (value !== undefined) values.set(point.iteration, [...(values.get(point.iteration) ?? []), value]);
  }
  return [...values]
    .filter(([, measured]) => measured.length === curves.length)
    .map(([x, measured]) => ({ x, y: mean(measured) }))
    .sort((a, b) => a.x - b.x);
}
