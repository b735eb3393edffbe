import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.ts';
import { perceptualHash, pictureBands, SIDE } from '../../../src/modality/image/perceptualHash.ts';
import { similarity } from '../../../src/modality/similarity.ts';

const PLAIN = '8'.repeat(192);

/** A signature of that hash, in one colour. */
function withHash(hash: bigint): string {
  return hash.toString(16).padStart(16, '0') + PLAIN;
}

describe('a perceptual hash', () => {
  it('is the signs of 8 × 8 frequencies relative to their median', () => {
    const random = Random.of(1, 'pixels');
    const grey = Float64Array.from({ length: SIDE * SIDE }, () => 255 * random.uniform());
    const frequencies = Array.from({ length: 64 }, (_, index) => {
      const [u, v] = [(index % 8) + 1, Math.floor(index / 8) + 1];
      return grey.reduce((sum, value, at) => {
        const [x, y] = [at % SIDE, Math.floor(at / SIDE)];
        return sum + value * Math.cos((Math.PI * (2 * x + 1) * v) / 64) * Math.cos((Math.PI * (2 * y + 1) * u) / 64);
      }, 0);
    });
    const sorted = frequencies.toSorted((a, b) => a - b);
    const median = ((sorted[31] ?? 0) + (sorted[32] ?? 0)) / 2;
    const bits = frequencies.map((value) => (value > median ? '1' : '0')).join('');
    const transposed = Array.from({ length: 64 }, (_, index) => bits[8 * (index % 8) + Math.floor(index / 8)]).join('');
    const hash = BigInt(`0x${perceptualHash(grey)}`)
      .toString(2)
      .padStart(64, '0');
    expect([bits, transposed]).toContain(hash);
    expect([...hash].filter((bit) => bit === '1')).toHaveLength(32);
  });
});

describe('the similarity of pictures', () => {
  it('is the share of equal bits of their hashes', () => {
    expect(similarity('image', withHash(0n), withHash(0b111n))).toBe(1 - 3 / 64);
    expect(similarity('image', withHash(0n), withHash(2n ** 64n - 1n))).toBe(0);
  });

  it('is no larger than their colours allow, but for a step of rounding', () => {
    const lighter = (step: number): string => `${withHash(5n).slice(0, -1)}${(8 + step).toString(16)}`;
    expect([0, 1, 2, 4].map((step) => similarity('image', withHash(5n), lighter(step)))).toEqual([
      1,
      1,
      1 - 1 / 15,
      1 - 3 / 15,
    ]);
  });
});

describe('the bands of a picture', () => {
  const share = (different: number): number => {
    const random = Random.of(different, 'bits');
    const trials = Array.from({ length: 300 }, () => {
      const places = random.shuffle(Array.from({ length: 64 }, (_, bit) => bit)).slice(0, different);
      const hash = places.reduce((sum, place) => sum | (1n << BigInt(place)), 0n);
      const bands = new Set(pictureBands(withHash(0n)));
      return pictureBands(withHash(hash)).some((band) => bands.has(band));
    });
    return trials.filter(Boolean).length / trials.length;
  };

  it('are shared by all that differ in four bits, and by most that differ in six', () => {
    expect(share(4)).toBe(1);
    expect(share(6)).toBeGreaterThan(0.8);
  });
});
