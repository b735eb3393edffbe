import { mean } from '../base/statistics.ts';
import type { IterationResult } from '../learning/trainer.ts';
import type { CurvePoint } from '../protocol.ts';

const POINTS = 200;

/** Gathers the results of iterations into about two hundred points of a learning curve. Plain data between two points. */
export class CurveGatherer {
  readonly #total: number;
  readonly #every: number;
  #pending: IterationResult[];

  constructor(totalIterations: number, pending: readonly IterationResult[] = []) {
    this.#total = totalIterations;
    this.#every = Math.max(1, Math.ceil(totalIterations / POINTS));
    this.#pending = [...pending];
  }

  /** Results since the last point: what a checkpoint must keep. */
  get pending(): readonly IterationResult[] {
    return this.#pending;
  }

  /** A point where one is due: at equal distances, at the end, and wherever validation was measured. */
  add(iteration: number, result: IterationResult): CurvePoint | undefined {
    this.#pending.push(result);
    const due = iteration % this.#every === 0 || iteration === this.#total || result.validationAccuracy !== undefined;
    if (!due) return undefined;
    const gathered = this.#pending;
    this.#pending = [];
    return {
      iteration,
      losses: Object.fromEntries(
        Object.keys(result.losses).map((term) => [
          term,
          mean(gathered.map(({ losses }) => losses[term] ?? Number.NaN)),
        ]),
      ),
      ...(result.validationAccuracy !== undefined && { validationAccuracy: result.validationAccuracy }),
    };
  }
}
