import type { Random } from '../base/random.ts';
import { encodeWav } from '../base/wav.ts';
import { COLOURS, type Concept, type Place, type Scene, type Shape, type Size, type Texture } from './concepts.ts';
import { SOUND } from './nuisance.ts';

/** Hertz. */
export const SAMPLE_RATE = 8000;

interface Voice {
  /** Hertz around which its overtones are strong, as in a vowel. */
  readonly formants: readonly number[];
  /** Semitones above the colour's pitch, one a note. */
  readonly melody: readonly number[];
}

/** A shape's timbre and melody. */
const VOICES: Readonly<Record<Shape, Voice>> = {
  circle: { formants: [500], melody: [0, 0, 0, 0] },
  square: { formants: [1000], melody: [0, 4, 0, 4] },
  triangle: { formants: [700, 3200], melody: [0, 2, 4, 5] },
  star: { formants: [3200], melody: [0, 5, 2, 5] },
  cross: { formants: [1600], melody: [5, 0, 5, 0] },
  ring: { formants: [2300], melody: [5, 4, 2, 0] },
  heart: { formants: [700, 1600], melody: [0, 2, 4, 2] },
  crescent: { formants: [1000, 2300], melody: [4, 2, 1, 0] },
};
/** Hertz from the middle of a formant to where it is 0.6 as strong. */
const FORMANT_WIDTH = 180;
/** Strength of the fundamental and of an overtone far from every formant; in the middle of a formant 1. */
const FUNDAMENTAL = 1.4;
const OVERTONE = 0.03;

/** Hertz of the first colour; each further one is a major third higher. */
const LOWEST_PITCH = 140;
const SEMITONES_BETWEEN_COLOURS = 4;

/** The octave in which a softer voice doubles the tune: small things sound high, large ones deep. */
const OCTAVES: Readonly<Record<Size, number>> = { small: 1, medium: 0, large: -1 };
const DOUBLING = 0.5;
/** Of full scale. */
const LOUDNESS: Readonly<Record<Size, number>> = { small: 0.16, medium: 0.22, large: 0.3 };

/** Hertz, and the octaves above it. */
const LOWEST_HUM = 120;
const HUM_OCTAVES = 4.5;

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
  for (let i = 0; i < SOUND.hums; i++) mix(channels, hum(length, random), 1, random.uniform());
  hiss(channels, random);
  return encodeWav(channels, SAMPLE_RATE);
}

/** A steady tone that has nothing to do with the scene. */
function hum(length: number, random: Random): Float32Array {
  const strength = random.between(...SOUND.hum);
  const frequency = LOWEST_HUM * 2 ** random.between(0, HUM_OCTAVES);
  const step = (2 * Math.PI * frequency) / SAMPLE_RATE;
  const samples = new Float32Array(length);
  for (let i = 0; i < length; i++) samples[i] = strength * Math.sin(step * i);
  return samples;
}

function hiss(channels: readonly Float32Array[], random: Random): void {
  const [weakest, strongest] = SOUND.hiss;
  const strength = weakest * (strongest / weakest) ** random.uniform();
  for (const channel of channels) {
    for (let i = 0; i < channel.length; i++) channel[i] = (channel[i] ?? 0) + strength * random.normal();
  }
}

/** The melody of a concept, doubled in an octave; samples in [-1, 1]. */
function play({ shape, colour }: Concept, octave: number, texture: Texture, length: number, random: Random) {
  const { melody } = VOICES[shape];
  const formants = VOICES[shape].formants.map((hertz) => hertz * Math.exp(SOUND.formants * random.normal()));
  const detune = SOUND.detune * random.normal();
  const samples = new Float32Array(length);
  const noteLength = length / melody.length;
  for (const [note, step] of melody.entries()) {
    const semitones = COLOURS.indexOf(colour) * SEMITONES_BETWEEN_COLOURS + step + detune;
    const pitch = LOWEST_PITCH * 2 ** (semitones / 12);
    const wave = drawWave(formants, pitch, octave);
    for (let index = Math.ceil(note * noteLength); index < (note + 1) * noteLength; index++) {
      const at = (index - note * noteLength) / SAMPLE_RATE;
      const phase = ((at * pitch) / WAVE_PERIODS) % 1;
      const sample = wave[Math.floor(phase * WAVE_LENGTH)] ?? 0;
      samples[index] = sample * envelope(texture, at, noteLength / SAMPLE_RATE);
    }
  }
  return samples;
}

/** Samples of a drawn wave, and the periods of the pitch in it: two, so that the octave below fits. */
const WAVE_LENGTH = 512;
const WAVE_PERIODS = 2;

/** A wave of a timbre, in [-1, 1], without overtones that the sample rate cannot carry. */
function drawWave(formants: readonly number[], pitch: number, octave: number): Float32Array {
  const partials = [{ ratio: 2 ** octave, strength: DOUBLING }];
  for (let ratio = 1; ratio * pitch < SAMPLE_RATE / 2; ratio++) {
    const far = ratio === 1 ? FUNDAMENTAL : OVERTONE;
    const near = formants.map((formant) => Math.exp(-0.5 * ((ratio * pitch - formant) / FORMANT_WIDTH) ** 2));
    partials.push({ ratio, strength: Math.max(far, ...near) });
  }
  const total = partials.reduce((sum, { strength }) => sum + strength, 0);
  const wave = new Float32Array(WAVE_LENGTH);
  for (const { ratio, strength } of partials) {
    const step = (2 * Math.PI * ratio * WAVE_PERIODS) / WAVE_LENGTH;
    for (let i = 0; i < WAVE_LENGTH; i++) wave[i] = (wave[i] ?? 0) + (strength / total) * Math.sin(step * i);
  }
  return wave;
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
    for (let i = 0; i < channel.length; i++) channel[i] = (channel[i] ?? 0) + gain * (samples[i] ?? 0);
  }
}
