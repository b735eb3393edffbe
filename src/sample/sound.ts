import type { Random } from '../base/random.ts';
import { COLOURS, type Concept, type Place, type Scene, type Shape, type Size, type Texture } from './concepts.ts';
import { SOUND } from './nuisance.ts';
import { encodeWav } from './wav.ts';

/** Hertz. */
export const SAMPLE_RATE = 8000;

interface Voice {
  /** Strength of the fundamental and its overtones. */
  readonly overtones: readonly number[];
  /** Semitones above the colour's pitch, one a note. */
  readonly melody: readonly number[];
}

/** A shape's timbre and melody. */
const VOICES: Readonly<Record<Shape, Voice>> = {
  circle: { overtones: [1], melody: [0, 0, 0, 0] },
  square: { overtones: [1, 0, 0.33, 0, 0.2, 0, 0.14], melody: [0, 4, 0, 4] },
  triangle: { overtones: [1, 0.5, 0.33, 0.25, 0.2, 0.17], melody: [0, 4, 7, 12] },
  star: { overtones: [0.5, 0, 0, 1, 0, 0, 0.7], melody: [0, 7, 12, 7] },
  cross: { overtones: [1, 0, 0, 0, 0.8], melody: [7, 0, 7, 0] },
  ring: { overtones: [0.4, 1, 0, 0.6], melody: [12, 7, 4, 0] },
  heart: { overtones: [1, 0.8, 0.1], melody: [0, 2, 4, 2] },
  crescent: { overtones: [0.6, 0.3, 1, 0.2, 0.5], melody: [5, 3, 2, 0] },
};

/** Hertz of the first colour; each further one is a whole tone higher. */
const LOWEST_PITCH = 220;
const SEMITONES_BETWEEN_COLOURS = 2;

const OCTAVES: Readonly<Record<Size, number>> = { small: 1, medium: 0, large: -1 };
/** Of full scale. */
const LOUDNESS: Readonly<Record<Size, number>> = { small: 0.16, medium: 0.22, large: 0.3 };

/** 0 is left, 1 is right. */
const PANS: Readonly<Record<Place, number>> = { left: 0.15, middle: 0.5, right: 0.85 };

/** Hertz of the tremolo of stripes; share of a note that sounds for dots. */
const TREMOLO = 22;
const STACCATO = 0.45;

/** Seconds in which a note comes and goes, so that it does not click. */
const FADE = 0.008;

/** Plays a scene: a WAV file, 16-bit stereo at {@link SAMPLE_RATE}, about half a second. */
export function playSound({ concept, size, texture, place, bystander }: Scene, random: Random): Buffer {
  const length = Math.round(random.between(...SOUND.seconds) * SAMPLE_RATE);
  const channels = [new Float32Array(length), new Float32Array(length)];
  const loudness = LOUDNESS[size] * 10 ** ((SOUND.loudness * random.normal()) / 20);
  const tune = play(concept, OCTAVES[size], texture, length, random);
  mix(channels, tune, loudness, PANS[place]);
  if (bystander !== undefined) {
    const along = play(bystander.concept, 0, 'plain', length, random);
    mix(channels, along, loudness * SOUND.bystander, PANS[bystander.place]);
  }
  const hiss = random.between(...SOUND.hiss);
  for (const channel of channels) {
    for (const index of channel.keys()) channel[index] = (channel[index] ?? 0) + hiss * random.normal();
  }
  return encodeWav(channels, SAMPLE_RATE);
}

/** The melody of a concept, samples in about [-1, 1]. */
function play({ shape, colour }: Concept, octave: number, texture: Texture, length: number, random: Random) {
  const { overtones, melody } = VOICES[shape];
  const detune = SOUND.detune * random.normal();
  const strengths = overtones.map((strength) => strength * Math.exp(SOUND.overtones * random.normal()));
  const total = strengths.reduce((sum, strength) => sum + strength, 0);
  const samples = new Float32Array(length);
  const noteLength = length / melody.length;
  for (const [note, step] of melody.entries()) {
    const semitones = COLOURS.indexOf(colour) * SEMITONES_BETWEEN_COLOURS + step + detune;
    const pitch = LOWEST_PITCH * 2 ** (octave + semitones / 12);
    for (let index = Math.ceil(note * noteLength); index < (note + 1) * noteLength; index++) {
      const at = (index - note * noteLength) / SAMPLE_RATE;
      samples[index] = (tone(strengths, pitch, at) / total) * envelope(texture, at, noteLength / SAMPLE_RATE);
    }
  }
  return samples;
}

/** One sample of a note, `at` seconds after its start; overtones that the sample rate cannot carry are left out. */
function tone(strengths: readonly number[], pitch: number, at: number): number {
  let sum = 0;
  for (const [index, strength] of strengths.entries()) {
    const frequency = pitch * (index + 1);
    if (strength > 0 && frequency < SAMPLE_RATE / 2) sum += strength * Math.sin(2 * Math.PI * frequency * at);
  }
  return sum;
}

/** Between 0 and 1; `at` and `seconds` (how long the note may last) in seconds. */
function envelope(texture: Texture, at: number, seconds: number): number {
  const end = texture === 'dotted' ? STACCATO * seconds : seconds;
  const fade = Math.max(0, Math.min(1, at / FADE, (end - at) / FADE));
  return texture === 'striped' ? fade * (0.5 + 0.5 * Math.cos(2 * Math.PI * TREMOLO * at)) : fade;
}

/** Adds with equal power whatever the pan. */
function mix(channels: readonly Float32Array[], samples: Float32Array, loudness: number, pan: number): void {
  const gains = [Math.cos((pan * Math.PI) / 2), Math.sin((pan * Math.PI) / 2)];
  for (const [side, channel] of channels.entries()) {
    const gain = loudness * (gains[side] ?? 0);
    for (const [index, sample] of samples.entries()) channel[index] = (channel[index] ?? 0) + gain * sample;
  }
}
