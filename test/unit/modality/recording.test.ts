import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mix, Recording } from '../../../src/modality/audio/recording.ts';

describe('a recording', () => {
  it('keeps the part that is wanted, however it comes in blocks', () => {
    const lengths = fc.array(fc.nat(20), { maxLength: 12 });
    fc.assert(
      fc.property(lengths, fc.nat(60), fc.nat(60), fc.nat(10), (blocks, start, length, skip) => {
        const recording = new Recording('a', 1, { start, end: start + length }, skip);
        const all: number[] = [];
        for (const count of blocks) {
          const block = Float32Array.from({ length: count }, (_, index) => all.length + index);
          recording.add([block]);
          all.push(...block);
        }
        const wanted = all.slice(skip).slice(start, start + length);
        expect([...(recording.channels()[0] ?? [])]).toEqual(wanted);
        expect(recording.frames).toBe(Math.max(0, all.length - skip));
      }),
    );
  });

  it('leaves out what its codec gave out behind its end', () => {
    const recording = new Recording('a', 10, {});
    recording.add([Float32Array.of(1, 2, 3, 4)]);
    recording.endAt(3);
    expect(recording.channels()).toEqual([Float32Array.of(1, 2, 3)]);
  });
});

it('channels are mixed to their mean', () => {
  expect(mix([Float32Array.of(0.5, -0.5), Float32Array.of(0, -0.5)])).toEqual(Float32Array.of(0.25, -0.5));
});
