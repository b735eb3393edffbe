import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSamples, type WavHeader } from '../../../src/modality/audio/wav.ts';
import { waveform } from '../../../src/modality/audio/waveform.ts';

function header(fields: Partial<WavHeader>): WavHeader {
  return {
    encoding: 'integer',
    channels: 1,
    sampleRate: 8000,
    bytesPerSample: 2,
    dataStart: 44,
    frames: 1,
    announcedFrames: 1,
    ...fields,
  };
}

describe('samples of a WAV file', () => {
  it.each([
    ['8 bit', { bytesPerSample: 1 }, [0, 128, 255], [-1, 0, 127 / 128]],
    ['16 bit', { bytesPerSample: 2 }, [0x00, 0x80, 0x00, 0x00, 0xff, 0x7f], [-1, 0, 32767 / 32768]],
    ['24 bit', { bytesPerSample: 3 }, [0, 0, 0x80, 0xff, 0xff, 0xff, 0, 0, 0x40], [-1, -1 / 2 ** 23, 0.5]],
    ['32 bit', { bytesPerSample: 4 }, [0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0x40], [-1, 0, 0.5]],
  ])('of %s are scaled to [−1, 1]', (_name, fields, bytes, expected) => {
    const [samples] = decodeSamples(Buffer.from(bytes), header({ ...fields, frames: 3 }));
    expect([...(samples ?? [])]).toEqual(expected.map(Math.fround));
  });

  it('of floats beyond [−1, 1] are clipped, and what is not a number is silence', () => {
    const bytes = Buffer.from(new Float32Array([0.25, 7, -7, Number.NaN]).buffer);
    const [samples] = decodeSamples(bytes, header({ encoding: 'float', bytesPerSample: 4, frames: 4 }));
    expect([...(samples ?? [])]).toEqual([0.25, 1, -1, 0]);
  });

  it('of interleaved channels are taken apart', () => {
    const bytes = Buffer.from(new Int16Array([16384, -16384, 8192, -8192]).buffer);
    const channels = decodeSamples(bytes, header({ channels: 2, frames: 2 }));
    expect(channels.map((channel) => [...channel])).toEqual([
      [0.5, 0.25],
      [-0.5, -0.25],
    ]);
  });
});

describe('a waveform', () => {
  it('holds the lowest and highest sample of each part', () => {
    expect(waveform(Float32Array.of(0, 0.5, -0.5, 1, -1, 0.25), 3)).toEqual([
      [0, 0.5],
      [-0.5, 1],
      [-1, 0.25],
    ]);
  });

  it('has as many parts as asked, each within the sound, also when there are fewer samples', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 50 }),
        fc.integer({ min: 1, max: 80 }),
        (values, parts) => {
          const bars = waveform(Float32Array.from(values), parts);
          expect(bars).toHaveLength(parts);
          for (const [low, high] of bars) expect(low).toBeLessThanOrEqual(high);
        },
      ),
    );
  });
});
