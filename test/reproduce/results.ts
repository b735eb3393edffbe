import { parse } from 'csv-parse/sync';
import * as z from 'zod';
import { interval95, mean } from '../../src/base/statistics.ts';
import { ExperimentReport, type RetrievalRow } from '../../src/protocol.ts';

const empty = z.literal('').transform(() => undefined);

/** A row of a report's CSV: the accuracy on one test task, and what else was measured there. */
const Row = z
  .object({
    method: z.string(),
    seed: z.coerce.number(),
    pair_noise: z.coerce.number(),
    pairs_per_class: z.union([empty, z.coerce.number()]),
    shots: z.coerce.number(),
    label_noise: z.coerce.number(),
    task: z.coerce.number(),
    accuracy: z.coerce.number(),
  })
  .catchall(z.string());
type Row = z.infer<typeof Row>;

/** Which rows: where a field is not given, the cleanest level. */
export interface Cell {
  readonly method: string;
  readonly shots: number;
  readonly labelNoise?: number;
  readonly pairNoise?: number;
  readonly pairsPerClass?: number;
}

/** A mean over test tasks and half of its 95 % interval. */
export interface Estimate {
  readonly mean: number;
  readonly interval: number;
  readonly tasks: number;
}

/** What the finished runs of one experiment have shown. */
export class Results {
  readonly #rows: readonly Row[];
  readonly report: ExperimentReport;

  private constructor(rows: readonly Row[], report: ExperimentReport) {
    this.#rows = rows;
    this.report = report;
  }

  static read(csv: string, report: unknown): Results {
    return new Results(z.array(Row).parse(parse(csv, { columns: true })), ExperimentReport.parse(report));
  }

  /** These, and beside them a method of others that met the same tasks, by another name. */
  and(name: string, { method, of }: { readonly method: string; readonly of: Results }): Results {
    const others = of.#rows
      .filter((row) => row.method === method)
      .map((row): Row => Object.assign({}, row, { method: name }));
    return new Results([...this.#rows, ...others], this.report);
  }

  /** The numbers of shots that were tested, from the fewest on. */
  get shots(): number[] {
    return [...new Set(this.#rows.map((row) => row.shots))].sort((a, b) => a - b);
  }

  /** In the order of the report. */
  get methods(): string[] {
    return [...new Set(this.#rows.map((row) => row.method))];
  }

  has(method: string): boolean {
    return this.#rows.some((row) => row.method === method);
  }

  accuracy(cell: Cell): Estimate {
    return estimate([...this.#of(cell).values()].map((row) => row.accuracy));
  }

  /** What a method measured on its tasks besides the accuracy; nothing where it did not. */
  measure(cell: Cell, name: string): Estimate | undefined {
    const values = [...this.#of(cell).values()].flatMap((row) => (row[name] === '' ? [] : [Number(row[name])]));
    return values.length > 0 && values.every(Number.isFinite) ? estimate(values) : undefined;
  }

  /** What a measure is after a method's stage minus before it, task by task. */
  change(cell: Cell, name: string): Estimate {
    const rows = [...this.#of(cell).values()];
    if (rows.some((row) => !row[`${name}-before`])) throw new MissingResult(`${cell.method} did not measure ${name}`);
    return estimate(rows.map((row) => Number(row[`${name}-after`]) - Number(row[`${name}-before`])));
  }

  /** a − b, task by task: both met the same tasks of the same seed. */
  difference(a: Cell, b: Cell, measure = 'accuracy'): Estimate {
    const others = this.#of(b);
    return estimate(
      [...this.#of(a)].flatMap(([task, row]) => {
        const other = others.get(task);
        return other === undefined ? [] : [Number(row[measure]) - Number(other[measure])];
      }),
    );
  }

  /** a − b of accuracies, task by task, each the mean over all numbers of shots. */
  differenceOverShots(a: string, b: string): Estimate {
    const sums = new Map<string, number>();
    for (const shots of this.shots) {
      const others = this.#of({ method: b, shots });
      for (const [task, { accuracy }] of this.#of({ method: a, shots })) {
        const other = others.get(task)?.accuracy ?? Number.NaN;
        sums.set(task, (sums.get(task) ?? 0) + (accuracy - other) / this.shots.length);
      }
    }
    return estimate([...sums.values()].filter((difference) => !Number.isNaN(difference)));
  }

  /** Recall@k on new classes before any adaptation, from source to target. */
  recall(method: string, k: number): RetrievalRow {
    const found = this.report.retrieval.find((row) => row.method === method && row.from === 'source' && row.k === k);
    if (found === undefined) throw new MissingResult(`no retrieval by ${method} was measured`);
    return found;
  }

  #of({ method, shots, labelNoise = 0, pairNoise = 0, pairsPerClass }: Cell): Map<string, Row> {
    const rows = this.#rows.filter(
      (row) =>
        row.method === method &&
        row.shots === shots &&
        row.label_noise === labelNoise &&
        row.pair_noise === pairNoise &&
        row.pairs_per_class === pairsPerClass,
    );
    if (rows.length === 0) throw new MissingResult(`no run of ${method} with ${shots} shots has finished`);
    return new Map(rows.map((row) => [`${row.seed}/${row.task}`, row]));
  }
}

/** A statement asks for what was not run. */
export class MissingResult extends Error {}

/** @throws MissingResult for no values. */
export function estimate(values: readonly number[]): Estimate {
  if (values.length === 0) throw new MissingResult('no two runs met the same tasks');
  return { mean: mean(values), interval: interval95(values) ?? 0, tasks: values.length };
}
