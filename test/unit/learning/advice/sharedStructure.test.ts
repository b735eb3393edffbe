import { expect, test } from 'vitest';
import { Random } from '../../../../src/base/random.ts';
import { sharedStructure } from '../../../../src/learning/advice/sharedStructure.ts';

const X = [
  [1, 0, 2],
  [2, 1, 0],
  [0, 3, 1],
  [4, 1, 1],
  [1, 2, 5],
  [3, 3, 0],
].map((row) => Float32Array.from(row));
const Y = [
  [1, 1, 1],
  [2, 0, 1],
  [0, 2, 2],
  [3, 1, 0],
  [1, 4, 3],
  [2, 2, 1],
].map((row) => Float32Array.from(row));

function gaussian(rows: number, columns: number, seed: number): Float32Array[] {
  const random = Random.of(seed);
  return Array.from({ length: rows }, () => Float32Array.from({ length: columns }, () => random.normal()));
}

test('debiased CKA of the golden matrices is that of methods.md 10', () => {
  expect(sharedStructure(X, Y, 9, Random.of(1)).cka).toBeCloseTo(0.548153, 5);
});

test('a set of vectors shares all its structure with itself, and a rotation changes nothing', () => {
  const own = gaussian(40, 3, 1);
  const turned = own.map(([a = 0, b = 0, c = 0]) => Float32Array.of(0.6 * a - 0.8 * b, 0.8 * a + 0.6 * b, c));
  const { cka, p } = sharedStructure(own, turned, 99, Random.of(1));
  expect(cka).toBeCloseTo(1, 5);
  expect(p).toBe(0.01);
});

test('independent vectors share none: the value lies within its permutation null', () => {
  const { cka, highestByChance, p } = sharedStructure(gaussian(100, 32, 1), gaussian(100, 32, 2), 99, Random.of(1));
  expect(Math.abs(cka)).toBeLessThan(0.05);
  expect(highestByChance).toBeLessThan(0.2);
  expect(p).toBeGreaterThan(0.05);
});

test('vectors that are all equal share nothing, and nothing is divided by 0', () => {
  const equal = Array.from({ length: 5 }, () => Float32Array.of(1, 2));
  expect(sharedStructure(equal, equal, 9, Random.of(1))).toEqual({ cka: 0, highestByChance: 0, p: 1 });
});
