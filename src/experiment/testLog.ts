import type { Episodes } from '../learning/episodes.ts';
import type { TaskResult } from '../learning/evaluate.ts';
import { withLabelNoise } from '../learning/noise.ts';
import { queriesOf, type TargetTask } from '../learning/tasks.ts';
import type { TestResult } from './runFolder.ts';

/** One part of a test: how many labels per class, and what share of them is wrong. */
export interface TestPart {
  readonly shots: number;
  readonly labelNoise: number;
}

/** Gathers what the test tasks give with one number of shots and one rate of label noise, in their order. */
export class TestLog {
  readonly part: TestPart;
  readonly #tasks: readonly TargetTask[];
  /** Class indices of the test classes; their places are what is stored. */
  readonly #classes: readonly number[];
  readonly #accuracies: number[];
  readonly #measures: Map<string, (number | null)[]>;
  /** Counts by place of the class × number of classes + place of the answer. */
  readonly #confusion: Map<number, number>;

  /** At its start, or after what is in `before`. The noise is drawn by the seed. */
  constructor(
    part: TestPart,
    { testTasks, classes: { test } }: Pick<Episodes, 'testTasks' | 'classes'>,
    seed: number,
    before?: TestResult,
  ) {
    const { shots, labelNoise } = part;
    this.part = part;
    this.#tasks = labelNoise === 0 ? testTasks : testTasks.map((task) => withLabelNoise(task, shots, labelNoise, seed));
    this.#classes = test;
    this.#accuracies = [...(before?.accuracies ?? [])];
    this.#measures = new Map(Object.entries(before?.measures ?? {}).map(([name, values]) => [name, [...values]]));
    this.#confusion = new Map(before?.confusion.map(([truth, answer, count]) => [truth * test.length + answer, count]));
  }

  /** Tasks that were added. */
  get done(): number {
    return this.#accuracies.length;
  }

  /** Tasks that are to be solved and added next, in this order. */
  get left(): readonly TargetTask[] {
    return this.#tasks.slice(this.done);
  }

  /** @throws RangeError for the result of another task than the next one. */
  add({ task: index, accuracy, predicted, measures = {} }: TaskResult): void {
    const task = this.#tasks[this.done];
    if (task?.index !== index) throw new RangeError(`task ${index} is not the next one`);
    for (const [at, label] of queriesOf(task).labels.entries()) {
      const place = this.#placeOf(task, label) * this.#classes.length + this.#placeOf(task, predicted[at]);
      this.#confusion.set(place, (this.#confusion.get(place) ?? 0) + 1);
    }
    for (const name of Object.keys(measures)) {
      if (!this.#measures.has(name)) this.#measures.set(name, Array(this.done).fill(null));
    }
    for (const [name, values] of this.#measures) values.push(measures[name] ?? null);
    this.#accuracies.push(accuracy);
  }

  result(): TestResult {
    const size = this.#classes.length;
    return {
      ...this.part,
      accuracies: [...this.#accuracies],
      measures: Object.fromEntries([...this.#measures].map(([name, values]) => [name, [...values]])),
      confusion: [...this.#confusion]
        .sort(([a], [b]) => a - b)
        .map(([place, count]) => [Math.floor(place / size), place % size, count]),
    };
  }

  #placeOf({ classes }: TargetTask, label: number | undefined): number {
    const place = this.#classes.indexOf(classes[label ?? -1] ?? -1);
    if (place < 0) throw new RangeError(`a task has no label ${label}`);
    return place;
  }
}
