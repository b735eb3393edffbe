import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.ts';
import { mean } from '../../../src/base/statistics.ts';
import { encodeWav } from '../../../src/base/wav.ts';
import { writeCaption } from '../../../src/sample/caption.ts';
import {
  COLOURS,
  className,
  concepts,
  drawScene,
  type Scene,
  SHAPES,
  type Shape,
} from '../../../src/sample/concepts.ts';
import { csvCell } from '../../../src/sample/layout.ts';
import { playSound, SAMPLE_RATE } from '../../../src/sample/sound.ts';

const scene: Scene = {
  concept: { shape: 'star', colour: 'red' },
  size: 'large',
  texture: 'plain',
  place: 'left',
  bystander: { concept: { shape: 'ring', colour: 'blue' }, place: 'right' },
};

describe('concepts', () => {
  it('are 48 different compositions, the first of which share neither shape nor colour', () => {
    expect(new Set(concepts(48).map(className)).size).toBe(48);
    expect(concepts(3).map(className)).toEqual(['red-circle', 'orange-square', 'yellow-triangle']);
  });

  it('never put a bystander where the figure is', () => {
    const random = Random.of(1);
    const scenes = Array.from({ length: 200 }, () => drawScene(scene.concept, 1, random));
    expect(scenes.filter(({ place, bystander }) => bystander === undefined || bystander.place === place)).toEqual([]);
  });
});

describe('a caption', () => {
  const captions = Array.from({ length: 500 }, (_, seed) => writeCaption(scene, Random.of(seed)));

  it('is one tidy sentence', () => {
    for (const caption of captions) expect(caption).toMatch(/^[A-Z][a-z-]*(,? [a-z-]+)*[.!]$/);
  });

  it('says what is there in many ways, and names shape or colour always', () => {
    expect(new Set(captions).size).toBeGreaterThan(300);
    for (const caption of captions) {
      expect(caption).toMatch(/red|crimson|scarlet|ruby|star|asterisk/i);
    }
  });
});

describe('a WAV file', () => {
  it('has the header and the interleaved samples of 16-bit PCM', () => {
    const wav = encodeWav([Float32Array.of(0, 1, -1), Float32Array.of(0.5, 2, -2)], 8000);
    expect(wav.toString('latin1', 0, 4) + wav.toString('latin1', 8, 16)).toBe('RIFFWAVEfmt ');
    expect(wav.readUInt32LE(4)).toBe(wav.length - 8);
    expect([wav.readUInt16LE(20), wav.readUInt16LE(22), wav.readUInt32LE(24)]).toEqual([1, 2, 8000]);
    expect([wav.readUInt32LE(28), wav.readUInt16LE(32), wav.readUInt16LE(34)]).toEqual([32000, 4, 16]);
    expect([wav.toString('latin1', 36, 40), wav.readUInt32LE(40)]).toEqual(['data', 12]);
    const samples = Array.from({ length: 6 }, (_, i) => wav.readInt16LE(44 + 2 * i));
    expect(samples).toEqual([0, 16384, 32767, 32767, -32767, -32767]);
  });
});

describe('a sound', () => {
  /** Mean square of one channel of the file. */
  const power = (wav: Buffer, channel: number): number => {
    const frames = (wav.length - 44) / 4;
    let sum = 0;
    for (let i = 0; i < frames; i++) sum += wav.readInt16LE(44 + 4 * i + 2 * channel) ** 2;
    return sum / frames;
  };

  /** Amplitude of the first 0.4 s of the left channel near a frequency: the best of seven, a quarter-tone apart. */
  const strengthAt = (wav: Buffer, hertz: number): number => {
    const near = [-3, -2, -1, 0, 1, 2, 3].map((step) => hertz * 2 ** (step / 24));
    return Math.max(...near.map((frequency) => amplitude(wav, frequency)));
  };
  const amplitude = (wav: Buffer, hertz: number): number => {
    let [real, imaginary] = [0, 0];
    for (let i = 0; i < 3200; i++) {
      const angle = (2 * Math.PI * hertz * i) / SAMPLE_RATE;
      real += wav.readInt16LE(44 + 4 * i) * Math.cos(angle);
      imaginary += wav.readInt16LE(44 + 4 * i) * Math.sin(angle);
    }
    return Math.hypot(real, imaginary);
  };
  const { bystander: _, ...plain } = scene;

  it('lasts about half a second', () => {
    const seconds = (playSound(scene, Random.of(3)).length - 44) / 4 / SAMPLE_RATE;
    expect(seconds).toBeGreaterThan(0.4);
    expect(seconds).toBeLessThan(0.7);
  });

  it('comes from the side where the figure is', () => {
    const { bystander, ...alone } = scene;
    expect(bystander).toBeDefined();
    const ratios = (['left', 'middle', 'right'] as const).map((place) => {
      const wav = playSound({ ...alone, place }, Random.of(5));
      return power(wav, 0) / power(wav, 1);
    });
    expect(ratios[0]).toBeGreaterThan(ratios[1] ?? 0);
    expect(ratios[1]).toBeGreaterThan(ratios[2] ?? 0);
  });

  it('has the drone of its colour, whatever the shape', () => {
    const drones = COLOURS.map((_, index) => 140 * 2 ** ((4 * index) / 12));
    for (const shape of SHAPES) {
      // With one seed the hums are the same: no other colour is as strong at its own drone.
      const strengths = COLOURS.map((colour) => {
        const sounds = [1, 2, 3, 4].map((seed) => playSound({ ...plain, concept: { shape, colour } }, Random.of(seed)));
        return drones.map((hertz) => mean(sounds.map((wav) => strengthAt(wav, hertz))));
      });
      const strongest = drones.map((_, at) => {
        const atDrone = strengths.map((row) => row[at] ?? 0);
        return COLOURS[atDrone.indexOf(Math.max(...atDrone))];
      });
      expect(strongest).toEqual(COLOURS);
    }
  });

  it('has the rhythm of its shape in a voice above the drone', () => {
    /** Power of the differences between samples, in which low tones hardly count: later half over earlier half. */
    const growth = (shape: Shape, seed: number): number => {
      const wav = playSound({ ...plain, concept: { shape, colour: 'red' } }, Random.of(seed));
      const samples = Array.from({ length: (wav.length - 44) / 4 }, (_, i) => wav.readInt16LE(44 + 4 * i));
      const steps = samples.slice(1).map((sample, i) => (sample - (samples[i] ?? 0)) ** 2);
      return mean(steps.slice(steps.length / 2)) / mean(steps.slice(0, steps.length / 2));
    };
    const growths = (shape: Shape): number => mean(Array.from({ length: 10 }, (_, seed) => growth(shape, seed)));
    expect(growths('triangle')).toBeGreaterThan(1.1);
    expect(growths('circle')).toBeCloseTo(1, 1);
    expect(growths('ring')).toBeLessThan(0.9);
  });

  it('is louder for large figures than for small ones', () => {
    const loud = playSound({ ...scene, size: 'large' }, Random.of(6));
    const soft = playSound({ ...scene, size: 'small' }, Random.of(6));
    expect(power(loud, 0)).toBeGreaterThan(power(soft, 0));
  });
});

describe('a cell of a CSV file', () => {
  it.each(['plain', 'a, b', 'she said "no"', 'two\nlines', 'cr\r\nlf', ''])('reads back as it was: %j', (value) => {
    expect(parse(`${csvCell(value)},x\n`)).toEqual([[value, 'x']]);
  });
});
