import { describe, expect, it } from 'vitest';
import { resample } from '../../../../src/embedding/onnx/resample.ts';

const EDGE = 100;

function tone(frequency: number, rate: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => Math.sin((2 * Math.PI * frequency * index) / rate));
}

/** The largest difference, away from the edges, where the sound begins out of nothing. */
function largestDifference(one: Float32Array, other: Float32Array): number {
  return one.subarray(EDGE, -EDGE).reduce((most, value, index) => {
    return Math.max(most, Math.abs(value - (other[index + EDGE] ?? 0)));
  }, 0);
}

describe('resample', () => {
  it.each([
    [44_100, 16_000],
    [48_000, 16_000],
    [8000, 16_000],
    [11_025, 48_000],
  ])('keeps a tone from %i to %i hertz', (from, to) => {
    const resampled = resample(tone(440, from, from), from, to);
    expect(resampled).toHaveLength(to);
    expect(largestDifference(resampled, tone(440, to, to))).toBeLessThan(2e-3);
  });

  it('silences what the new rate cannot hold', () => {
    const resampled = resample(tone(10_000, 44_100, 44_100), 44_100, 16_000);
    expect(largestDifference(resampled, new Float32Array(16_000))).toBeLessThan(2e-3);
  });

  it('leaves a sound of that rate alone', () => {
    const samples = tone(440, 16_000, 100);
    expect(resample(samples, 16_000, 16_000)).toBe(samples);
  });
});
