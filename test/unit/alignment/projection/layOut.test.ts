import { describe, expect, it } from 'vitest';
import { layOut } from '../../../../src/alignment/projection/layOut.ts';
import { fromRows, type Matrix, rowOf, selectRows, unitRows, zeros } from '../../../../src/base/matrix.ts';
import type { ProgressStep } from '../../../../src/base/progress.ts';
import { clustered } from './clusters.ts';
import { trustworthiness } from './trustworthiness.ts';

const OPTIONS = { neighbours: 15, minDistance: 0.1, seed: 0 };

async function mapOf(matrix: Matrix, options: Partial<typeof OPTIONS> = {}): Promise<Matrix> {
  const data = await layOut(matrix, { ...OPTIONS, ...options }, () => {});
  return { rows: matrix.rows, columns: 2, data };
}

function distance(map: Matrix, a: number, b: number): number {
  const [[ax = 0, ay = 0], [bx = 0, by = 0]] = [rowOf(map, a), rowOf(map, b)];
  return Math.hypot(ax - bx, ay - by);
}

describe('a map of three clusters', () => {
  it('keeps them apart: the nearest row on the map is of the same cluster', async () => {
    const map = await mapOf(clustered(150, 16));
    for (let row = 0; row < map.rows; row++) {
      const others = [...Array(map.rows).keys()].filter((other) => other !== row);
      const nearest = others.reduce((best, other) =>
        distance(map, row, other) < distance(map, row, best) ? other : best,
      );
      expect(nearest % 3).toBe(row % 3);
    }
  });

  it('can be trusted', async () => {
    const matrix = clustered(150, 16);
    expect(trustworthiness(unitRows(matrix), await mapOf(matrix), 15)).toBeGreaterThan(0.9);
  });

  it('is the same for a seed and another for another seed', async () => {
    const matrix = clustered(100, 8);
    const map = await mapOf(matrix);
    expect(await mapOf(matrix)).toEqual(map);
    expect(await mapOf(matrix, { seed: 1 })).not.toEqual(map);
  });

  it('regards directions alone', async () => {
    const matrix = clustered(100, 8);
    const doubled = { ...matrix, data: matrix.data.map((value) => 2 * value) };
    expect(await mapOf(doubled)).toEqual(await mapOf(matrix));
  });

  it('tells of the neighbours and then of every epoch up to the last', async () => {
    const steps: ProgressStep[] = [];
    await layOut(clustered(100, 8), OPTIONS, (step) => steps.push(step));
    expect(steps[0]).toEqual({ stage: 'finding neighbours', done: 0 });
    const epochs = steps.slice(1);
    expect(new Set(epochs.map(({ stage }) => stage))).toEqual(new Set(['arranging the map']));
    expect([...new Set(epochs.map(({ done }) => done))]).toEqual([...Array(501).keys()]);
    expect(epochs.at(-1)).toEqual({ stage: 'arranging the map', done: 500, total: 500 });
  });
});

describe('a map of rows that have little to tell', () => {
  it('has equal rows at one place, and is that of the different rows', async () => {
    const matrix = clustered(60, 8);
    const twice = selectRows(matrix, [...Array(60).keys(), ...Array(60).keys()]);
    const map = await mapOf(twice);
    expect(map.data.subarray(120)).toEqual(map.data.subarray(0, 120));
    expect(map.data.subarray(0, 120)).toEqual((await mapOf(matrix)).data);
  });

  it('has all rows in the centre when they are equal', async () => {
    expect(await mapOf(selectRows(fromRows([[1, 2]]), new Uint8Array(50)))).toEqual(zeros(50, 2));
    expect(await mapOf(zeros(50, 3))).toEqual(zeros(50, 2));
  });

  it('has two and three directions evenly on the unit circle', async () => {
    const two = await mapOf(
      fromRows([
        [1, 0],
        [0, 1],
        [2, 0],
      ]),
    );
    expect([distance(two, 0, 1), distance(two, 0, 2)]).toEqual([2, 0]);
    const three = await mapOf(
      fromRows([
        [1, 0],
        [0, 1],
        [1, 1],
      ]),
    );
    for (const [a, b] of [
      [0, 1],
      [1, 2],
      [2, 0],
    ] as const)
      expect(distance(three, a, b)).toBeCloseTo(Math.sqrt(3), 6);
  });

  it('has one row in the centre and no rows nowhere', async () => {
    expect(await mapOf(fromRows([[3, 4]]))).toEqual(zeros(1, 2));
    expect(await mapOf(zeros(0, 5))).toEqual(zeros(0, 2));
  });

  it.each([4, 5, 15, 16])('has finite places for %i rows', async (rows) => {
    const map = await mapOf(clustered(rows, 4));
    expect(map.data.every(Number.isFinite)).toBe(true);
    expect(new Set(map.data).size).toBeGreaterThan(rows);
  });

  it('has finite places for rows of zeros among others', async () => {
    const matrix = clustered(60, 8);
    matrix.data.fill(0, 0, 80);
    const map = await mapOf(matrix);
    expect(map.data.every(Number.isFinite)).toBe(true);
    expect(distance(map, 0, 9)).toBe(0);
  });
});
