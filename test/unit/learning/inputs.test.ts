import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { rowsByClass } from '../../../src/learning/data.ts';
import { cutToLongest, normalise, readItems, requireFinite, vectorInputs } from '../../../src/learning/inputs.ts';

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

describe('sequences that are cut to the longest of a batch', () => {
  const [tokens, width] = [12, 2];
  /** Of each row the token `at` is [at + 1, row], and the tokens from its length on are padding. */
  const sequences = (lengths: readonly number[]) => {
    const values = lengths.flatMap((length, row) =>
      Array.from({ length: tokens }, (_, at) => (at < length ? [at + 1, row] : [0, 0])).flat(),
    );
    const all = vectorInputs(tokens * width, Float32Array.from(values), new Int32Array(lengths.length));
    return { ...all, shape: [tokens, width] };
  };
  const whole = sequences([0, 3, 4, 5, 8, 9, 12]);
  const cut = cutToLongest(whole);

  test.each([
    ['nothing', [0], 4],
    ['three of twelve tokens', [1, 0], 4],
    ['four', [2, 1], 4],
    ['five', [3, 0, 1], 8],
    ['eight', [4], 8],
    ['nine', [0, 5], 12],
    ['all', [6, 1], 12],
  ])('with %s have the tokens of the whole up to four, eight or all', async (_, rows, expected) => {
    const [own, all] = [await readItems(cut, rows), await readItems(whole, rows)];
    expect(own.shape).toEqual([rows.length, expected, width]);
    expect(all.shape).toEqual([rows.length, tokens, width]);
    for (const row of rows.keys()) {
      const kept = own.values.subarray(row * expected * width, (row + 1) * expected * width);
      const [start, end] = [row * tokens * width, (row + 1) * tokens * width];
      expect([...kept]).toEqual([...all.values.subarray(start, start + expected * width)]);
      expect(all.values.subarray(start + expected * width, end).every((value) => value === 0)).toBe(true);
    }
  });

  test('keep a token that ends in zeros, and padding between tokens', async () => {
    const odd = Array.from({ length: tokens * width }, (_, at) => Number(at === 2 || at === 8));
    const inputs = {
      ...vectorInputs(tokens * width, Float32Array.from(odd), new Int32Array(1)),
      shape: [tokens, width],
    };
    const { values, shape } = await readItems(cutToLongest(inputs), [0]);
    expect(shape).toEqual([1, 8, width]);
    expect([...values]).toEqual(odd.slice(0, 8 * width));
  });

  test('of no rows are none, and vectors and pictures stay as they are', async () => {
    expect((await readItems(cut, [])).shape).toEqual([0, tokens, width]);
    const picture = { ...whole, shape: [3, 4, width] };
    expect(cutToLongest(picture)).toBe(picture);
    expect(cutToLongest(inputs)).toBe(inputs);
  });
});
