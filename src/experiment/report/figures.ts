import { type Chart, drawChart, type Series } from '../../base/document/chart.ts';
import { mean } from '../../base/statistics.ts';
import type { CurvePoint, ExperimentReport, Figure, Method, RunSummary } from '../../protocol.ts';
import { terms } from './words.ts';

const SIZE = { width: 560, height: 320 };

/** The figures of a report; those without anything to show are left out. */
export function drawFigures(report: ExperimentReport): Figure[] {
  return [accuracyChart(report), differenceChart(report), ...curveCharts(report.runs)]
    .filter(({ series }) => series.some(({ points }) => points.length > 0))
    .map((chart) => ({ title: chart.title, svg: drawChart(chart, SIZE) }));
}

function accuracyChart({ rows, chance, target }: ExperimentReport): Chart {
  const methods = [...new Set(rows.map(({ method }) => method))];
  return {
    title: `Accuracy on new ${target} classes by number of labels`,
    xLabel: 'shots (labels per class)',
    yLabel: 'accuracy',
    x: 'values',
    y: 'percent',
    reference: { y: chance, name: 'chance' },
    series: methods.map((method) => ({
      name: method,
      points: rows
        .filter((row) => row.method === method)
        .map(({ shots, accuracy, interval }) => ({
          x: shots,
          y: accuracy,
          ...(interval !== undefined && { interval }),
        })),
    })),
  };
}

function differenceChart({ differences }: ExperimentReport): Chart {
  const methods = [...new Set(differences.map(({ method }) => method))];
  const reference = differences[0]?.reference ?? '';
  return {
    title: `What ${reference} gains on the same tasks`,
    xLabel: 'shots (labels per class)',
    yLabel: 'difference in accuracy',
    x: 'values',
    y: 'percent',
    reference: { y: 0, name: 'no difference' },
    series: methods.map((method) => ({
      name: `${reference} − ${method}`,
      points: differences
        .filter((row) => row.method === method)
        .map(({ shots, difference, interval }) => ({
          x: shots,
          y: difference,
          ...(interval !== undefined && { interval }),
        })),
    })),
  };
}

/** Learning curves, averaged over the seeds of each method. */
function curveCharts(runs: readonly RunSummary[]): Chart[] {
  const methods = [...new Set(runs.map(({ method }) => method))];
  const chart = (
    title: string,
    yLabel: string,
    y: Chart['y'],
    read: (point: CurvePoint) => number | undefined,
  ): Chart => ({
    ...{ title, xLabel: 'meta-iteration', yLabel, x: 'continuous', y },
    series: methods
      .map((method) => ({ name: method, points: averaged(runs, method, read) }))
      .filter(({ points }) => points.length > 0),
  });
  return [
    chart('Validation accuracy in meta-training', 'accuracy', 'percent', (point) => point.validationAccuracy),
    ...terms(runs.flatMap(({ curve }) => curve)).map((term) =>
      chart(`Loss in meta-training: ${term}`, 'loss', 'number', ({ losses }) => losses[term]),
    ),
  ];
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
