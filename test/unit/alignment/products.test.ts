import { describe, expect, it } from 'vitest';
import { multiply, multiplyTransposed, RightFactor } from '../../../src/alignment/products/wasm.ts';
import type { Matrix } from '../../../src/base/matrix.ts';
import { Random } from '../../../src/base/random.ts';

const random = Random.of(0, 'products');

function drawn(rows: number, columns: number): Matrix {
  return { rows, columns, data: Float32Array.from({ length: rows * columns }, () => random.normal()) };
}

/** In float64. */
function exact(a: Matrix, b: Matrix): number[] {
  const at = ({ columns, data }: Matrix, r: number, c: number): number => data[r * columns + c] ?? 0;
  return Array.from({ length: a.rows * b.columns }, (_, place) => {
    const [r, c] = [Math.floor(place / b.columns), place % b.columns];
    return Array.from({ length: a.columns }, (_, k) => at(a, r, k) * at(b, k, c)).reduce(
      (sum, value) => sum + value,
      0,
    );
  });
}

function turned({ rows, columns, data }: Matrix): Matrix {
  const values = Float32Array.from(data, (_, place) => data[(place % rows) * columns + Math.floor(place / rows)] ?? 0);
  return { rows: columns, columns: rows, data: values };
}

function expectClose(
  { rows, columns, data }: Matrix,
  wanted: readonly number[],
  shape: readonly [number, number],
): void {
  expect([rows, columns]).toEqual(shape);
  expect(data.length).toBe(wanted.length);
  for (const [place, value] of wanted.entries()) expect(data[place]).toBeCloseTo(value, 4);
}

describe('products on WebAssembly', () => {
  it.each([
    [1, 1, 1],
    [4, 4, 8],
    [5, 3, 9],
    [7, 6, 15],
    [513, 5, 3],
    [3, 130, 517],
    [0, 4, 2],
    [2, 4, 0],
  ])('multiply %i × %i with %i columns, however these fill the rounds of the kernel', (n, k, m) => {
    const [a, b] = [drawn(n, k), drawn(k, m)];
    const wanted = exact(a, b);
    expectClose(multiply(a, b), wanted, [n, m]);
    expectClose(RightFactor.transposed(turned(b)).times(a), wanted, [n, m]);
    expectClose(multiplyTransposed(turned(a), b), wanted, [n, m]);
  });

  it('give an element the same last bit wherever its row and its column stand', () => {
    const [a, b] = [drawn(9, 77), drawn(77, 21)];
    const whole = multiply(a, b);
    const row = { rows: 1, columns: 77, data: a.data.subarray(6 * 77, 7 * 77) };
    expect(multiply(row, b).data).toEqual(whole.data.subarray(6 * 21, 7 * 21));
    const [last] = [Float32Array.from({ length: 77 }, (_, k) => b.data[k * 21 + 20] ?? 0)];
    expect(multiply(a, { rows: 77, columns: 1, data: last ?? new Float32Array() }).data[6]).toBe(
      whole.data[6 * 21 + 20],
    );
  });

  it('take factors in turn, each other ones, without mixing them up', () => {
    const [a, b, c] = [drawn(6, 10), drawn(10, 12), drawn(10, 40)];
    const [first, second] = [RightFactor.of(b), RightFactor.of(c)];
    const before = first.times(a);
    expectClose(second.times(a), exact(a, c), [6, 40]);
    expect(first.times(a)).toEqual(before);
    expectClose(before, exact(a, b), [6, 12]);
  });
});
