import { expect, test } from 'vitest';
import { centroidAccuracy } from '../../../../src/learning/advice/nearestCentroid.ts';

test('counts the queries that lie nearest to the mean of their own support items', () => {
  const positions = [0, 2, 10, 12, 3, 4, 9, 5];
  const task = {
    index: 0,
    classes: [7, 8],
    support: [
      [0, 1],
      [2, 3],
    ],
    queries: [
      [4, 5],
      [6, 7],
    ],
  };
  const vectorOf = (row: number) => Float32Array.of(positions[row] ?? 0);
  // Centroids are 1 and 11; of the queries 3, 4 | 9, 5 the last is nearer to the other class.
  expect(centroidAccuracy(task, 2, vectorOf)).toBe(0.75);
  // With one shot they are 0 and 10, and 5 is as near to both: the first class takes it.
  expect(centroidAccuracy(task, 1, vectorOf)).toBe(0.75);
});
