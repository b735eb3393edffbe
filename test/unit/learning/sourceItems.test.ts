import { describe, expect, test } from 'vitest';
import type { InputPair, LearningData } from '../../../src/learning/data.ts';
import { vectorInputs } from '../../../src/learning/inputs.ts';
import { SourceItems } from '../../../src/learning/sourceItems.ts';

function dataOf(sources: number[], targets: number[], pairs: InputPair[]): LearningData {
  const inputs = (labels: number[]) => vectorInputs(1, new Float32Array(labels.length), Int32Array.from(labels));
  return { source: inputs(sources), target: inputs(targets), pairs, classes: ['a', 'b', 'c'], strength: 'strong' };
}

const task = { index: 3, classes: [2, 0], support: [[], []], queries: [[4], [0, 1]] };
const sorted = (rows: readonly number[]) => [...rows].sort((a, b) => a - b);

describe('the source items of a task', () => {
  const pairs = [0, 1, 2, 3, 4].map((row) => ({ source: row, target: row, class: row < 3 ? 0 : 2 }));

  test('are all rows of each of its classes, in the order of the task, the same again', () => {
    const items = new SourceItems(dataOf([0, 0, 0, 2, 2, 1, -1, 0], [0, 0, 0, 2, 2], pairs), 5);
    expect(items.of(task).map(sorted)).toEqual([
      [3, 4],
      [0, 1, 2, 7],
    ]);
    expect(items.of(task)).toEqual(items.of(task));
    expect(items.fewest([0, 1])).toBe(1);
  });

  test('apart from the queries leave out the partners of what is asked', () => {
    const items = new SourceItems(dataOf([0, 0, 0, 2, 2, 1, -1, 0], [0, 0, 0, 2, 2], pairs), 5);
    expect(items.apartFromQueries(task).map(sorted)).toEqual([[3], [2, 7]]);
  });

  test('apart from the queries are all of a class whose items are all partners of a query', () => {
    const shared = [0, 1].map((row) => ({ source: 0, target: row, class: 0 }));
    const items = new SourceItems(dataOf([0, 2], [0, 0, 0, 2, 2], shared), 5);
    expect(items.apartFromQueries(task)).toEqual([[1], [0]]);
  });

  test('apart from the queries are at most 100 of a class', () => {
    const items = new SourceItems(dataOf(Array(150).fill(0).concat([2]), [0, 0, 0, 2, 2], []), 5);
    expect(items.apartFromQueries(task).map(({ length }) => length)).toEqual([1, 100]);
    expect(items.of(task).map(({ length }) => length)).toEqual([1, 150]);
  });
});
