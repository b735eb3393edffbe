import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/base/random.ts';
import { GridIndex } from '../../../../webview/ui/map/gridIndex.ts';
import { isInside, pointsInside } from '../../../../webview/ui/map/lasso.ts';
import { evenOrder } from '../../../../webview/ui/map/order.ts';

const all = () => true;
const n = 5000;
const random = Random.of(3, 'map');
const positions = Float32Array.from({ length: 2 * n }, () => random.normal());
const index = new GridIndex(positions, evenOrder(n));

/** Every point with its distance from a place, nearest first. */
function byDistance(x: number, y: number): { point: number; distance: number }[] {
  return Array.from({ length: n }, (_, point) => {
    const [px = 0, py = 0] = positions.subarray(2 * point, 2 * point + 2);
    return { point, distance: Math.hypot(px - x, py - y) };
  }).sort((a, b) => a.distance - b.distance);
}

describe('the points near a place', () => {
  it.each([
    [0, 0],
    [1.3, -0.4],
    [-2.5, 2.5],
  ])('nearest to (%d, %d) is what a search through all finds', (x, y) => {
    expect(index.nearest({ x, y }, 10, all)).toBe(byDistance(x, y)[0]?.point);
  });

  it('come nearest first, and none from beyond the radius', () => {
    const expected = byDistance(0.5, 0.5).filter(({ distance }) => distance <= 0.1);
    expect(index.within({ x: 0.5, y: 0.5 }, 0.1, n, all)).toEqual(expected.map(({ point }) => point));
    expect(index.within({ x: 0.5, y: 0.5 }, 0.1, 3, all)).toEqual(expected.slice(0, 3).map(({ point }) => point));
  });

  it('are none where none is within the radius', () => {
    expect(index.nearest({ x: 100, y: 0 }, 1, all)).toBeUndefined();
  });

  it('are only those that count', () => {
    const [first, second] = byDistance(0, 0);
    expect(index.nearest({ x: 0, y: 0 }, 1, (point) => point !== first?.point)).toBe(second?.point);
  });

  it('are found where all lie in one place, and those that are nowhere are left out', () => {
    const same = new GridIndex(Float32Array.from([2, 2, Number.NaN, 2, 2, 2]), evenOrder(3));
    expect(same.within({ x: 2, y: 2 }, 1, 9, all).sort()).toEqual([0, 2]);
  });
});

describe('a lasso', () => {
  const star = Array.from({ length: 14 }, (_, corner) => {
    const angle = (corner / 14) * 2 * Math.PI;
    const reach = corner % 2 === 0 ? 1.9 : 0.6;
    return { x: 0.3 + reach * Math.cos(angle), y: -0.2 + reach * Math.sin(angle) };
  });

  it('holds the points that a test of each by itself finds, in the order of their indices', () => {
    const expected = Array.from({ length: n }, (_, point) => point).filter((point) =>
      isInside(star, { x: positions[2 * point] ?? 0, y: positions[2 * point + 1] ?? 0 }),
    );
    expect(expected.length).toBeGreaterThan(500);
    expect([...pointsInside(star, index, all)]).toEqual(expected);
  });

  it('leaves out points that are hidden', () => {
    expect([...pointsInside(star, index, (point) => point % 2 === 0)].some((point) => point % 2 === 1)).toBe(false);
  });

  it('holds nothing where it crosses itself twice over', () => {
    const square = [
      { x: 0, y: 0 },
      { x: 2, y: 0 },
      { x: 2, y: 2 },
      { x: 0, y: 2 },
    ];
    expect(isInside(square, { x: 1, y: 1 })).toBe(true);
    expect(isInside([...square, ...square], { x: 1, y: 1 })).toBe(false);
  });

  it('that is a line holds nothing', () => {
    expect(pointsInside(star.slice(0, 2), index, all)).toHaveLength(0);
  });
});
