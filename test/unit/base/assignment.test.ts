import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign } from '../../../src/base/assignment.ts';
import { Random } from '../../../src/base/random.ts';

function total(costs: Float64Array, columns: number, chosen: ArrayLike<number>): number {
  return Array.from(chosen, (column, row) => costs[row * columns + column] ?? 0).reduce((sum, cost) => sum + cost, 0);
}

/** The lowest cost of all assignments of the rows from `row` on, by trying each. */
function cheapest(costs: Float64Array, rows: number, columns: number, row = 0, used = new Set<number>()): number {
  if (row === rows) return 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (let column = 0; column < columns; column++) {
    if (used.has(column)) continue;
    const rest = cheapest(costs, rows, columns, row + 1, new Set([...used, column]));
    lowest = Math.min(lowest, (costs[row * columns + column] ?? 0) + rest);
  }
  return lowest;
}

describe('the assignment', () => {
  it('is the cheapest of all, with a column of its own for each row', () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 2 }));
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 1e6 }), fc.boolean(), ([rows, extra], seed, rounded) => {
        const columns = rows + extra;
        const random = Random.of(seed);
        const cost = () => (rounded ? random.integer(3) - 1 : random.normal());
        const costs = Float64Array.from({ length: rows * columns }, cost);
        const chosen = assign(costs, rows, columns);
        expect(new Set(chosen).size).toBe(rows);
        expect(total(costs, columns, chosen)).toBeCloseTo(cheapest(costs, rows, columns), 10);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('gives equal costs in order', () => {
    expect([...assign(new Float64Array(12), 3, 4)]).toEqual([0, 1, 2]);
  });

  it('is empty without rows and refuses more rows than columns', () => {
    expect(assign(new Float64Array(0), 0, 3)).toHaveLength(0);
    expect(() => assign(new Float64Array(6), 3, 2)).toThrow(RangeError);
  });
});
