import fc from 'fast-check';
import { Matrix as DenseMatrix, QrDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { type Cka, cka } from '../../../src/alignment/cka.ts';
import { modalityGap, modalityGapFloor } from '../../../src/alignment/modalityGap.ts';
import { mutualKnnChance } from '../../../src/alignment/mutualKnn.ts';
import { fromRows, type Matrix, selectRows, zeros } from '../../../src/base/matrix.ts';
import { Random } from '../../../src/base/random.ts';
import { inThisThread } from './inThisThread.ts';
import { mutualKnn } from './mutualKnn.ts';

function gaussian(rows: number, columns: number, seed: number): Matrix {
  const random = Random.of(seed, 'gaussian');
  return { rows, columns, data: Float32Array.from({ length: rows * columns }, () => random.normal()) };
}

function ckaOf(a: Matrix, b: Matrix): Promise<Cka> {
  return cka(inThisThread, { matrix: a }, { matrix: b });
}

function neighbourScore(a: Matrix, b: Matrix): Promise<number> {
  return mutualKnn(inThisThread, { matrix: a }, { matrix: b }, 10);
}

function rotate(matrix: Matrix, seed: number): Matrix {
  const square = gaussian(matrix.columns, matrix.columns, seed);
  const rotation = new QrDecomposition(DenseMatrix.from1DArray(square.rows, square.columns, square.data))
    .orthogonalMatrix;
  const product = DenseMatrix.from1DArray(matrix.rows, matrix.columns, matrix.data).mmul(rotation);
  return fromRows(product.to2DArray());
}

const seeds = fc.integer({ min: 0, max: 1e6 });

describe('two unrelated spaces of 64 dimensions', () => {
  // Floors measured with NumPy: N, linear CKA, mutual 10-NN, modality gap.
  it.each([
    [80, 0.444, 0.129, 0.162],
    [256, 0.2, 0.04, 0.088],
    [512, 0.11, 0.019, 0.059],
  ])('stand at the known floors for N = %i', async (rows, linear, knn, gap) => {
    const repetitions = 4;
    let [sumLinear, sumChance, sumDebiased, sumKnn, sumGap] = [0, 0, 0, 0, 0];
    for (let seed = 0; seed < repetitions; seed++) {
      const [a, b] = [gaussian(rows, 64, 2 * seed), gaussian(rows, 64, 2 * seed + 1)];
      const measured = await ckaOf(a, b);
      sumLinear += measured.linear / repetitions;
      sumChance += measured.chance / repetitions;
      sumDebiased += measured.debiased / repetitions;
      sumKnn += (await neighbourScore(a, b)) / repetitions;
      sumGap += modalityGap({ matrix: a }, { matrix: b }) / repetitions;
    }
    expect(Math.abs(sumLinear / linear - 1)).toBeLessThan(0.15);
    expect(Math.abs(sumChance / sumLinear - 1)).toBeLessThan(0.05);
    expect(Math.abs(sumDebiased)).toBeLessThan(0.02);
    expect(Math.abs(sumKnn / knn - 1)).toBeLessThan(0.15);
    expect(Math.abs(sumKnn / mutualKnnChance(rows, 10) - 1)).toBeLessThan(0.15);
    expect(Math.abs(sumGap / gap - 1)).toBeLessThan(0.15);
    expect(Math.abs(modalityGapFloor(rows) / gap - 1)).toBeLessThan(0.15);
  });
});

describe('linear CKA', () => {
  it('is 1 for a rotated and scaled copy', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.double({ min: 0.1, max: 10, noNaN: true }), async (seed, scale) => {
        const a = gaussian(30, 6, seed);
        const rotated = rotate(a, seed + 1);
        const { linear, debiased } = await ckaOf(a, { ...rotated, data: rotated.data.map((value) => scale * value) });
        expect(linear).toBeCloseTo(1, 4);
        expect(debiased).toBeCloseTo(1, 4);
      }),
      { numRuns: 20 },
    );
  });

  it('does not depend on the order of the pairs', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const [a, b] = [gaussian(20, 4, seed), gaussian(20, 7, seed + 1)];
        const order = Random.of(seed).shuffle([...Array(20).keys()]);
        const shuffled = await ckaOf(selectRows(a, order), selectRows(b, order));
        expect(shuffled.debiased).toBeCloseTo((await ckaOf(a, b)).debiased, 6);
      }),
      { numRuns: 20 },
    );
  });

  it('has as its chance level the mean over all orders of one side', async () => {
    const [a, b] = [gaussian(5, 3, 1), gaussian(5, 2, 2)];
    const orders = permutations([0, 1, 2, 3, 4]);
    let total = 0;
    for (const order of orders) total += (await ckaOf(a, selectRows(b, order))).linear;
    expect((await ckaOf(a, b)).chance).toBeCloseTo(total / orders.length, 6);
  });

  it('stays put over the number of pairs when debiased, and does not otherwise', async () => {
    const shared = (rows: number) => {
      const common = gaussian(rows, 64, rows);
      const partner = gaussian(rows, 64, rows + 1);
      for (let i = 0; i < common.data.length; i++) {
        if (i % 64 >= 8) continue;
        common.data[i] = 2 * (common.data[i] ?? 0);
        partner.data[i] = common.data[i] ?? 0;
      }
      return ckaOf(common, rotate(partner, 7));
    };
    const [few, many] = [await shared(80), await shared(1024)];
    expect(Math.abs(few.debiased - 0.695)).toBeLessThan(0.1);
    expect(Math.abs(many.debiased - 0.697)).toBeLessThan(0.05);
    expect(few.linear - many.linear).toBeGreaterThan(0.05);
  });

  it('is 0 when a side has no variance', async () => {
    expect(await ckaOf(zeros(10, 3), gaussian(10, 3, 0))).toEqual({ linear: 0, chance: 0, debiased: 0 });
  });
});

describe('mutual k-NN', () => {
  it('is 1 for a rotated copy and symmetric', async () => {
    const [a, b] = [gaussian(70, 5, 1), gaussian(70, 9, 2)];
    expect(await neighbourScore(a, rotate(a, 3))).toBeGreaterThan(0.99);
    expect(await neighbourScore(a, b)).toBe(await neighbourScore(b, a));
  });
});

describe('modality gap', () => {
  it('grows as one cloud is shifted away', () => {
    const [a, b] = [gaussian(400, 16, 1), gaussian(400, 16, 2)];
    const gaps = [0, 0.5, 1, 2].map((shift) =>
      modalityGap(
        { matrix: a },
        { matrix: { ...b, data: b.data.map((value, i) => value + (i % 16 === 0 ? shift : 0)) } },
      ),
    );
    expect(gaps).toEqual([...gaps].sort((x, y) => x - y));
  });

  it('is 2 for opposite directions and 0 for equal ones', () => {
    expect(modalityGap({ matrix: fromRows([[3, 0]]) }, { matrix: fromRows([[-1, 0]]) })).toBeCloseTo(2, 6);
    expect(modalityGap({ matrix: fromRows([[3, 0]]) }, { matrix: fromRows([[1, 0]]) })).toBeCloseTo(0, 6);
  });
});

function permutations(list: readonly number[]): number[][] {
  if (list.length === 0) return [[]];
  return list.flatMap((element) =>
    permutations(list.filter((other) => other !== element)).map((rest) => [element, ...rest]),
  );
}
