import { describe, expect, it } from 'vitest';
import { describeSound } from '../../../src/embedding/logMel.ts';
import { BANDS, melSpectrogram } from '../../../src/embedding/melSpectrogram.ts';
import { countNgrams } from '../../../src/embedding/ngrams.ts';

function tone(hertz: number, sampleRate: number, seconds = 0.5, loudness = 0.5): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => {
    return loudness * Math.sin((2 * Math.PI * hertz * i) / sampleRate);
  });
}

function loudestBand(samples: Float32Array, sampleRate: number): number {
  const frame = melSpectrogram(samples, sampleRate)[3] ?? new Float32Array();
  return frame.indexOf(Math.max(...frame));
}

describe('melSpectrogram', () => {
  it('puts a tone into the band of its frequency, whatever the sampling rate', () => {
    // Band b is centred at 2595 · log10(1 + f / 700) of the (b + 1)-th of 42 equal steps from 50 Hz to 8 kHz.
    expect(loudestBand(tone(1000, 16000), 16000)).toBe(13);
    expect(loudestBand(tone(1000, 8000), 8000)).toBe(13);
    expect(loudestBand(tone(1000, 44100), 44100)).toBe(13);
    expect(loudestBand(tone(3000, 44100), 44100)).toBeGreaterThan(20);
  });

  it('is in [−80, 0] decibels and does not depend on loudness', () => {
    const [loud, quiet] = [1, 0.01].map((loudness) => melSpectrogram(tone(440, 16000, 0.2, loudness), 16000));
    const values = (loud ?? []).flatMap((frame) => [...frame]);
    expect(Math.max(...values)).toBeCloseTo(0, 5);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-80);
    for (const [i, frame] of (quiet ?? []).entries()) {
      for (const [band, level] of frame.entries()) expect(level).toBeCloseTo(loud?.[i]?.[band] ?? 0, 2);
    }
  });

  it('is −80 decibels throughout for silence and above half the sampling rate', () => {
    const silence = melSpectrogram(new Float32Array(4000), 8000);
    expect(silence.every((frame) => frame.every((level) => level === -80))).toBe(true);
    expect(melSpectrogram(tone(1000, 8000), 8000)[0]?.[BANDS - 1]).toBe(-80);
  });

  it('has bounded many frames for a long sound and one for a sound of one sample', () => {
    expect(melSpectrogram(new Float32Array(8000 * 60 * 5), 8000).length).toBeLessThanOrEqual(1001);
    expect(melSpectrogram(Float32Array.of(0.5), 8000)).toHaveLength(1);
  });
});

describe('describeSound', () => {
  const sound = (channels: Float32Array[]) => {
    const [left = new Float32Array(), right = left] = channels;
    return { sampleRate: 8000, channels, samples: left.map((value, i) => (value + (right[i] ?? 0)) / 2) };
  };

  it('is equally long and finite for mono, stereo, silence and a single sample', () => {
    const features = [
      [tone(300, 8000)],
      [tone(300, 8000), tone(300, 8000)],
      [new Float32Array(99)],
      [Float32Array.of(1)],
    ];
    const described = features.map((channels) => describeSound(sound(channels)));
    expect(new Set(described.map(({ length }) => length)).size).toBe(1);
    expect(described.every((values) => values.every(Number.isFinite))).toBe(true);
  });

  it('tells left from right', () => {
    const [one, none] = [tone(300, 8000), new Float32Array(4000)];
    const [left, right] = [describeSound(sound([one, none])), describeSound(sound([none, one]))];
    expect([...left].filter((value, i) => value !== right[i])).toEqual([-40, -40, -40, -40, -40]);
  });

  it('hears the order of two tones', () => {
    const [low, high] = [tone(300, 8000), tone(1500, 8000)];
    const joined = (a: Float32Array, b: Float32Array) => sound([Float32Array.from([...a, ...b])]);
    expect(describeSound(joined(low, high))).not.toEqual(describeSound(joined(high, low)));
  });
});

describe('countNgrams', () => {
  it('does not depend on case, on width forms or on spaces between words', () => {
    expect(countNgrams('A  Cat')).toEqual(countNgrams('a cat'));
    expect(countNgrams('ＡＢＣ')).toEqual(countNgrams('abc'));
  });

  it('counts words, pairs of words and pieces of words', () => {
    // Word, and of " a ": two pieces of two characters and one of three.
    expect([...countNgrams('a').values()].reduce((sum, count) => sum + count, 0)).toBe(4);
    expect([...countNgrams('a a').values()].reduce((sum, count) => sum + count, 0)).toBe(9);
  });

  it('finds something in any script and nothing in an empty text', () => {
    for (const text of ['猫', 'кошка', 'قطة', '🐈', ':)']) expect(countNgrams(text).size).toBeGreaterThan(0);
    expect(countNgrams(' \n').size).toBe(0);
  });

  it('shares more with a similar text than with another one', () => {
    const shared = (a: string, b: string) =>
      [...countNgrams(a).keys()].filter((gram) => countNgrams(b).has(gram)).length;
    expect(shared('red circles', 'a red circle')).toBeGreaterThan(3 * shared('red circles', 'blue square'));
  });
});
