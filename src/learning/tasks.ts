import { Random } from '../base/random.ts';
import type { Strength } from '../protocol.ts';
import { type Inputs, rowsByClass } from './data.ts';
import type { ClassPool } from './pools.ts';

/** A test or validation task in the target modality. The same for every method and every k: k-shot takes the first k. */
export interface TargetTask {
  /** Index among the tasks of its kind. */
  readonly index: number;
  /** ways class indices; the position is the label. */
  readonly classes: readonly number[];
  /** Per class: rows of the target, as many as the largest k. */
  readonly support: readonly (readonly number[])[];
  /** Per class: rows of the target. None is in the support. */
  readonly queries: readonly (readonly number[])[];
  /** The label that a support item shows, by its class and place, where it is a wrong one (label noise). */
  readonly shown?: readonly (readonly number[])[];
}

/** Rows with the labels 0 … ways − 1 of a task. */
export interface LabelledRows {
  readonly rows: readonly number[];
  readonly labels: readonly number[];
}

/** Pairs of a task: row i of both lists belong together. */
export interface AlignmentTask {
  readonly sources: readonly number[];
  readonly targets: readonly number[];
  readonly labels: readonly number[];
}

export interface TargetTaskShape {
  readonly kind: 'validation' | 'test';
  readonly seed: number;
  readonly count: number;
  readonly ways: number;
  readonly support: number;
  readonly queries: number;
}

/**
 * Draws the fixed tasks of a kind. Each has its own random sequence, so task 7 is the same however many there are; the
 * queries are drawn first, so they are the same whatever the largest k is.
 */
export function drawTargetTasks(target: Inputs, classes: readonly number[], shape: TargetTaskShape): TargetTask[] {
  if (classes.length === 0) return [];
  const rows = rowsByClass(target, Math.max(...classes) + 1);
  return Array.from({ length: shape.count }, (_, index) => {
    const random = Random.of(shape.seed, `${shape.kind} task ${index}`);
    const chosen = random.sample(classes, shape.ways);
    const drawn = chosen.map((label) => random.shuffle(rows[label] ?? []));
    return {
      index,
      classes: chosen,
      queries: drawn.map((items) => items.slice(0, shape.queries)),
      support: drawn.map((items) => items.slice(shape.queries, shape.queries + shape.support)),
    };
  });
}

/** The first k of each class with the labels that they show, one of each class in turn: mini-batches are balanced. */
export function supportOf(task: TargetTask, shots: number): LabelledRows {
  const rows: number[] = [];
  const labels: number[] = [];
  for (let shot = 0; shot < shots; shot++) {
    for (const [label, items] of task.support.entries()) {
      const row = items[shot];
      if (row === undefined) throw new RangeError(`task ${task.index} has fewer than ${shots} support items per class`);
      rows.push(row);
      labels.push(task.shown?.[label]?.[shot] ?? label);
    }
  }
  return { rows, labels };
}

export function queriesOf(task: TargetTask): LabelledRows {
  return { rows: task.queries.flat(), labels: task.queries.flatMap((items, label) => items.map(() => label)) };
}

/** N classes × up to `shots` items: source items of the classification halves, or target items. */
export function drawClassificationTask(
  pools: readonly ClassPool[],
  ways: number,
  shots: number,
  random: Random,
  from: 'classification' | 'targets' = 'classification',
): LabelledRows {
  const drawn = random.sample(pools, ways).map((pool) => random.sample(pool[from], shots));
  return { rows: drawn.flat(), labels: drawn.flatMap((items, label) => items.map(() => label)) };
}

/**
 * N classes × up to `shots` pairs of the alignment halves. Weak pairs only say that two items share a class, so their
 * items find new partners within it; the side with fewer items repeats.
 */
export function drawAlignmentTask(
  pools: readonly ClassPool[],
  strength: Strength,
  ways: number,
  shots: number,
  random: Random,
): AlignmentTask {
  const drawn = random.sample(pools, ways).map((pool) => drawPairs(pool, strength, shots, random));
  return {
    sources: drawn.flatMap(({ sources }) => sources),
    targets: drawn.flatMap(({ targets }) => targets),
    labels: drawn.flatMap(({ sources }, label) => sources.map(() => label)),
  };
}

function drawPairs(pool: ClassPool, strength: Strength, shots: number, random: Random) {
  if (strength === 'strong') {
    const pairs = random.sample(pool.pairs, shots);
    return { sources: pairs.map((pair) => pair.source), targets: pairs.map((pair) => pair.target) };
  }
  const sources = random.sample(pool.alignedSources, shots);
  const targets = random.sample(pool.alignedTargets, shots);
  const count = Math.max(sources.length, targets.length);
  return { sources: repeatTo(sources, count), targets: repeatTo(targets, count) };
}

function repeatTo(rows: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, i) => rows[i % rows.length] ?? 0);
}
