import { describe, expect, test } from 'vitest';
import type { InputPair, LearningData } from '../../../src/learning/data.ts';
import { vectorInputs } from '../../../src/learning/inputs.ts';
import { SourceItems } from '../../../src/learning/sourceItems.ts';
import { drawRetrievalPairs } from '../../../src/learning/tasks.ts';

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

describe('the pairs for retrieval', () => {
  test('are pairs of the classes given, and no item is in two of them', () => {
    const many = [0, 1, 2, 3].flatMap((source) => [
      { source, target: source, class: source < 3 ? 0 : 1 },
      { source, target: (source + 1) % 3, class: source < 3 ? 0 : 1 },
    ]);
    const drawn = drawRetrievalPairs(dataOf([0, 0, 0, 1], [0, 0, 0, 1], many), [0], 1);
    expect(drawn.every((pair) => pair.class === 0)).toBe(true);
    expect(drawn.length).toBeGreaterThanOrEqual(2);
    expect(new Set(drawn.map(({ source }) => source)).size).toBe(drawn.length);
    expect(new Set(drawn.map(({ target }) => target)).size).toBe(drawn.length);
  });

  test('are 50 at most', () => {
    const rows = Array.from({ length: 60 }, () => 0);
    const pairs = rows.map((_, row) => ({ source: row, target: row, class: 0 }));
    expect(drawRetrievalPairs(dataOf(rows, rows, pairs), [0], 1)).toHaveLength(50);
  });
});
