import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.ts';
import { soundBands, soundSignature } from '../../../src/modality/audio/fingerprint.ts';
import { NEAR, similarity } from '../../../src/modality/similarity.ts';

const SOUNDS = 60;

/** Two seconds of notes with overtones over some noise, at 16 kHz. */
function tune(random: Random, sampleRate = 16_000): Float32Array {
  const notes = Array.from({ length: 8 }, () => ({ hertz: random.between(150, 900), level: random.between(0.1, 0.3) }));
  return Float32Array.from({ length: 2 * sampleRate }, (_, index) => {
    const second = index / sampleRate;
    const { hertz, level } = notes[Math.floor(4 * second)] ?? { hertz: 0, level: 0 };
    const overtones = [1, 2, 3, 4, 5].reduce((sum, k) => sum + Math.sin(2 * Math.PI * hertz * k * second) / k, 0);
    return level * overtones * Math.exp(-4 * ((4 * second) % 1)) + 0.002 * random.normal();
  });
}

const tunes = Array.from({ length: SOUNDS }, (_, index) => tune(Random.of(index, 'tune')));
const signatureOf = (samples: Float32Array, sampleRate = 16_000): string =>
  soundSignature({ samples, sampleRate, channels: [samples] }) ?? '';
const originals = tunes.map((samples) => signatureOf(samples));

/** Share of the tunes that are found and recognised after a change. */
function recall(
  change: (samples: Float32Array, random: Random) => { samples: Float32Array; sampleRate?: number },
): number {
  const recognised = tunes.filter((samples, index) => {
    const changed = change(samples, Random.of(index, 'change'));
    const [original = '', other] = [originals[index], signatureOf(changed.samples, changed.sampleRate)];
    const shared = soundBands(original).some((band) => soundBands(other).includes(band));
    return shared && similarity('audio', original, other) >= NEAR.audio;
  });
  return recognised.length / SOUNDS;
}

describe('a sound that is nearly the same', () => {
  it.each([
    ['quieter by 20 dB', (samples: Float32Array) => ({ samples: samples.map((sample) => 0.1 * sample) })],
    ['of 8 bits', (samples: Float32Array) => ({ samples: samples.map((sample) => Math.round(128 * sample) / 128) })],
    [
      'under noise of −40 dB',
      (samples: Float32Array, random: Random) => ({
        samples: samples.map((sample) => sample + 0.005 * random.normal()),
      }),
    ],
    [
      'of half the sampling rate',
      (samples: Float32Array) => ({
        samples: Float32Array.from(
          { length: samples.length / 2 },
          (_, index) => ((samples[2 * index] ?? 0) + (samples[2 * index + 1] ?? 0)) / 2,
        ),
        sampleRate: 8000,
      }),
    ],
    [
      'a tenth of a second later',
      (samples: Float32Array) => ({ samples: Float32Array.from([...new Float32Array(1600), ...samples]) }),
    ],
    [
      'without its highest tones, as coders leave it',
      (samples: Float32Array) => ({
        samples: samples.map((sample, index) => (sample + (samples[index - 1] ?? 0) + (samples[index + 1] ?? 0)) / 3),
      }),
    ],
  ])('(%s) is found', (_name, change) => {
    expect(recall(change)).toBeGreaterThanOrEqual(0.95);
  });
});

describe('unrelated sounds', () => {
  it('are never near: about half of their bits are equal', () => {
    const similarities = originals.flatMap((a, i) => originals.slice(i + 1).map((b) => similarity('audio', a, b)));
    expect(similarities).toHaveLength((SOUNDS * (SOUNDS - 1)) / 2);
    expect(Math.max(...similarities)).toBeLessThan(NEAR.audio - 0.05);
    expect(similarities.reduce((sum, value) => sum + value, 0) / similarities.length).toBeLessThan(0.6);
  });
});

describe('a fingerprint', () => {
  it('of a sound is like itself, and like nothing when there is nothing', () => {
    const [signature = ''] = originals;
    expect(similarity('audio', signature, signature)).toBe(1);
    expect(soundSignature({ samples: new Float32Array(16_000), sampleRate: 16_000, channels: [] })).toBeUndefined();
    expect(soundSignature({ samples: new Float32Array(0), sampleRate: 16_000, channels: [] })).toBeUndefined();
  });

  it('has 16 words a second, and no more than those of 32 seconds', () => {
    expect(originals[0]).toHaveLength(8 * 32);
    const [long, short] = [90, 1].map((seconds) =>
      Float32Array.from({ length: 4000 * seconds }, (_, index) => Math.sin(index ** 1.5 / 99)),
    );
    expect(signatureOf(long ?? new Float32Array(0), 4000)).toHaveLength(8 * 512);
    expect(signatureOf(short ?? new Float32Array(0), 4000)).toHaveLength(8 * 16);
  });
});
