import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { type Features, gather, normalise, requireFinite, rowsByClass } from '../../../src/learning/data.ts';

const features: Features = {
  rows: 3,
  dimensions: 2,
  vectors: Float32Array.from([1, 5, 3, 5, 100, 7]),
  classes: Int32Array.from([1, -1, 0]),
};

describe('features', () => {
  test('are centred and scaled as a whole by the given rows alone, which then have a mean square of 1', () => {
    const { vectors } = normalise(features, [0, 1]);
    const expected = [-1, 0, 1, 0, 98, 2].map((value) => value * Math.SQRT2);
    for (const [at, value] of expected.entries()) expect(vectors[at]).toBeCloseTo(value, 4);
  });

  test('that are all equal become 0', () => {
    expect([...normalise(features, [0]).vectors.subarray(0, 2)]).toEqual([0, 0]);
  });

  test('are grouped by class, without the items that have none', () => {
    expect(rowsByClass(features, 2)).toEqual([[2], [0]]);
  });

  test('are gathered row by row, also repeatedly', () => {
    expect([...gather(features, [2, 0, 2])]).toEqual([100, 7, 1, 5, 100, 7]);
  });

  test('with a value that is not finite are refused, naming side, row and value', () => {
    const broken = { ...features, vectors: Float32Array.from([1, 5, 3, Number.NaN, 100, 7]) };
    expect(() => requireFinite(broken, 'target')).toThrow(InputError);
    expect(() => requireFinite(broken, 'target')).toThrow('The target vector in row 1 holds NaN.');
  });
});
