import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.ts';

const draw = (random: Random, count: number): number[] => Array.from({ length: count }, () => random.uniform());

describe('Random', () => {
  it('gives the same sequence for the same seed and label', () => {
    expect(draw(Random.of(7, 'tasks'), 20)).toEqual(draw(Random.of(7, 'tasks'), 20));
  });

  it('gives different sequences for different labels and seeds', () => {
    const sequences = [Random.of(7, 'tasks'), Random.of(7, 'weights'), Random.of(8, 'tasks')].map((r) =>
      draw(r, 4).join(),
    );
    expect(new Set(sequences).size).toBe(3);
  });

  it('continues the sequence from a stored state', () => {
    const random = Random.of(1);
    draw(random, 11);
    const stored = JSON.parse(JSON.stringify(random.state()));
    expect(draw(Random.fromState(stored), 5)).toEqual(draw(random, 5));
  });

  it('has uniform values with mean 1/2 and variance 1/12', () => {
    const values = draw(Random.of(3), 100_000);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(mean).toBeCloseTo(0.5, 2);
    expect(variance).toBeCloseTo(1 / 12, 3);
    expect(Math.min(...values.slice(0, 1000))).toBeGreaterThanOrEqual(0);
  });

  it('has normal values with mean 0 and variance 1', () => {
    const random = Random.of(4);
    const values = Array.from({ length: 100_000 }, () => random.normal());
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(variance - 1)).toBeLessThan(0.02);
  });

  it('shuffles without losing an element and leaves the list as it was', () => {
    const list = [1, 2, 3, 4, 5, 6, 7, 8];
    const shuffled = Random.of(5).shuffle(list);
    expect(shuffled).not.toEqual(list);
    expect([...shuffled].sort()).toEqual(list);
    expect(list).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('samples different elements, and all of them when asked for more', () => {
    expect(new Set(Random.of(6).sample([1, 2, 3, 4], 3)).size).toBe(3);
    expect(Random.of(6).sample([1, 2], 5)).toHaveLength(2);
  });
});
