import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { rowsByClass } from '../../../src/learning/data.ts';
import { normalise, requireFinite, vectorInputs } from '../../../src/learning/inputs.ts';

const classes = Int32Array.from([1, -1, 0]);
const inputs = vectorInputs(2, Float32Array.from([1, 5, 3, 5, 100, 7]), classes);

describe('inputs', () => {
  test('are centred and scaled as a whole by the given rows alone, which then have a mean square of 1', () => {
    const values = normalise(inputs, [0, 1]).gather([0, 1, 2]);
    const expected = [-1, 0, 1, 0, 98, 2].map((value) => value * Math.SQRT2);
    for (const [at, value] of expected.entries()) expect(values[at]).toBeCloseTo(value, 4);
  });

  test('that are all equal become 0', () => {
    expect([...normalise(inputs, [0]).gather([0])]).toEqual([0, 0]);
  });

  test('of tokens share the centre of each place of a token', () => {
    const tokens = { ...inputs, shape: [1, 2] };
    expect(normalise(tokens, [0, 1]).gather([2])).toEqual(normalise(inputs, [0, 1]).gather([2]));
    const pairs = { ...inputs, shape: [2, 1] };
    expect([...normalise(pairs, [0]).gather([0])]).toEqual([-1, 1]);
  });

  test('of tokens keep their padding at 0, and it does not count', () => {
    const padded = {
      ...vectorInputs(4, Float32Array.from([1, 3, 0, 0, 3, 5, 0, 0]), Int32Array.of(0, 0)),
      shape: [2, 2],
    };
    expect([...normalise(padded, [0, 1]).gather([0, 1])]).toEqual([-1, -1, 0, 0, 1, 1, 0, 0]);
  });

  test('of one vector are centred also where they are zero all over', () => {
    const zero = vectorInputs(1, Float32Array.of(0, 2), Int32Array.of(0, 0));
    expect([...normalise(zero, [0, 1]).gather([0])]).toEqual([-1]);
  });

  test('are grouped by class, without the items that have none', () => {
    expect(rowsByClass(inputs, 2)).toEqual([[2], [0]]);
  });

  test('are gathered row by row, also repeatedly', () => {
    expect([...inputs.gather([2, 0, 2])]).toEqual([100, 7, 1, 5, 100, 7]);
  });

  test('with a value that is not finite are refused, naming side, row and value', () => {
    const broken = vectorInputs(2, Float32Array.from([1, 5, 3, Number.NaN, 100, 7]), classes);
    expect(() => requireFinite(broken, 'target')).toThrow(InputError);
    expect(() => requireFinite(broken, 'target')).toThrow('The target vector in row 1 holds NaN.');
  });
});
