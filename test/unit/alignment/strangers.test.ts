import { describe, expect, it } from 'vitest';
import { chooseStrangers, similarityToOthers } from '../../../src/alignment/strangers.ts';
import { fromRows } from '../../../src/base/matrix.ts';

describe('chooseStrangers', () => {
  it('gives every pair another one of its fold, each once, and the way back', () => {
    const foldOf = Uint32Array.from({ length: 50 }, (_, pair) => pair % 3);
    const { next, previous } = chooseStrangers(foldOf, 7);
    expect(new Set(next).size).toBe(50);
    for (const [pair, stranger] of next.entries()) {
      expect(stranger).not.toBe(pair);
      expect(foldOf[stranger]).toBe(foldOf[pair]);
      expect(previous[stranger]).toBe(pair);
    }
  });

  it('gives the same for the same seed, and others for another', () => {
    const foldOf = new Uint32Array(30);
    expect(chooseStrangers(foldOf, 1)).toEqual(chooseStrangers(foldOf, 1));
    expect(chooseStrangers(foldOf, 1).next).not.toEqual(chooseStrangers(foldOf, 2).next);
  });

  it('makes a pair that is alone in its fold its own stranger', () => {
    expect([...chooseStrangers(Uint32Array.of(0, 1), 0).next]).toEqual([0, 1]);
  });
});

describe('similarityToOthers', () => {
  it('compares the first item of each pair with the second item of another', () => {
    const data = {
      pairs: [],
      first: {
        matrix: fromRows([
          [1, 0],
          [0, 1],
        ]),
      },
      second: {
        matrix: fromRows([
          [0.6, 0.8],
          [1, 0],
        ]),
      },
      firstOf: Uint32Array.of(0, 1),
      secondOf: Uint32Array.of(0, 1),
    };
    const [one, other] = similarityToOthers(data, Uint32Array.of(1, 0));
    expect(one).toBeCloseTo(1, 6);
    expect(other).toBeCloseTo(0.8, 6);
  });
});
