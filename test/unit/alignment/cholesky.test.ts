import { describe, expect, it } from 'vitest';
import { inverseFactor } from '../../../src/alignment/maps/cholesky.ts';
import { type Dense, dense, timesTransposed, transposed } from '../../../src/alignment/maps/dense.ts';
import { Random } from '../../../src/base/random.ts';

/** Symmetric and positive definite. */
function square(size: number): Dense {
  const random = Random.of(size, 'square');
  const rows = dense(
    size,
    size + 3,
    Float64Array.from({ length: size * (size + 3) }, () => random.normal()),
  );
  return timesTransposed(rows, rows);
}

describe('inverseFactor', () => {
  // Around the blocks of 32 that are factored element by element, and of odd halves.
  it.each([1, 2, 32, 33, 67, 130, 259])('makes the identity of a matrix of size %i', (size) => {
    const matrix = square(size);
    const factor = inverseFactor(matrix);
    const whole = dense(size, size, factor.data);
    const product = timesTransposed(timesTransposed(whole, matrix), whole);
    const error = product.data.map((value, at) => Math.abs(value - Number(at % (size + 1) === 0)));
    expect(Math.max(...error)).toBeLessThan(1e-8);
  });

  it('is zero above the diagonal', () => {
    const { data } = inverseFactor(square(67));
    expect(data.every((value, at) => at % 67 <= Math.floor(at / 67) || value === 0)).toBe(true);
  });

  it('reads the lower half alone', () => {
    const matrix = square(67);
    const lower = dense(
      67,
      67,
      matrix.data.map((value, at) => (at % 67 <= Math.floor(at / 67) ? value : Number.NaN)),
    );
    expect(inverseFactor(lower).data).toEqual(inverseFactor(matrix).data);
  });
});

describe('products with triangles', () => {
  it.each(['lower', 'upper'] as const)('leave out the zeros of a %s one on either side, and nothing else', (shape) => {
    const [size, random] = [37, Random.of(1, 'triangle')];
    const any = dense(
      size,
      size,
      Float64Array.from({ length: size * size }, () => random.normal()),
    );
    const isKept = (at: number): boolean =>
      shape === 'lower' ? at % size <= Math.floor(at / size) : at % size >= Math.floor(at / size);
    const zeroed = any.data.map((value, at) => (isKept(at) ? value : 0));
    const [triangle, whole] = [dense(size, size, zeroed, shape), dense(size, size, zeroed)];
    expect(timesTransposed(triangle, any).data).toEqual(timesTransposed(whole, any).data);
    expect(timesTransposed(any, triangle).data).toEqual(timesTransposed(any, whole).data);
    expect(timesTransposed(triangle, transposed(triangle)).data).toEqual(
      timesTransposed(whole, transposed(whole)).data,
    );
  });
});
