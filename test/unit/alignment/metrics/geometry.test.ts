import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  pairAlignment,
  uniformity,
  uniformityOfSphere,
} from '../../../../src/alignment/metrics/alignmentUniformity.ts';
import { cca, correlate, whiten } from '../../../../src/alignment/metrics/cca.ts';
import { procrustes } from '../../../../src/alignment/metrics/procrustes.ts';
import { rbfCka } from '../../../../src/alignment/metrics/rbfCka.ts';
import { separability } from '../../../../src/alignment/metrics/separability.ts';
import { fromRows, type Matrix, selectRows, zeros } from '../../../../src/base/matrix.ts';
import golden from '../../../golden/geometry.json';
import { add, constant, gaussian, measured, rotate, scale, shuffledRows } from './made.ts';

const seeds = fc.integer({ min: 0, max: 1e6 });

describe.each(Object.entries({ six: golden.six, related: golden.related }))('the golden pairs "%s"', (_, expected) => {
  const [a, b] = [fromRows(expected.a), fromRows(expected.b)];
  const all = Number.POSITIVE_INFINITY;

  it('have the canonical correlations and projection-weighted means that NumPy finds', () => {
    const found = correlate(whiten(a, 1, all), whiten(b, 1, all));
    for (const [i, value] of expected.cca.entries()) expect(found.correlations[i]).toBeCloseTo(value, 6);
    expect(found.correlations).toHaveLength(expected.cca.length);
    expect(found.forward).toBeCloseTo(expected.pwcca[0] ?? Number.NaN, 6);
    expect(found.backward).toBeCloseTo(expected.pwcca[1] ?? Number.NaN, 6);
  });

  it('have the SVCCA that NumPy finds', () => {
    const { correlations } = correlate(whiten(a, 0.99, all), whiten(b, 0.99, all));
    const sum = correlations.reduce((total, value) => total + value, 0);
    expect(sum / correlations.length).toBeCloseTo(expected.svcca, 6);
  });

  it('have the Procrustes distance, Gaussian CKA and uniformity that NumPy finds', () => {
    expect(measured(procrustes(a, b, 0)).value).toBeCloseTo(expected.procrustes, 8);
    const found = measured(rbfCka(a, b));
    expect(found.value).toBeCloseTo(expected.rbfCka.value, 8);
    expect(found.debiased).toBeCloseTo(expected.rbfCka.debiased, 8);
    expect(found.chance).toBeCloseTo(expected.rbfCka.chanceOfManyShuffles, 2);
    expect(measured(uniformity(a)).value).toBeCloseTo(expected.uniformity, 5);
  });
});

const alignmentOf = (first: Matrix, second: Matrix) => pairAlignment({ matrix: first }, { matrix: second });

describe('alignment of pairs on the sphere', () => {
  it('is what NumPy finds, and so is its mean over all pairings', () => {
    const found = measured(alignmentOf(fromRows(golden.six.a), fromRows(golden.six.b)));
    expect(found.value).toBeCloseTo(golden.six.align, 6);
    expect(found.chance).toBeCloseTo(golden.six.alignOfAllPairings, 6);
  });

  it('is defined for rows of zeros and has a reason without pairs', () => {
    expect(measured(alignmentOf(zeros(2, 3), zeros(2, 3)))).toEqual({ value: 2, chance: 2 });
    expect(alignmentOf(zeros(0, 3), zeros(0, 3))).toHaveProperty('reason');
  });
});

describe('uniformity', () => {
  it('of an even sphere is the mean of many random points', () => {
    expect(uniformityOfSphere(64)).toBeCloseTo(-3.875, 3);
    expect(measured(uniformity(gaussian(600, 8, 3))).value).toBeCloseTo(uniformityOfSphere(8), 1);
  });

  it('is 0 when all vectors are equal, and has a reason for one vector', () => {
    expect(measured(uniformity(constant(5, 4))).value).toBeCloseTo(0, 5);
    expect(uniformity(constant(1, 4))).toHaveProperty('reason');
  });
});

describe('rotating and scaling one space', () => {
  it('changes neither Procrustes, CCA nor Gaussian CKA, but the alignment of pairs', () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: 0.1, max: 10, noNaN: true }), (seed, factor) => {
        const a = gaussian(60, 5, seed);
        const b = add(a, gaussian(60, 5, seed + 1));
        const turned = scale(rotate(b, seed + 2), factor);
        const distance = measured(procrustes(a, b, 0)).value;
        expect(Math.abs(measured(procrustes(a, turned, 0)).value - distance)).toBeLessThan(1e-4);
        expect(Math.abs(measured(cca(a, turned, 0)).cca.value - measured(cca(a, b, 0)).cca.value)).toBeLessThan(1e-4);
        expect(Math.abs(measured(rbfCka(a, turned)).debiased - measured(rbfCka(a, b)).debiased)).toBeLessThan(1e-4);
        expect(measured(alignmentOf(a, turned)).value).toBeGreaterThan(measured(alignmentOf(a, b)).value);
      }),
      { numRuns: 10, seed: 1 },
    );
  });
});

describe('the order of the pairs', () => {
  it('plays no part', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const [a, b] = [gaussian(40, 4, seed), gaussian(40, 4, seed + 1)];
        const order = shuffledRows(40, seed);
        const [a2, b2] = [selectRows(a, order), selectRows(b, order)];
        expect(measured(procrustes(a2, b2, 0)).value).toBeCloseTo(measured(procrustes(a, b, 0)).value, 6);
        expect(measured(cca(a2, b2, 0)).svcca.value).toBeCloseTo(measured(cca(a, b, 0)).svcca.value, 5);
        expect(measured(rbfCka(a2, b2)).value).toBeCloseTo(measured(rbfCka(a, b)).value, 8);
        expect(measured(uniformity(a2)).value).toBeCloseTo(measured(uniformity(a)).value, 5);
        expect(measured(alignmentOf(a2, b2)).value).toBeCloseTo(measured(alignmentOf(a, b)).value, 8);
      }),
      { numRuns: 10, seed: 1 },
    );
  });
});

describe('two unrelated spaces', () => {
  it('stand at their chance levels', () => {
    const [a, b] = [gaussian(640, 64, 1), gaussian(640, 64, 2)];
    const found = measured(cca(a, b, 0));
    for (const { value, chance } of [found.cca, found.svcca, found.pwcca.forward, found.pwcca.backward]) {
      expect(Math.abs(value - chance)).toBeLessThan(0.02);
    }
    const distance = measured(procrustes(a, b, 0));
    expect(Math.abs(distance.value - distance.chance)).toBeLessThan(0.01);
    expect(distance.chance).toBeCloseTo(1 - 0.849 * Math.sqrt(64 / 640), 1);
    const kernels = measured(rbfCka(a, b));
    expect(Math.abs(kernels.debiased)).toBeLessThan(0.03);
    expect(Math.abs(kernels.value - kernels.chance)).toBeLessThan(0.03);
  });
});

describe('two unrelated spaces of 64 dimensions', () => {
  // Floors measured with NumPy: N, mean CCA, projection-weighted CCA, Procrustes distance, uniformity.
  it.each([
    [128, 0.64, 0.639, 0.432, -3.873],
    [512, 0.302, 0.302, 0.706, -3.876],
  ])('stand at the known floors for N = %i', (rows, plain, weighted, distance, spread) => {
    const [a, b] = [gaussian(rows, 64, 1), gaussian(rows, 64, 2)];
    const all = Number.POSITIVE_INFINITY;
    const { correlations, forward } = correlate(whiten(a, 1, all), whiten(b, 1, all));
    expect(Math.abs(correlations.reduce((sum, value) => sum + value, 0) / 64 / plain - 1)).toBeLessThan(0.15);
    expect(Math.abs(forward / weighted - 1)).toBeLessThan(0.15);
    expect(Math.abs(measured(procrustes(a, b, 0)).value / distance - 1)).toBeLessThan(0.15);
    expect(Math.abs(measured(uniformity(a)).value / spread - 1)).toBeLessThan(0.02);
  });
});

describe('CCA', () => {
  it('is 1 for any invertible linear map', () => {
    const a = gaussian(100, 3, 1);
    const b = fromRows(
      Array.from({ length: 100 }, (_, r) => {
        const [x = 0, y = 0, z = 0] = a.data.subarray(3 * r, 3 * r + 3);
        return [x + 3 * y, 0.2 * y, z - x];
      }),
    );
    for (const value of measured(cca(a, b, 0)).correlations) expect(value).toBeCloseTo(1, 4);
  });

  it('compares at most a tenth as many dimensions as pairs', () => {
    expect(measured(cca(gaussian(50, 20, 1), gaussian(50, 3, 2), 0)).dimensions).toEqual([5, 3]);
  });

  it('has a reason for fewer than ten pairs and for equal vectors', () => {
    expect(cca(gaussian(9, 3, 1), gaussian(9, 3, 2), 0)).toHaveProperty('reason');
    expect(cca(gaussian(50, 3, 1), constant(50, 3), 0)).toHaveProperty('reason');
  });
});

describe('Procrustes and Gaussian CKA', () => {
  it('have a reason when one side has no variance', () => {
    expect(procrustes(gaussian(20, 3, 1), constant(20, 3), 0)).toHaveProperty('reason');
    expect(rbfCka(gaussian(20, 3, 1), constant(20, 3))).toHaveProperty('reason');
    expect(rbfCka(gaussian(3, 3, 1), gaussian(3, 3, 2))).toHaveProperty('reason');
  });

  it('are defined when all rows are equally far apart', () => {
    const corners = fromRows([0, 1, 2, 3, 4].map((place) => [0, 1, 2, 3, 4].map((c) => Number(c === place))));
    expect(measured(rbfCka(corners, corners))).toMatchObject({ debiased: 0 });
    expect(measured(rbfCka(corners, corners)).value).toBeCloseTo(1, 8);
  });
});

describe('separability of the modalities', () => {
  it('is complete for clouds apart, at chance for one cloud, and exactly half for equal partners', () => {
    const a = gaussian(200, 4, 1);
    const shift = { ...constant(200, 4), data: new Float32Array(800).fill(8) };
    expect(measured(separability(a, add(gaussian(200, 4, 2), shift), 0)).accuracy).toBeGreaterThan(0.9);
    expect(Math.abs(measured(separability(a, gaussian(200, 4, 2), 0)).accuracy - 0.5)).toBeLessThan(0.08);
    expect(measured(separability(a, a, 0)).accuracy).toBe(0.5);
  });

  it('does not change when both modalities are rotated together', () => {
    const [a, b] = [gaussian(100, 4, 1), add(gaussian(100, 4, 2), constant(100, 4))];
    const turned = measured(separability(rotate(a, 9), rotate(b, 9), 0)).accuracy;
    expect(Math.abs(turned - measured(separability(a, b, 0)).accuracy)).toBeLessThan(0.011);
  });

  it('is defined for two points and has a reason for few pairs', () => {
    expect(measured(separability(constant(20, 3), scale(constant(20, 3), -1), 0)).accuracy).toBe(1);
    expect(separability(gaussian(9, 3, 1), gaussian(9, 3, 2), 0)).toHaveProperty('reason');
  });
});
