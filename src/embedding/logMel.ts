import { fromRows, type Matrix } from '../base/matrix.ts';
import { mean, standardDeviation } from '../base/statistics.ts';
import type { Sound } from '../modality/audio/recording.ts';
import { createEncoder, type Encoder } from './encoder.ts';
import { BANDS, melSpectrogram } from './melSpectrogram.ts';
import { type FittedDirections, fitPrincipalDirections, fitWhitening } from './whitening.ts';

/** Equal parts of the sound; each has its mean spectrum and its place in stereo. */
const PARTS = 5;
const DIMENSIONS = 128;
const FLOOR = 0.1;
/** A place in stereo runs from −1 to 1, a level over tens of decibels: this brings the two to one scale. */
const STEREO_SCALE = 40;
const SECONDS_SCALE = 10;

/**
 * Sounds without downloaded weights: statistics of the mel spectrogram in decibels. The mean of each band in five equal
 * parts of the sound (what is heard when), and over the whole its standard deviation and its mean absolute change from
 * frame to frame (how it moves); the place in stereo of each part; the duration. The whole is PCA-whitened to at most
 * 128 numbers.
 */
export const logMel = logMelEncoder('log-mel', 1, (features) => fitWhitening(features, DIMENSIONS, FLOOR));

/** {@link logMel} without whitening: the 128 main directions of the same statistics, as loud as they are. */
export const logMelPca = logMelEncoder('log-mel-pca', 1, (features) => fitPrincipalDirections(features, DIMENSIONS));

function logMelEncoder(name: string, version: number, fitLast: (features: Matrix) => FittedDirections): Encoder {
  return createEncoder<Float32Array>({
    name,
    version,
    modality: 'audio',
    read: async (item, decoders) => describeSound(await decoders.sound(item.location)),
    async fit(sample) {
      const last = fitLast(fromRows(sample));
      return { dimensions: last.dimensions, apply: (features) => last.apply(features) };
    },
  });
}

/** The numbers that are whitened; of equal many for every sound. */
export function describeSound({ samples, sampleRate, channels }: Sound): Float32Array {
  const frames = melSpectrogram(samples, sampleRate);
  const bands = Array.from({ length: BANDS }, (_, band) => frames.map((frame) => frame[band] ?? 0));
  return Float32Array.from([
    ...bands.flatMap((levels) => parts(levels).map(mean)),
    ...bands.map(standardDeviation),
    ...bands.map(meanChange),
    ...stereoPlaces(channels).map((place) => STEREO_SCALE * place),
    SECONDS_SCALE * Math.log(samples.length / sampleRate),
  ]);
}

/** Equal parts in time order; with fewer values than parts, neighbours share values, so that none is empty. */
function parts(values: readonly number[]): number[][] {
  return Array.from({ length: PARTS }, (_, part) => {
    const start = Math.floor((part * values.length) / PARTS);
    const end = Math.max(start + 1, Math.floor(((part + 1) * values.length) / PARTS));
    return values.slice(start, end);
  });
}

function meanChange(levels: readonly number[]): number {
  if (levels.length < 2) return 0;
  return mean(levels.slice(1).map((level, index) => Math.abs(level - (levels[index] ?? 0))));
}

/** For each part (right − left) / (right + left) of the energies: −1 is left, 1 is right, 0 the middle or mono. */
function stereoPlaces([left, right]: readonly Float32Array[]): number[] {
  if (left === undefined || right === undefined) return new Array<number>(PARTS).fill(0);
  return Array.from({ length: PARTS }, (_, part) => {
    const [l, r] = [energyOf(left, part), energyOf(right, part)];
    return l + r === 0 ? 0 : (r - l) / (r + l);
  });
}

function energyOf(samples: Float32Array, part: number): number {
  const start = Math.floor((part * samples.length) / PARTS);
  const end = Math.floor(((part + 1) * samples.length) / PARTS);
  return samples.subarray(start, end).reduce((sum, value) => sum + value * value, 0);
}
