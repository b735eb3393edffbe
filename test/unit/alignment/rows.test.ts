import { describe, expect, it } from 'vitest';
import { asUnits, blocksOf, gather, meanOf, pickRows } from '../../../src/alignment/products/rows.ts';
import { fromRows, unitRows } from '../../../src/base/matrix.ts';
import { gaussian } from './metrics/made.ts';

describe('rows as unit vectors', () => {
  it('are what dividing a copy gives, to the last bit, also of some rows', () => {
    const matrix = gaussian(2100, 7, 1);
    const units = asUnits({ matrix });
    expect(gather(units, 0, 2100).data).toEqual(unitRows(matrix).data);
    const listed = Uint32Array.of(2000, 3, 3);
    const some = [...listed].flatMap((row) => [...unitRows(matrix).data.subarray(7 * row, 7 * row + 7)]);
    expect([...gather(pickRows(units, listed), 0, 3).data]).toEqual(some);
    expect([...gather(asUnits({ matrix, listed }), 0, 3).data]).toEqual(some);
  });

  it('leave the matrix as it is, and a row of zeros without a direction', () => {
    const matrix = fromRows([
      [3, 4],
      [0, 0],
    ]);
    expect([...gather(asUnits({ matrix }), 0, 2).data]).toEqual([Math.fround(0.6), Math.fround(0.8), 0, 0]);
    expect([...matrix.data]).toEqual([3, 4, 0, 0]);
  });

  it('are not divided again', () => {
    const units = asUnits({ matrix: gaussian(5, 3, 2) });
    expect(asUnits(units)).toBe(units);
  });
});

describe('the blocks of rows', () => {
  it('are all rows in their order, and their mean is that of the columns', () => {
    const matrix = gaussian(2500, 3, 3);
    const blocks = [...blocksOf({ matrix })];
    expect(blocks.map(({ rows }) => rows)).toEqual([1024, 1024, 452]);
    expect(blocks.flatMap(({ data }) => [...data])).toEqual([...matrix.data]);
    const sum = matrix.data.reduce((total, value, at) => total + (at % 3 === 1 ? value : 0), 0);
    expect(meanOf({ matrix })[1]).toBeCloseTo(sum / 2500, 10);
    expect([...meanOf({ matrix, listed: new Uint32Array() })]).toEqual([0, 0, 0]);
  });
});
