import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/base/random.ts';
import type { Inputs } from '../../../src/learning/data.ts';
import { vectorInputs } from '../../../src/learning/inputs.ts';
import type { ClassPool } from '../../../src/learning/pools.ts';
import {
  drawAlignmentTask,
  drawClassificationTask,
  drawTargetTasks,
  queriesOf,
  supportOf,
} from '../../../src/learning/tasks.ts';

const ITEMS = 15;

/** `classes` classes with {@link ITEMS} items each, class of a row = row modulo classes. */
function targets(classes: number): Inputs {
  const rows = classes * ITEMS;
  const labels = Int32Array.from({ length: rows }, (_, row) => row % classes);
  return vectorInputs(1, new Float32Array(rows), labels);
}

describe('target tasks', () => {
  const shape = { kind: 'test', seed: 3, count: 6, ways: 3, support: 10, queries: 5 } as const;
  const tasks = drawTargetTasks(targets(6), [0, 1, 2, 4], shape);

  test('have N different classes of those given, k + q different items of each, and no item in both sets', () => {
    const shapes = fc.record({
      kind: fc.constantFrom('test' as const, 'validation' as const),
      seed: fc.nat(),
      count: fc.integer({ min: 1, max: 5 }),
      ways: fc.integer({ min: 2, max: 4 }),
      support: fc.integer({ min: 1, max: 10 }),
      queries: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(shapes, (drawn) => {
        const inputs = targets(6);
        for (const task of drawTargetTasks(inputs, [0, 1, 2, 4], drawn)) {
          expect(new Set(task.classes).size).toBe(drawn.ways);
          expect([0, 1, 2, 4]).toEqual(expect.arrayContaining([...task.classes]));
          const rows = [...task.support.flat(), ...task.queries.flat()];
          expect(new Set(rows).size).toBe(drawn.ways * (drawn.support + drawn.queries));
          for (const [label, index] of task.classes.entries()) {
            const own = [...(task.support[label] ?? []), ...(task.queries[label] ?? [])];
            expect(own.every((row) => inputs.classes[row] === index)).toBe(true);
          }
        }
      }),
    );
  });

  test('are the same however many there are and whatever the largest k is', () => {
    const [first] = drawTargetTasks(targets(6), [0, 1, 2, 4], { ...shape, count: 1, support: 4 });
    expect(first?.classes).toEqual(tasks[0]?.classes);
    expect(first?.queries).toEqual(tasks[0]?.queries);
    expect(first?.support).toEqual(tasks[0]?.support.map((rows) => rows.slice(0, 4)));
  });

  test('differ by seed and between validation and test', () => {
    expect(drawTargetTasks(targets(6), [0, 1, 2, 4], { ...shape, seed: 4 })).not.toEqual(tasks);
    expect(drawTargetTasks(targets(6), [0, 1, 2, 4], { ...shape, kind: 'validation' })).not.toEqual(tasks);
  });

  test('nest over k: the support of 2 shots begins the support of 5 shots, each class in turn', () => {
    for (const task of tasks) {
      const two = supportOf(task, 2);
      expect(supportOf(task, 5).rows.slice(0, 6)).toEqual(two.rows);
      expect(two.labels).toEqual([0, 1, 2, 0, 1, 2]);
    }
  });

  test('say the label of each query', () => {
    for (const task of tasks) expect(queriesOf(task).labels).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
  });

  test('refuse more shots than they hold', () => {
    for (const task of tasks) expect(() => supportOf(task, 11)).toThrow('fewer than 11 support items');
  });
});

describe('meta-training tasks', () => {
  /** Class c classifies rows 10c …, and aligns sources 100 + 10c … with two targets each. */
  const pools: ClassPool[] = [0, 1, 2, 3].map((index) => {
    const sources = Array.from({ length: 4 }, (_, i) => 100 + 10 * index + i);
    const pairs = sources.flatMap((source) => [
      { source, target: 2 * source, class: index },
      { source, target: 2 * source + 1, class: index },
    ]);
    return {
      class: index,
      classification: Array.from({ length: 6 }, (_, i) => 10 * index + i),
      pairs,
      alignedSources: sources,
      alignedTargets: pairs.map((pair) => pair.target),
      targets: Array.from({ length: 7 }, (_, i) => 1000 + 10 * index + i),
    };
  });

  test('classify up to `shots` different items of N classes', () => {
    const { rows, labels } = drawClassificationTask(pools, 3, 5, Random.of(1));
    expect(labels).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
    expect(new Set(rows).size).toBe(15);
    expect(drawClassificationTask(pools, 3, 50, Random.of(1)).rows).toHaveLength(18);
  });

  test('align strong pairs as they are', () => {
    const task = drawAlignmentTask(pools, 'strong', 3, 5, Random.of(1));
    expect(task.labels).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
    for (const [i, source] of task.sources.entries()) expect(Math.floor((task.targets[i] ?? 0) / 2)).toBe(source);
  });

  test('align all classes where there are fewer than are asked for', () => {
    const { labels } = drawAlignmentTask(pools, 'strong', pools.length + 5, 2, Random.of(1));
    expect(new Set(labels).size).toBe(pools.length);
  });

  test('give the items of weak pairs new partners within their class; the smaller side repeats', () => {
    const task = drawAlignmentTask(pools, 'weak', 4, 8, Random.of(1));
    const classOf = (row: number) => Math.floor((row - 100) / 10);
    const sameClass = task.sources.map(
      (source, i) => classOf(source) === classOf(Math.floor((task.targets[i] ?? 0) / 2)),
    );
    const samePair = task.sources.map((source, i) => source === Math.floor((task.targets[i] ?? 0) / 2));
    expect(sameClass).not.toContain(false);
    expect(samePair).toContain(false);
    expect(new Set(task.targets).size).toBe(32);
    expect(new Set(task.sources).size).toBe(16);
  });
});
