import type { TextTable } from '../../base/document/textTable.ts';
import type { Confusion, ExperimentReport, PairedDifference, ReportCell, ReportRow } from '../../protocol.ts';
import { type Axis, differingAxes, valueOn, valuesOn } from './levels.ts';
import { corrected, duration, percentWithInterval, pointsWithInterval, threeDigits, valueInWords } from './words.ts';

const MIB = 1024 * 1024;
const MOST_CONFUSED = 10;

/** What a cell of a table says. */
type Say<Row> = (row: Row) => string;

export const accuracyInWords: Say<ReportRow> = ({ accuracy, interval }) => percentWithInterval(accuracy, interval);
export const differenceInWords: Say<PairedDifference> = (row) =>
  [pointsWithInterval(row.difference, row.interval), corrected(row)].filter((part) => part !== '').join(', ');

/** Rows at the cleanest level: one a method (or difference), a column a number of shots. */
export function byShots<Row extends ReportCell>(
  rows: readonly Row[],
  { cleanest }: ExperimentReport,
  say: Say<Row>,
): TextTable {
  const clean = rows.filter((row) => differingAxes(row, cleanest).length === 0);
  const shots = distinct(clean.map((row) => row.shots)).sort((a, b) => a - b);
  return {
    header: ['method', ...shots.map((k) => `${k}-shot`)],
    rows: distinct(clean.map(nameOf)).map((name) => [
      name,
      ...shots.map((k) =>
        sayOf(
          clean.find((row) => nameOf(row) === name && row.shots === k),
          say,
        ),
      ),
    ]),
  };
}

/** Rows along one axis, the others at the cleanest level: one a method and number of shots, a column a value. */
export function byLevel<Row extends ReportCell>(
  rows: readonly Row[],
  report: ExperimentReport,
  axis: Axis,
  say: Say<Row>,
): TextTable {
  const along = alongAxis(rows, report, axis);
  const values = valuesOn(along, axis);
  const names = distinct(along.map((row) => `${nameOf(row)}, ${row.shots}-shot`));
  return {
    header: ['method', ...values.map((value) => valueInWords(value, axis))],
    rows: names.map((name) => {
      const own = along.filter((row) => `${nameOf(row)}, ${row.shots}-shot` === name);
      return [
        name,
        ...values.map((value) =>
          sayOf(
            own.find((row) => valueOn(row, axis) === value),
            say,
          ),
        ),
      ];
    }),
  };
}

/** Those that differ from the cleanest level on this axis alone, and those at it. */
export function alongAxis<Row extends ReportCell>(
  rows: readonly Row[],
  { cleanest }: ExperimentReport,
  axis: Axis,
): Row[] {
  return rows.filter((row) => differingAxes(row, cleanest).every((other) => other === axis));
}

/** A row a method, recall@k in percent each way, chance last. */
export function retrievalTable({ retrieval, source, target }: ExperimentReport): TextTable {
  const places = retrieval.filter(({ method }) => method === retrieval[0]?.method);
  const ways = { source: `${source} → ${target}`, target: `${target} → ${source}` };
  const cells = (say: Say<(typeof retrieval)[number]>, method: string) =>
    places.map(({ from, k }) =>
      sayOf(
        retrieval.find((row) => row.method === method && row.from === from && row.k === k),
        say,
      ),
    );
  return {
    header: ['method', ...places.map(({ from, k }) => `${ways[from]} recall@${k}`)],
    rows: [
      ...distinct(retrieval.map(({ method }) => method)).map((method) => [
        method,
        ...cells(({ recall, interval }) => percentWithInterval(recall, interval), method),
      ]),
      ['chance', ...places.map(({ chance }) => percentWithInterval(chance, undefined))],
    ],
  };
}

/** A row a method and number of shots, a column a measure. */
export function measureTable({ measures }: ExperimentReport): TextTable {
  const names = distinct(measures.map(({ name }) => name));
  const rows = distinct(measures.map(({ method, shots }) => `${method}, ${shots}-shot`));
  return {
    header: ['method', ...names],
    rows: rows.map((title) => [
      title,
      ...names.map((name) => {
        const row = measures.find((each) => `${each.method}, ${each.shots}-shot` === title && each.name === name);
        const spread = row?.interval === undefined ? '' : ` ± ${threeDigits(row.interval)}`;
        return row === undefined ? '–' : `${threeDigits(row.mean)}${spread}`;
      }),
    ]),
  };
}

export function costTable({ costs }: ExperimentReport): TextTable {
  return {
    header: ['method', 'runs', 'steps of training', 'training', 'test', 'peak memory'],
    rows: costs.map(({ method, runs, steps, trainingSeconds, testSeconds, peakBytes }) => [
      method,
      String(runs),
      Math.round(steps).toLocaleString('en'),
      duration(trainingSeconds),
      duration(testSeconds),
      `${Math.round(peakBytes / MIB).toLocaleString('en')} MiB`,
    ]),
  };
}

/** What each method takes for what most often: the share of the queries of the class. */
export function confusionTable({ confusions }: ExperimentReport): TextTable {
  return {
    header: ['method', 'class', 'taken for', 'share of its queries', 'queries'],
    rows: confusions.flatMap((confusion) =>
      mostConfused(confusion).map(({ truth, answer, share, queries }) => [
        confusion.method,
        truth,
        answer,
        `${percentWithInterval(share, undefined)} %`,
        queries.toLocaleString('en'),
      ]),
    ),
  };
}

function mostConfused({ classes, counts }: Confusion) {
  const wrong = counts.flatMap((row, truth) => {
    const queries = row.reduce((sum, count) => sum + count, 0);
    return row.flatMap((count, answer) =>
      answer === truth || count === 0
        ? []
        : [{ truth: classes[truth] ?? '', answer: classes[answer] ?? '', share: count / queries, queries }],
    );
  });
  return wrong.sort((a, b) => b.share - a.share).slice(0, MOST_CONFUSED);
}

/** One line a run. */
export function runTable({ runs }: ExperimentReport): TextTable {
  return {
    header: ['run', 'seed', 'state', 'backend'],
    rows: runs.map(({ id, seed, state, backend }) => [id, String(seed), state, backend?.name ?? '–']),
  };
}

function nameOf(row: ReportCell & Partial<Pick<PairedDifference, 'reference'>>): string {
  return row.reference === undefined ? row.method : `${row.reference} − ${row.method}`;
}

function sayOf<Row>(row: Row | undefined, say: Say<Row>): string {
  return row === undefined ? '–' : say(row);
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
