import { expect, test } from 'vitest';
import { Random } from '../../../../src/base/random.ts';
import { fitLinearMap } from '../../../../src/learning/advice/linearMap.ts';
import { squaredDistance } from '../../../../src/learning/centroids.ts';

const random = Random.of(3);
const gaussian = (count: number) =>
  Array.from({ length: count }, () => Float32Array.of(random.normal(), random.normal()));
const turn = ([a = 0, b = 0]: Float32Array) => Float32Array.of(2 * a + b, a - b, 3 * b);

test('finds the linear map behind pairs without noise, with the weakest ridge', () => {
  const [x, held] = [gaussian(200), gaussian(20)];
  const map = fitLinearMap(x, x.map(turn), { x: held, y: held.map(turn) });
  for (const vector of gaussian(5)) expect(squaredDistance(map(vector), turn(vector))).toBeLessThan(0.01);
});

test('shrinks towards 0 where the held-out pairs contradict what was fitted', () => {
  const [x, held] = [gaussian(200), gaussian(20)];
  const map = fitLinearMap(x, x.map(turn), { x: held, y: held.map(() => Float32Array.of(0, 0, 0)) });
  const vector = Float32Array.of(1, 1);
  expect(squaredDistance(map(vector), Float32Array.of(0, 0, 0))).toBeLessThan(0.2);
});

test('of vectors that are all 0 gives 0', () => {
  const nothing = [Float32Array.of(0, 0), Float32Array.of(0, 0)];
  expect([...fitLinearMap(nothing, nothing, { x: nothing, y: nothing })(Float32Array.of(1, 1))]).toEqual([0, 0]);
});
