import { Random } from '../base/random.ts';
import { type LearningData, rowsByClass } from './data.ts';
import type { TargetTask } from './tasks.ts';

/** Source items of a class that a task may use at most: the mean of more is no better. */
const MOST = 100;

/**
 * Labelled source items of the classes of target tasks. A few methods use them at the test, where the others know no
 * label but those of the support set; those methods say so.
 */
export class SourceItems {
  readonly #rows: readonly (readonly number[])[];
  /** Source rows that a target row is paired with. */
  readonly #partners = new Map<number, number[]>();
  readonly #seed: number;

  constructor(data: LearningData, seed: number) {
    this.#rows = rowsByClass(data.source, data.classes.length);
    for (const { source, target } of data.pairs) {
      const known = this.#partners.get(target);
      if (known === undefined) this.#partners.set(target, [source]);
      else known.push(source);
    }
    this.#seed = seed;
  }

  /** Per class of the task: all its source rows, in an order of the task's own. */
  of({ index, classes }: TargetTask): number[][] {
    const random = Random.of(this.#seed, `source items of task ${index}`);
    return classes.map((label) => random.shuffle(this.#rows[label] ?? []));
  }

  /**
   * Per class of the task: up to 100 of its source rows that are in no pair with a query, so that no method is shown the
   * partner of what it is asked; any of them where all are in one (a caption that many images share).
   */
  apartFromQueries(task: TargetTask): number[][] {
    const partners = new Set(task.queries.flat().flatMap((query) => this.#partners.get(query) ?? []));
    return this.of(task).map((rows) => {
      const apart = rows.filter((row) => !partners.has(row));
      return (apart.length > 0 ? apart : rows).slice(0, MOST);
    });
  }

  /** The least source items that one of these classes has. */
  fewest(classes: readonly number[]): number {
    return Math.min(...classes.map((label) => this.#rows[label]?.length ?? 0));
  }
}
