import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InputPair, LearningData } from '../../../src/learning/data.ts';
import { vectorInputs } from '../../../src/learning/inputs.ts';
import { divideItems } from '../../../src/learning/pools.ts';

function dataOf(sources: number[], targets: number[], pairs: InputPair[], classes = 3): LearningData {
  const inputs = (labels: number[]) => vectorInputs(1, new Float32Array(labels.length), Int32Array.from(labels));
  const names = Array.from({ length: classes }, (_, index) => `class ${index}`);
  return { source: inputs(sources), target: inputs(targets), pairs, classes: names, strength: 'strong' };
}

describe('the halves of a class', () => {
  test('are equal, and unpaired items are for classification', () => {
    const pairs = [0, 1, 2, 3].map((row) => ({ source: row, target: row, class: 0 }));
    const [pool] = divideItems(dataOf([0, 0, 0, 0, 0, 0], [0, 0, 0, 0], pairs, 1), 0);
    expect(pool?.pairs).toHaveLength(2);
    expect(pool?.classification).toHaveLength(4);
    expect(pool?.classification).toEqual(expect.arrayContaining([4, 5]));
  });

  test('do not divide the target items, among them those without a class of their own that are in a pair', () => {
    const pairs = [0, 1, 2].map((row) => ({ source: row, target: row, class: 0 }));
    const [pool] = divideItems(dataOf([0, 0, 0], [0, -1, 0, 0, 1, -1], pairs, 2), 0);
    expect(new Set(pool?.targets)).toEqual(new Set([0, 1, 2, 3]));
  });

  test('leave out pairs without a class, and those whose item has another class', () => {
    const pairs = [
      { source: 0, target: 0, class: -1 },
      { source: 0, target: 1, class: 0 },
      { source: 1, target: 0, class: 0 },
    ];
    const [pool] = divideItems(dataOf([0, 1], [0, 1], pairs), 0);
    expect(pool?.pairs).toEqual([]);
    expect(pool?.classification).toEqual([0]);
  });

  test('never let an item be aligned and classified, and never align an item of another class', () => {
    const label = fc.integer({ min: -1, max: 2 });
    const labels = fc.array(label, { minLength: 1, maxLength: 12 });
    const data = fc
      .tuple(labels, labels)
      .chain(([sources, targets]) =>
        fc
          .array(fc.record({ source: fc.nat(sources.length - 1), target: fc.nat(targets.length - 1), class: label }))
          .map((pairs) => dataOf(sources, targets, pairs)),
      );
    fc.assert(
      fc.property(data, fc.nat(), (drawn, seed) => {
        const pools = divideItems(drawn, seed);
        const aligned = new Set(pools.flatMap((pool) => pool.alignedSources));
        for (const pool of pools) {
          for (const row of pool.classification) {
            expect(aligned.has(row)).toBe(false);
            expect(drawn.source.classes[row]).toBe(pool.class);
          }
          for (const pair of pool.pairs) {
            expect(pair.class).toBe(pool.class);
            expect([-1, pool.class]).toContain(drawn.source.classes[pair.source]);
            expect([-1, pool.class]).toContain(drawn.target.classes[pair.target]);
          }
        }
      }),
    );
  });
});
