import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussianOf, squaredWasserstein } from '../../../../src/alignment/metrics/bures.ts';
import { classSimilarity } from '../../../../src/alignment/metrics/classSimilarity.ts';
import { knowledgeDiscrepancy } from '../../../../src/alignment/metrics/knowledgeDiscrepancy.ts';
import { otdd } from '../../../../src/alignment/metrics/otdd.ts';
import { fitSourcePredictor } from '../../../../src/alignment/metrics/sourcePredictor.ts';
import { type Costs, entropicTransport, sinkhornDivergence } from '../../../../src/alignment/metrics/transport.ts';
import { fromRows, type Matrix, rowOf, selectRows } from '../../../../src/base/matrix.ts';
import golden from '../../../golden/labels.json';
import { add, constant, gaussian, measured, rotate, scale, shuffledRows } from './made.ts';

const { six, made, sinkhorn } = golden;
const [source, target] = [fromRows(made.source), fromRows(made.target)];
const [sourceLabels, targetLabels] = [made.sourceLabels.map(String), made.targetLabels.map(String)];

function squaredDistances(a: Matrix, b: Matrix, factor = 1): Costs {
  const distance = (i: number, j: number) =>
    rowOf(a, i).reduce((sum, value, c) => sum + (value - (rowOf(b, j)[c] ?? 0)) ** 2, 0);
  const data = Array.from(
    { length: a.rows * b.rows },
    (_, at) => factor * distance(Math.floor(at / b.rows), at % b.rows),
  );
  return { rows: a.rows, columns: b.rows, data: Float64Array.from(data) };
}

function where(matrix: Matrix, labels: readonly unknown[], wanted: unknown): Matrix {
  return selectRows(
    matrix,
    [...labels.keys()].filter((row) => labels[row] === wanted),
  );
}

/** Classes around centres of their own. */
function classes(count: number, each: number, columns: number, seed: number): { vectors: Matrix; labels: string[] } {
  const names = Array.from({ length: count * each }, (_, row) => row % count);
  const centres = selectRows(scale(gaussian(count, columns, seed), 3), names);
  return { vectors: add(gaussian(count * each, columns, seed + 1), centres), labels: names.map(String) };
}

describe('the source predictor', () => {
  it('gives the probabilities that scikit-learn gives', () => {
    const { classes: found, predict } = measured(fitSourcePredictor(source, sourceLabels));
    const probabilities = predict(target);
    expect(found).toEqual(['0', '1', '2', '3']);
    for (const [at, value] of made.probabilities.flat().entries()) {
      expect(probabilities.data[at]).toBeCloseTo(value, 3);
    }
  });

  it('does not depend on the scale of the space, and ignores rows without a label', () => {
    const [small, smallTarget] = [scale(source, 1e-6), scale(target, 1e-6)];
    const expected = measured(fitSourcePredictor(source, sourceLabels)).predict(target);
    const found = measured(fitSourcePredictor(small, sourceLabels)).predict(smallTarget);
    for (const [at, value] of expected.data.entries()) expect(found.data[at]).toBeCloseTo(value, 3);
    const more = fromRows([...made.source, [9, 9, 9, 9, 9]]);
    const same = measured(fitSourcePredictor(more, [...sourceLabels, undefined])).predict(target);
    expect([...same.data]).toEqual([...expected.data]);
  });

  it('gives the shares of the classes when all vectors are equal, and has a reason for one class', () => {
    const { predict } = measured(fitSourcePredictor(constant(4, 3), ['a', 'b', 'b', 'b']));
    expect(predict(constant(1, 3)).data[0]).toBeCloseTo(0.25, 3);
    expect(fitSourcePredictor(constant(4, 3), ['a', 'a', 'a', 'a'])).toHaveProperty('reason');
  });
});

describe('the knowledge discrepancy', () => {
  const probabilities = fromRows(made.probabilities);
  const names = ['w', 'x', 'y', 'z'];

  it('is what SciPy finds, with the same matching', () => {
    const found = measured(knowledgeDiscrepancy(probabilities, names, targetLabels, 0));
    expect(found.value).toBeCloseTo(made.discrepancy.value, 6);
    expect(found.matching.map(({ source: name }) => name)).toEqual(made.discrepancy.matching.map((k) => names[k]));
    expect(Math.abs(found.chance - made.shuffledDiscrepancy)).toBeLessThan(0.4 * found.deviation);
    expect(found.beyondChance).toBeCloseTo(found.value - found.chance, 10);
  });

  it('does not change when source classes are renamed, and is at chance for shuffled target labels', () => {
    const value = measured(knowledgeDiscrepancy(probabilities, names, targetLabels, 0)).value;
    const renamed = fromRows(made.probabilities.map(([a = 0, b = 0, c = 0, d = 0]) => [c, a, d, b]));
    expect(measured(knowledgeDiscrepancy(renamed, names, targetLabels, 0)).value).toBeCloseTo(value, 10);
    const shuffled = shuffledRows(40, 3).map((row) => targetLabels[row]);
    const unrelated = measured(knowledgeDiscrepancy(probabilities, names, shuffled, 0));
    expect(Math.abs(unrelated.beyondChance)).toBeLessThan(3 * unrelated.deviation);
    expect(unrelated.value).toBeGreaterThan(value + 0.2);
  });

  it('leaves out and counts items without a label', () => {
    const labels = ['a', undefined, 'b', 'a'];
    const certain = fromRows([
      [1, 0],
      [0, 1],
      [0, 1],
      [1, 0],
    ]);
    const found = measured(knowledgeDiscrepancy(certain, ['p', 'q'], labels, 0));
    expect(found).toMatchObject({ value: 0, unlabelled: 1 });
    expect(found.matching).toEqual([
      { target: 'a', source: 'p', agreement: 1 },
      { target: 'b', source: 'q', agreement: 1 },
    ]);
  });

  it('has a reason without labels and for more target than source classes', () => {
    const unlabelled = Array.from({ length: 40 }, () => undefined);
    expect(knowledgeDiscrepancy(probabilities, names, unlabelled, 0)).toHaveProperty('reason');
    expect(knowledgeDiscrepancy(fromRows([[1], [1]]), ['only'], ['a', 'b'], 0)).toHaveProperty('reason');
  });
});

describe('the distance of two Gaussians', () => {
  it.each([
    ['of three items in three dimensions', six.a, six.labels, six.b, six.labels, six.otdd.labelDistances],
    [
      'of more items than dimensions',
      made.source.slice(0, 40),
      made.sourceLabels.slice(0, 40),
      made.target,
      made.targetLabels,
      made.otdd.labelDistances,
    ],
  ])('%s is what SciPy finds', (_, a, labelsA, b, labelsB, expected) => {
    for (const [i, row] of expected.entries()) {
      for (const [j, value] of row.entries()) {
        const [left, right] = [gaussianOf(where(fromRows(a), labelsA, i)), gaussianOf(where(fromRows(b), labelsB, j))];
        expect(squaredWasserstein(left, right)).toBeCloseTo(value, 4);
      }
    }
  });

  it('is 0 to itself and changes with neither a rotation nor a shift of both', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 2, max: 12 }), (seed, rows) => {
        const [a, b] = [gaussian(rows, 4, seed), scale(gaussian(7, 4, seed + 1), 2)];
        const distance = squaredWasserstein(gaussianOf(a), gaussianOf(b));
        const turn = (matrix: Matrix) => gaussianOf(add(rotate(matrix, seed), constant(matrix.rows, 4)));
        expect(squaredWasserstein(gaussianOf(a), gaussianOf(a))).toBeCloseTo(0, 5);
        expect(squaredWasserstein(turn(a), turn(b))).toBeCloseTo(distance, 4);
      }),
      { numRuns: 20, seed: 1 },
    );
  });
});

describe('entropic transport', () => {
  it('costs what NumPy finds', async () => {
    expect(await entropicTransport(squaredDistances(source, target), 1)).toBeCloseTo(made.entropicOfAll, 3);
  });

  it.each([
    [0.5, sinkhorn.halfSquares],
    [1, sinkhorn.squares],
  ])('without its bias, for %f d², is what NumPy finds', async (factor, expected) => {
    const [a, b] = [fromRows(six.a), fromRows(six.b)];
    const costs = (one: Matrix, other: Matrix) => squaredDistances(one, other, factor);
    const found = await sinkhornDivergence(costs(a, b), [costs(a, a), costs(b, b)], 0.1);
    expect(found).toBeCloseTo(expected, 3);
  });
});

describe('the distance of labelled sets', () => {
  it('is what POT finds for an exact transport', async () => {
    const labels = six.labels.map(String);
    const found = measured(await otdd({ vectors: fromRows(six.a), labels }, { vectors: fromRows(six.b), labels }, 0));
    expect(found).toMatchObject({ method: 'exact', rows: [6, 6], dropped: 0 });
    expect(found.value).toBeCloseTo(six.otdd.exact, 5);
    const [a, b] = [
      { vectors: fromRows(made.source.slice(0, 40)), labels: sourceLabels.slice(0, 40) },
      { vectors: target, labels: targetLabels },
    ];
    expect(measured(await otdd(a, b, 0)).value).toBeCloseTo(made.otdd.exact, 4);
  });

  it('is no larger between halves of one set than within, and large for a shifted set', async () => {
    const { vectors, labels } = classes(3, 60, 4, 1);
    const [even, odd] = [0, 1].map((parity) => {
      const rows = [...labels.keys()].filter((row) => Math.floor(row / 3) % 2 === parity).slice(0, 90 - 3 * parity);
      return { vectors: selectRows(vectors, rows), labels: rows.map((row) => labels[row]) };
    });
    if (even === undefined || odd === undefined) throw new Error('There are two parities.');
    const same = measured(await otdd(even, odd, 0));
    expect(same.method).toBe('entropic');
    expect(same.ratio).toBeLessThan(2);
    const shifted = { ...odd, vectors: add(odd.vectors, scale(constant(odd.vectors.rows, 4), 20)) };
    const far = measured(await otdd(even, shifted, 0));
    expect(far.ratio).toBeGreaterThan(10 * (same.ratio ?? 0));
    expect(far.value).toBeGreaterThan(100);
    expect(far.value / far.chance).toBeCloseTo(far.ratio ?? 0, 10);
  });

  it('is at its chance level for two draws from one distribution, also where few rows bias the exact cost upwards', async () => {
    const { vectors, labels } = classes(2, 60, 6, 1);
    const rows = [...labels.keys()];
    const [even, odd] = [0, 1].map((parity) => {
      const own = rows.filter((row) => Math.floor(row / 2) % 2 === parity);
      return { vectors: selectRows(vectors, own), labels: own.map((row) => labels[row]) };
    });
    if (even === undefined || odd === undefined) throw new Error('There are two parities.');
    const found = measured(await otdd(even, odd, 0));
    expect(found.method).toBe('exact');
    expect(found.value / found.chance).toBeGreaterThan(0.8);
    expect(found.value / found.chance).toBeLessThan(1.25);
    // Halves of the sets are further apart than the sets are.
    expect(found.value).toBeLessThan(0.95 * found.self);
  });

  it('leaves out classes of one item and counts them, and has a reason when little is left', async () => {
    const { vectors, labels } = classes(2, 5, 3, 1);
    const alone = {
      vectors,
      labels: labels.map((label, row) => (row === 0 ? 'alone' : row === 1 ? undefined : label)),
    };
    expect(measured(await otdd(alone, { vectors, labels }, 0))).toMatchObject({ rows: [8, 10], dropped: 2 });
    expect(await otdd({ vectors, labels: labels.map((_, row) => String(row)) }, { vectors, labels }, 0)).toHaveProperty(
      'reason',
    );
  });

  it('is 0, without a ratio, when all vectors are equal', async () => {
    const labels = ['a', 'a', 'b', 'b', 'b'];
    const [five, four] = [
      { vectors: constant(5, 3), labels },
      { vectors: constant(4, 3), labels: labels.slice(0, 4) },
    ];
    const found = measured(await otdd(five, four, 0));
    expect(found).toMatchObject({ value: 0, self: 0, chance: 0 });
    expect(found).not.toHaveProperty('ratio');
  });
});

describe('the similarity of classes', () => {
  it('is the cosine of their mean unit vectors, with the classes sorted', () => {
    const first = fromRows([
      [2, 0],
      [0, 5],
      [1, 0],
      [3, 4],
    ]);
    const second = fromRows([
      [0, 1],
      [1, 0],
      [0, 1],
      [1, 1],
    ]);
    const found = measured(classSimilarity({ matrix: first }, { matrix: second }, ['b', 'a', 'b', undefined]));
    expect(found).toEqual({
      classes: ['a', 'b'],
      cosines: [
        [0, 1],
        [1, 0],
      ],
      leftOut: 0,
    });
  });

  it('shows the 60 largest classes and counts the rest', () => {
    const labels = Array.from({ length: 130 }, (_, row) => `class ${String(row % 65).padStart(2, '0')}`).slice(0, 127);
    const found = measured(classSimilarity({ matrix: gaussian(127, 3, 1) }, { matrix: gaussian(127, 3, 2) }, labels));
    expect(found.classes).toHaveLength(60);
    expect(found.classes).toEqual([...found.classes].sort());
    expect(found).toMatchObject({ leftOut: 5 });
    const [a, b] = [{ matrix: gaussian(2, 3, 1) }, { matrix: gaussian(2, 3, 2) }];
    expect(classSimilarity(a, b, [undefined, undefined])).toHaveProperty('reason');
  });
});
