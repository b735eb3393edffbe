import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveRank } from '../../../../src/alignment/metrics/effectiveRank.ts';
import { vectorHealth } from '../../../../src/alignment/metrics/health.ts';
import { hubness } from '../../../../src/alignment/metrics/hubness.ts';
import { fromRows, type Matrix, selectRows, zeros } from '../../../../src/base/matrix.ts';
import geometry from '../../../golden/geometry.json';
import golden from '../../../golden/pairs.json';
import { inThisThread } from '../inThisThread.ts';
import { constant, gaussian, measured, rotate, scale, shuffledRows } from './made.ts';

const rankOf = (matrix: Matrix) => effectiveRank(inThisThread, { matrix });
const healthOf = (matrix: Matrix) => vectorHealth(inThisThread, matrix);

describe('the effective rank', () => {
  it.each([
    ['six', geometry.six],
    ['related', geometry.related],
  ])('of the golden vectors "%s" is what NumPy finds', async (_, expected) => {
    expect(measured(await rankOf(fromRows(expected.a))).value).toBeCloseTo(expected.effectiveRank, 6);
  });

  it('is 1 on a line, about D for an even cloud, and below N for few rows', async () => {
    const line = fromRows([1, 2, 5, 9].map((t) => [t, 2 * t, -t]));
    expect(measured(await rankOf(line)).value).toBeCloseTo(1, 4);
    expect(measured(await rankOf(gaussian(2000, 6, 1))).value).toBeGreaterThan(5.9);
    expect(measured(await rankOf(gaussian(5, 40, 1))).value).toBeLessThan(4.001);
  });

  it('changes with neither rotation, scale nor the order of the rows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 3, max: 20 }), async (seed, rows) => {
        const vectors = gaussian(rows, 8, seed);
        const value = measured(await rankOf(vectors)).value;
        expect(measured(await rankOf(scale(rotate(vectors, seed), 30))).value).toBeCloseTo(value, 3);
        expect(measured(await rankOf(selectRows(vectors, shuffledRows(rows, seed)))).value).toBeCloseTo(value, 4);
      }),
      { numRuns: 20, seed: 1 },
    );
  });

  it('has a reason when all vectors are equal or there are none', async () => {
    expect(await rankOf(constant(9, 3))).toHaveProperty('reason');
    expect(await rankOf(zeros(0, 0))).toHaveProperty('reason');
  });
});

describe('the health of vectors', () => {
  it('counts rows that are not finite, zero or repeated, and describes the lengths of the others', async () => {
    const vectors = fromRows([
      [3, 4],
      [Number.NaN, 1],
      [0, 0],
      [3, 4],
      [0, Number.POSITIVE_INFINITY],
      [0, 0],
      [3, 4],
      [1, 0],
    ]);
    expect(await healthOf(vectors)).toMatchObject({
      rows: 8,
      notFinite: 2,
      zero: 2,
      duplicates: 3,
      norms: { min: 0, median: 3, max: 5 },
      effectiveRank: measured(await rankOf(selectRows(vectors, [0, 2, 3, 5, 6, 7]))).value,
    });
  });

  it('leaves out what cannot be told', async () => {
    expect(await healthOf(constant(3, 2))).not.toHaveProperty('effectiveRank');
    const health = await healthOf(fromRows([[Number.NaN], [Number.NaN]]));
    expect(health).toEqual({ rows: 2, notFinite: 2, zero: 0, duplicates: 0 });
  });
});

describe('hubness', () => {
  it('and its chance level are what SciPy finds', () => {
    const { neighbours, skewness, antihubs, largest, chance } = golden.hubness;
    const found = measured(hubness(Uint32Array.from(neighbours.flat()), 4, 30));
    expect(found.skewness).toBeCloseTo(skewness, 8);
    expect(found.antihubs).toBeCloseTo(antihubs, 8);
    expect(found.largestHub.occurrences).toBe(largest);
    expect(found.chance.skewness).toBeCloseTo(chance.skewness, 8);
    expect(found.chance.antihubs).toBeCloseTo(chance.antihubs, 8);
    expect(found.chance.largestHub).toBeCloseTo(chance.largestHub, 8);
  });

  it('is greatest when one item is everyone’s neighbour, and 0 when all are equally often', () => {
    const one = measured(
      hubness(
        Uint32Array.from({ length: 20 }, () => 7),
        1,
        20,
      ),
    );
    expect(one).toMatchObject({ antihubs: 0.95, largestHub: { item: 7, occurrences: 20 } });
    expect(one.skewness).toBeGreaterThan(4);
    const even = measured(
      hubness(
        Uint32Array.from({ length: 20 }, (_, item) => item),
        1,
        20,
      ),
    );
    expect(even).toMatchObject({ skewness: 0, antihubs: 0, largestHub: { item: 0, occurrences: 1 } });
  });

  it('is defined when every item is a neighbour of all, and has a reason without lists', () => {
    const all = measured(hubness(Uint32Array.from([0, 1, 0, 1]), 2, 2));
    expect(all.chance).toEqual({ skewness: 0, antihubs: 0, largestHub: 2 });
    expect(hubness(new Uint32Array(0), 10, 0)).toHaveProperty('reason');
  });
});
