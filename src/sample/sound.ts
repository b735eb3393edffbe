import type { Random } from '../base/random.ts';
import { encodeWav } from '../base/wav.ts';
import {
  COLOURS,
  type Concept,
  type Place,
  type Scene,
  type Shape,
  SIZES,
  type Size,
  type Texture,
} from './concepts.ts';
import { SOUND } from './nuisance.ts';

/** Hertz. */
export const SAMPLE_RATE = 8000;

interface Voice {
  /** Hertz around which its overtones are strong, as in a vowel; all above the drones. */
  readonly formants: readonly number[];
  /** Loudness beat for beat, 0 to 1. */
  readonly rhythm: readonly number[];
}

/** The vowel and the rhythm of a shape. */
const VOICES: Readonly<Record<Shape, Voice>> = {
  circle: { formants: [1000], rhythm: [1, 1, 1, 1] },
  square: { formants: [1400], rhythm: [1, 0.2, 1, 0.2] },
  triangle: { formants: [1000, 2800], rhythm: [0.2, 0.4, 0.7, 1] },
  star: { formants: [3200], rhythm: [0.2, 1, 0.2, 1] },
  cross: { formants: [1900], rhythm: [1, 0.2, 0.2, 1] },
  ring: { formants: [2400], rhythm: [1, 0.7, 0.4, 0.2] },
  heart: { formants: [1000, 1900], rhythm: [0.2, 1, 1, 0.2] },
  crescent: { formants: [1400, 3200], rhythm: [1, 1, 0.2, 0.2] },
};
/** Hertz from the middle of a formant to where it is 0.6 as strong. */
const FORMANT_WIDTH = 180;

/** Hertz of the drone of the first colour; each further one is a major third higher. */
const LOWEST_DRONE = 140;
const SEMITONES_BETWEEN_COLOURS = 4;
/** Of the voice's. */
const DRONE = 0.8;

/** Hertz of a voice: small things sound high, large ones deep. */
const PITCHES: Readonly<Record<Size, number>> = { small: 170, medium: 120, large: 85 };
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
  const tune = play(concept, size, texture, length, random);
  mix(channels, tune, loudness, PANS[place]);
  if (bystander !== undefined) {
    const along = play(bystander.concept, random.pick(SIZES), 'plain', length, random);
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

/** The drone of a colour and, above it, the voice of a shape; samples in [-1, 1]. */
function play({ shape, colour }: Concept, size: Size, texture: Texture, length: number, random: Random): Float32Array {
  const { formants, rhythm } = VOICES[shape];
  const shifted = formants.map((hertz) => hertz * Math.exp(SOUND.formants * random.normal()));
  const semitones = COLOURS.indexOf(colour) * SEMITONES_BETWEEN_COLOURS + SOUND.detune * random.normal();
  const drone = LOWEST_DRONE * 2 ** (semitones / 12);
  const pitch = PITCHES[size] * 2 ** ((SOUND.detune * random.normal()) / 12);
  const wave = drawWave(shifted, pitch);
  const beat = length / rhythm.length;
  return Float32Array.from({ length }, (_, index) => {
    const number = Math.floor(index / beat);
    const at = (index - number * beat) / SAMPLE_RATE;
    const seconds = index / SAMPLE_RATE;
    const voice = (wave[Math.floor(((seconds * pitch) % 1) * WAVE_LENGTH)] ?? 0) * (rhythm[number] ?? 0);
    const sound = voice + DRONE * Math.sin(2 * Math.PI * drone * seconds);
    return (sound / (1 + DRONE)) * envelope(texture, at, beat / SAMPLE_RATE);
  });
}

/** Samples of a drawn wave. */
const WAVE_LENGTH = 512;

/** One period of a voice, in [-1, 1]: its overtones near a formant that the sample rate can carry. */
function drawWave(formants: readonly number[], pitch: number): Float32Array {
  const ratios = Array.from({ length: Math.ceil(SAMPLE_RATE / 2 / pitch) - 1 }, (_, index) => index + 1);
  const near = (hertz: number, formant: number): number => Math.exp(-0.5 * ((hertz - formant) / FORMANT_WIDTH) ** 2);
  const strengths = ratios.map((ratio) => Math.max(...formants.map((formant) => near(ratio * pitch, formant))));
  const total = strengths.reduce((sum, strength) => sum + strength, 0);
  return Float32Array.from({ length: WAVE_LENGTH }, (_, i) =>
    strengths.reduce((sum, strength, at) => {
      const ratio = ratios[at] ?? 0;
      return sum + (strength / total) * Math.sin((2 * Math.PI * ratio * i) / WAVE_LENGTH);
    }, 0),
  );
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
