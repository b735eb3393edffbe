import { describe, expect, it } from 'vitest';
import { TestLog } from '../../../src/experiment/testLog.ts';
import type { TaskResult } from '../../../src/learning/evaluate.ts';
import type { TargetTask } from '../../../src/learning/tasks.ts';

/** Two-way tasks with two queries a class, over the classes 7, 8 and 9. */
const tasks: TargetTask[] = [
  [7, 8],
  [9, 7],
].map((classes, index) => ({
  index,
  classes,
  support: [[1], [2]],
  queries: [
    [3, 4],
    [5, 6],
  ],
}));
const episodes = { testTasks: tasks, classes: { train: [0, 1], validation: [], test: [8, 7, 9] } };
const part = { shots: 1, labelNoise: 0 };
const result = (task: number, predicted: number[], measures?: Record<string, number>): TaskResult => ({
  ...{ task, shots: 1, accuracy: 0.5, predicted },
  ...(measures !== undefined && { measures }),
});

describe('the log of a test', () => {
  it('counts what was taken for what by the places of the test classes', () => {
    const log = new TestLog(part, episodes, 0);
    log.add(result(0, [0, 1, 1, 1]));
    log.add(result(1, [1, 1, 1, 0]));
    // Places: 8 is 0, 7 is 1, 9 is 2.
    expect(log.result().confusion).toEqual([
      [0, 0, 2],
      [1, 0, 1],
      [1, 1, 2],
      [1, 2, 1],
      [2, 1, 2],
    ]);
  });

  it('goes on from what it gave, with the tasks that are left', () => {
    const whole = new TestLog(part, episodes, 0);
    whole.add(result(0, [0, 0, 1, 1], { drift: 0.25 }));
    const resumed = new TestLog(part, episodes, 0, structuredClone(whole.result()));
    expect(resumed.left).toEqual([tasks[1]]);
    for (const log of [whole, resumed]) log.add(result(1, [0, 1, 1, 1], { drift: 0.5 }));
    expect(resumed.result()).toEqual(whole.result());
    expect(resumed.left).toEqual([]);
  });

  it('keeps a place for every task where a measure is missing', () => {
    const log = new TestLog(part, episodes, 0);
    log.add(result(0, [0, 0, 1, 1]));
    log.add(result(1, [0, 0, 1, 1], { drift: 0.5 }));
    expect(log.result().measures).toEqual({ drift: [null, 0.5] });
  });

  it('refuses the result of a task that is not the next one', () => {
    expect(() => new TestLog(part, episodes, 0).add(result(1, [0, 0, 1, 1]))).toThrow(RangeError);
  });

  it('shows wrong labels where its part has label noise, and the same ones again', () => {
    const noisy = new TestLog({ shots: 1, labelNoise: 1 }, episodes, 3);
    expect(noisy.left.map(({ shown }) => shown)).toEqual([
      [[1], [0]],
      [[1], [0]],
    ]);
  });
});
