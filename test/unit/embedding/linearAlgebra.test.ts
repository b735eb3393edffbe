import { describe, expect, it } from 'vitest';
import { columnMeans, crossProduct, fromRows, type Matrix, rowOf, zeros } from '../../../src/base/matrix.ts';
import { Random } from '../../../src/base/random.ts';
import { leadingDirections } from '../../../src/embedding/truncatedSvd.ts';
import { fitPrincipalDirections, fitWhitening } from '../../../src/embedding/whitening.ts';

/** Rows whose columns have the given standard deviations. */
function gaussian(rows: number, deviations: readonly number[]): Matrix {
  const random = Random.of(1, 'gaussian');
  return fromRows(Array.from({ length: rows }, () => deviations.map((deviation) => 3 + deviation * random.normal())));
}

function covarianceOf(rows: Matrix): number[] {
  return [...crossProduct(rows, rows)].map((value) => value / (rows.rows - 1));
}

describe('fitPrincipalDirections', () => {
  it('gives uncorrelated numbers of zero mean, which keep their variance, the largest first', () => {
    const rows = gaussian(500, [1, 5]);
    const directions = fitPrincipalDirections(rows, 2);
    const turned = fromRows(Array.from({ length: 500 }, (_, row) => directions.apply(rowOf(rows, row))));
    for (const centre of columnMeans(turned)) expect(centre).toBeCloseTo(0, 4);
    const [first = 0, across, , second = 0] = covarianceOf(turned);
    expect(across).toBeCloseTo(0, 3);
    expect(Math.sqrt(first) / 5).toBeCloseTo(1, 0);
    expect(Math.sqrt(second)).toBeCloseTo(1, 0);
  });
});

describe('fitWhitening', () => {
  it('gives uncorrelated numbers of unit variance and zero mean', () => {
    const rows = gaussian(500, [5, 1, 0.2]);
    const whitening = fitWhitening(rows, 3, 0);
    const white = fromRows(Array.from({ length: 500 }, (_, row) => whitening.apply(rowOf(rows, row))));
    for (const centre of columnMeans(white)) expect(centre).toBeCloseTo(0, 4);
    for (const [i, value] of covarianceOf(white).entries()) expect(value).toBeCloseTo(i % 4 === 0 ? 1 : 0, 3);
  });

  it('keeps directions of tiny variance small', () => {
    const rows = gaussian(500, [5, 1, 0.01]);
    const whitening = fitWhitening(rows, 3, 0.1);
    const white = fromRows(Array.from({ length: 500 }, (_, row) => whitening.apply(rowOf(rows, row))));
    const variances = covarianceOf(white).filter((_, i) => i % 4 === 0);
    expect(variances[0]).toBeGreaterThan(0.9);
    expect(variances[2]).toBeLessThan(0.001);
  });

  it('keeps the directions of greatest variance when there are too many', () => {
    const rows = gaussian(300, [1, 10, 0.1]);
    const [direction] = [rowOf(fitWhitening(rows, 1, 0).map, 0)];
    expect(Math.abs(direction[1] ?? 0)).toBeGreaterThan(20 * Math.abs(direction[0] ?? 0));
  });

  it('drops directions without variance, and gives 0 when there are none at all', () => {
    const flat = fromRows(Array.from({ length: 20 }, (_, i) => [i, 7, 2 * i]));
    expect(fitWhitening(flat, 3, 0).dimensions).toBe(1);
    const equal = fitWhitening(
      fromRows([
        [1, 2],
        [1, 2],
      ]),
      2,
      0.1,
    );
    expect([...equal.apply(Float32Array.from([9, 9]))]).toEqual([0]);
  });
});

describe('leadingDirections', () => {
  const sparse = (rows: readonly (readonly number[])[]) =>
    rows.map((row) => ({ columns: Uint32Array.from(row.keys()), values: Float32Array.from(row) }));

  it('finds the right singular vectors, longest first', async () => {
    // Singular values 9, 4 and 1.
    const rows = [
      [9, 0, 0, 0],
      [0, 2.4, 3.2, 0],
      [0, 0, 0, 1],
    ];
    const found = await leadingDirections(sparse(rows), 4, 2, Random.of(1));
    const column = (c: number) => [0, 1, 2, 3].map((r) => Math.abs(found.data[r * found.columns + c] ?? 0));
    expect(found.columns).toBe(2);
    for (const [i, value] of [1, 0, 0, 0].entries()) expect(column(0)[i]).toBeCloseTo(value, 4);
    for (const [i, value] of [0, 0.6, 0.8, 0].entries()) expect(column(1)[i]).toBeCloseTo(value, 4);
  });

  it('gives unit vectors that are orthogonal, down to the shortest direction', async () => {
    const random = Random.of(4, 'matrix');
    const dense = Array.from({ length: 60 }, () => Array.from({ length: 40 }, (_, c) => random.normal() / (1 + c)));
    const found = await leadingDirections(sparse(dense), 40, 40, Random.of(2));
    expect(found.columns).toBe(40);
    const gram = crossProduct(found, found);
    for (const [i, value] of gram.entries()) expect(value).toBeCloseTo(i % 41 === 0 ? 1 : 0, 2);
  });

  it('gives no more directions than there are, and one of zeros for no columns', async () => {
    const equal = sparse([
      [1, 1],
      [1, 1],
      [2, 2],
    ]);
    expect((await leadingDirections(equal, 2, 2, Random.of(1))).columns).toBe(1);
    expect(await leadingDirections(sparse([[], []]), 0, 3, Random.of(1))).toEqual(zeros(0, 1));
  });

  it('gives the same directions for the same seed', async () => {
    const rows = sparse(Array.from({ length: 30 }, (_, r) => Array.from({ length: 20 }, (_c, c) => (r * c) % 7)));
    const [one, other] = [0, 0].map(() => leadingDirections(rows, 20, 5, Random.of(3)));
    expect(await one).toEqual(await other);
  });
});
