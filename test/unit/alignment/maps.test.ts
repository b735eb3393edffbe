import { describe, expect, it } from 'vitest';
import { ccaWeights, correlationsOf } from '../../../src/alignment/maps/cca.ts';
import { fitMap, type Training } from '../../../src/alignment/maps/fit.ts';
import { mapToUnit } from '../../../src/alignment/maps/mapping.ts';
import {
  addMoments,
  emptyMoments,
  type Moments,
  meansOf,
  momentsAbout,
  momentsWithout,
} from '../../../src/alignment/maps/moments.ts';
import { procrustesWeights } from '../../../src/alignment/maps/procrustes.ts';
import { ridgeWeights } from '../../../src/alignment/maps/ridge.ts';
import { momentsOfGroups } from '../../../src/alignment/maps/sumOfGroups.ts';
import { principalComponents } from '../../../src/alignment/pca.ts';
import { crossProduct, fromRows, type Matrix, rowOf, subtractRow, zeros } from '../../../src/base/matrix.ts';
import { Random } from '../../../src/base/random.ts';
import { VIEW_X, VIEW_Y } from './goldenViews.ts';
import { inThisThread, inTwoParts } from './inThisThread.ts';

const [X, Y] = [fromRows(VIEW_X), fromRows(VIEW_Y)];

function gaussian(rows: number, columns: number, seed: number): Matrix {
  const random = Random.of(seed, 'gaussian');
  return { rows, columns, data: Float32Array.from({ length: rows * columns }, () => random.normal()) };
}

async function momentsOf(x: Matrix, y: Matrix): Promise<Moments> {
  const groupOf = new Uint32Array(x.rows);
  const { groups, originX, originY } = await momentsOfGroups(inThisThread, {
    x: { matrix: x },
    y: { matrix: y },
    groupOf,
    groups: 1,
  });
  const moments = addMoments(groups);
  // The map's means are then means of the rows themselves.
  const moved = momentsAbout(moments, { x: originX.map((value) => -value), y: originY.map((value) => -value) });
  const { count } = moments;
  return {
    ...moments,
    ...moved,
    sumX: originX.map((value) => value * count),
    sumY: originY.map((value) => value * count),
  };
}

function withoutValidation(all: Moments): Training {
  return { all, kept: all, validation: emptyMoments(all.sumX.length, all.sumY.length) };
}

async function centred(x: Matrix, y: Matrix) {
  const moments = await momentsOf(x, y);
  return momentsAbout(moments, meansOf(moments));
}

function expectClose(found: Iterable<number>, expected: readonly number[], digits: number): void {
  const values = [...found];
  expect(values).toHaveLength(expected.length);
  for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i] ?? Number.NaN, digits);
}

describe('moments', () => {
  it('are those of the rows of each group, whichever thread adds them up', async () => {
    const [x, y] = [gaussian(2600, 5, 1), gaussian(2600, 300, 2)];
    const groupOf = Uint32Array.from({ length: x.rows }, (_, row) => (row * 7) % 3);
    const asked = { x: { matrix: x }, y: { matrix: y }, groupOf, groups: 3 };
    const sums = await momentsOfGroups(inThisThread, asked);
    const again = await momentsOfGroups(inTwoParts, asked);
    for (const name of ['xx', 'xy', 'yy', 'sumX', 'sumY'] as const) {
      expect(
        again.groups.every((group, g) => group[name].every((value, i) => value === sums.groups[g]?.[name][i])),
      ).toBe(true);
    }
    const own = [...groupOf.keys()].filter((row) => groupOf[row] === 1);
    const pick = (matrix: Matrix) => fromRows(own.map((row) => rowOf(matrix, row)));
    const [left, right] = [subtractRow(pick(x), sums.originX), subtractRow(pick(y), sums.originY)];
    const expected = crossProduct(left, right);
    expect(sums.groups[1]?.count).toBe(own.length);
    expectClose(sums.groups[1]?.xy ?? [], [...expected], 3);
    // Some rows on both sides of the edge of a part, whose left ends are mirrored.
    const rows = [250 * 300, 260 * 300] as const;
    expectClose(sums.groups[1]?.yy.slice(...rows) ?? [], [...crossProduct(right, right)].slice(...rows), 2);
  });

  it('without a part are those of the rest', async () => {
    const [x, y] = [gaussian(90, 3, 1), gaussian(90, 4, 2)];
    const groupOf = Uint32Array.from({ length: 90 }, (_, row) => row % 3);
    const { groups } = await momentsOfGroups(inThisThread, { x: { matrix: x }, y: { matrix: y }, groupOf, groups: 3 });
    const [first = emptyMoments(3, 4), second = first, third = first] = groups;
    const [rest, expected] = [momentsWithout(addMoments(groups), second), addMoments([first, third])];
    expect(rest.count).toBe(60);
    for (const name of ['sumX', 'sumY', 'xx', 'xy', 'yy'] as const) expectClose(rest[name], [...expected[name]], 9);
  });
});

describe('ridge', () => {
  it('equals the closed form that NumPy solves', async () => {
    const weights = ridgeWeights(await centred(X, Y), 0.1);
    const expected = [
      [-0.065356, -0.143809, -0.142734, -0.338331],
      [-0.225265, -0.115945, -0.116668, -0.333831],
      [-0.853335, 0.201192, 0.274947, -0.323637],
    ];
    expectClose(weights.data, expected.flat(), 5);
  });

  it('equals the closed form for one column', async () => {
    // x = −1, 0, 1; y = −2, 0, 2; without validation pairs λ is the sum of x², so w = 4 / (2 + 2).
    const moments = await momentsOf(fromRows([[-1], [0], [1]]), fromRows([[-2], [0], [2]]));
    const map = fitMap('ridge', withoutValidation(moments));
    expect(map.first.weights?.data[0]).toBeCloseTo(1, 6);
  });

  it('finds a linear map that is there, with the strength that the validation pairs choose', async () => {
    const [x, mixing] = [gaussian(400, 6, 3), gaussian(6, 4, 4)];
    const y = fromRows(
      Array.from({ length: 400 }, (_, row) =>
        Array.from({ length: 4 }, (_, c) =>
          rowOf(x, row).reduce((sum, v, i) => sum + v * (rowOf(mixing, i)[c] ?? 0), 1),
        ),
      ),
    );
    const moments = await momentsOf(x, y);
    const { first, second } = fitMap('ridge', { all: moments, kept: moments, validation: moments });
    for (let o = 0; o < 4; o++) {
      for (let i = 0; i < 6; i++) expect(first.weights?.data[o * 6 + i]).toBeCloseTo(rowOf(mixing, i)[o] ?? 0, 1);
    }
    expect(second.weights).toBeUndefined();
  });

  it('maps everything to the mean when the inputs are all equal', async () => {
    const moments = await momentsOf(zeros(6, 2), fromRows([[1], [2], [3], [4], [5], [6]]));
    const map = fitMap('ridge', { all: moments, kept: moments, validation: moments });
    expect([...(map.first.weights?.data ?? [])]).toEqual([0, 0]);
    expect(map.second.mean[0]).toBeCloseTo(3.5, 6);
  });
});

describe('Procrustes', () => {
  it('recovers a rotation and its scale', async () => {
    const x = gaussian(200, 2, 5);
    const [cos, sin] = [3 * Math.cos(0.7), 3 * Math.sin(0.7)];
    const y = fromRows(
      Array.from({ length: 200 }, (_, row) => {
        const [a = 0, b = 0] = rowOf(x, row);
        return [cos * a - sin * b, sin * a + cos * b];
      }),
    );
    expectClose(procrustesWeights(await centred(x, y)).data, [cos, -sin, sin, cos], 5);
  });

  it('turns the shorter side into the longer space as SciPy does with zeros appended', async () => {
    const { first, second } = fitMap('procrustes', withoutValidation(await momentsOf(X, Y)));
    expect(first.weights).toBeUndefined();
    const expected = [
      [-0.052062, 0.001684, -0.870657],
      [-0.173856, -0.249235, 0.267064],
      [0.33972, -0.830744, -0.071286],
      [-0.828876, -0.288315, -0.030548],
    ];
    expectClose(second.weights?.data ?? [], expected.flat(), 4);
  });

  it('gives zeros when nothing is shared', async () => {
    expect([...procrustesWeights(await centred(zeros(8, 2), zeros(8, 2))).data]).toEqual([0, 0, 0, 0]);
  });
});

describe('CCA', () => {
  it('has the correlations that NumPy finds by QR when nothing is added', async () => {
    const moments = await centred(X, Y);
    expectClose(correlationsOf(ccaWeights(moments, 1e-6), moments), [0.893031, 0.864723, 0.188823], 4);
  });

  it('has the correlations that NumPy finds by symmetric roots when something is added', async () => {
    const moments = await centred(X, Y);
    expectClose(correlationsOf(ccaWeights(moments, 0.1), moments), [0.889546, 0.859483, 0.187408], 4);
  });

  it('maps both sides to zeros when one has no variance', async () => {
    const { first, second } = ccaWeights(await centred(X, zeros(40, 3)), 1);
    expect([...first.data, ...second.data].every((value) => value === 0)).toBe(true);
  });
});

describe('mapToUnit', () => {
  it('sends every row through the map of its group', async () => {
    const rows = {
      matrix: fromRows([
        [3, 4],
        [1, 1],
        [0, 2],
      ]),
    };
    const groupOf = Uint32Array.from([0, 1, 0]);
    const maps = [
      {
        mean: Float64Array.from([0, 0]),
        weights: fromRows([
          [1, 0],
          [0, 1],
        ]),
      },
      {
        mean: Float64Array.from([1, 1]),
        weights: fromRows([
          [5, 5],
          [5, 5],
        ]),
      },
    ];
    const mapped = await mapToUnit(inTwoParts, { rows, groupOf, maps });
    expectClose(mapped.data, [0.6, 0.8, 0, 0, 0, 1], 6);
  });
});

describe('principal components', () => {
  it('are those of scikit-learn, up to their sign', async () => {
    const { components, shares, projected } = await principalComponents(inThisThread, [{ matrix: X }], 2);
    expectClose(shares, [0.7092, 0.194299], 5);
    expectClose(components.data, [0.514873, -0.230625, 0.675175, -0.475244, 0.081085, 0.267722, 0.57224, 0.770903], 4);
    const first = rowOf(subtractRow(X, meansOf(await momentsOf(X, X)).x), 5);
    expect(projected[0]?.data[10]).toBeCloseTo(
      first.reduce((sum, v, c) => sum + v * (components.data[c] ?? 0), 0),
      4,
    );
  });

  it('of two sets are those of their rows together', async () => {
    const halves = [0, 20].map((from) => ({ matrix: fromRows(VIEW_X.slice(from, from + 20)) }));
    const { shares, projected } = await principalComponents(inThisThread, halves, 2);
    expectClose(shares, [0.7092, 0.194299], 5);
    expect(projected.map(({ rows }) => rows)).toEqual([20, 20]);
  });
});
