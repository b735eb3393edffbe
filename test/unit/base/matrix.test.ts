import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnMeans, crossProduct, fromRows, rowProducts, selectRows, unitRows } from '../../../src/base/matrix.ts';

const sizes = fc.integer({ min: 1, max: 11 });
const matrices = fc.tuple(sizes, sizes, sizes).chain(([rowsA, rowsB, columns]) => {
  const rows = (count: number) =>
    fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: columns, maxLength: columns }), {
      minLength: count,
      maxLength: count,
    });
  return fc.tuple(rows(rowsA), rows(rowsB));
});
const product = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

describe('rowProducts', () => {
  it('holds the inner product of every two rows, for any sizes and any range', () => {
    fc.assert(
      fc.property(matrices, fc.nat(), ([a, b], start) => {
        const from = start % a.length;
        const out = new Float32Array((a.length - from) * b.length);
        rowProducts(fromRows(a), from, a.length, fromRows(b), out);
        expect([...out]).toEqual(a.slice(from).flatMap((left) => b.map((right) => product(left, right))));
      }),
    );
  });
});

describe('crossProduct', () => {
  it('holds the inner product of every two columns', () => {
    fc.assert(
      fc.property(matrices, ([a]) => {
        const columns = (a[0] ?? []).map((_, c) => a.map((row) => row[c] ?? 0));
        const expected = columns.flatMap((left) => columns.map((right) => product(left, right)));
        expect([...crossProduct(fromRows(a), fromRows(a))]).toEqual(expected);
      }),
    );
  });
});

describe('rows', () => {
  it('are scaled to length 1, and a row of zeros stays', () => {
    const unit = unitRows(
      fromRows([
        [3, 4],
        [0, 0],
      ]),
    );
    expect([...unit.data].map((value) => Math.round(10 * value) / 10)).toEqual([0.6, 0.8, 0, 0]);
  });

  it('are selected in any order, also twice', () => {
    expect([...selectRows(fromRows([[1], [2], [3]]), [2, 0, 2]).data]).toEqual([3, 1, 3]);
  });

  it('have column means, and none without rows', () => {
    expect([
      ...columnMeans(
        fromRows([
          [1, 5],
          [3, 6],
        ]),
      ),
    ]).toEqual([2, 5.5]);
    expect([...columnMeans({ rows: 0, columns: 2, data: new Float32Array() })]).toEqual([0, 0]);
  });

  it('of unequal length are refused', () => {
    expect(() => fromRows([[1], [1, 2]])).toThrow(RangeError);
  });
});
