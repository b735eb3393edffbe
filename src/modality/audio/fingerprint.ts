import FFT from 'fft.js';
import { bitCount, fromHex, mixBits, toHex } from '../signature.ts';
import type { Sound } from './recording.ts';

const FRAMES_PER_SECOND = 16;
const WINDOW_SECONDS = 0.256;
/** Of a longer sound, the beginning: 32 seconds. */
const MAX_WORDS = 512;
/** Fewer tell sounds apart too badly. */
const MIN_WORDS = 4;
const BITS = 32;
/** Hertz. Above the hum of mains, below what a telephone lets through. */
const [LOWEST, HIGHEST] = [300, 3000];
const EDGES = Array.from({ length: BITS + 2 }, (_, edge) => LOWEST * (HIGHEST / LOWEST) ** (edge / (BITS + 1)));
const DIGITS = 8;
/** Frames by which two recordings may be shifted: half a second. */
const MAX_SHIFT = FRAMES_PER_SECOND / 2;
const BANDS = 12;
/** Of a word, the bits that must agree for two sounds to be compared. */
const KEY_BITS = 24;

/**
 * The signature of a sound: 16 words of 32 bits a second, 8 hexadecimal digits each. A bit says whether the energy falls
 * from one of 33 bands to the next more than it did a frame before (Haitsma & Kalker, A highly robust audio fingerprinting
 * system, ISMIR 2002, §4.2). The level does not matter, and neither does the sampling rate. `undefined` for a sound that
 * is too short, or has nothing in these bands.
 */
export function soundSignature({ samples, sampleRate }: Sound): string | undefined {
  const energies = bandEnergies(samples, sampleRate);
  const words = energies.slice(1).map((energy, frame) => wordOf(energy, energies[frame] ?? energy));
  return words.filter((word) => word !== 0).length < MIN_WORDS ? undefined : toHex(words, DIGITS);
}

/**
 * Share of equal bits in the best alignment within half a second, over frames in which there is sound; 0.5 is what
 * unrelated sounds have. Frames that only one of the two has count as unequal in half of their bits.
 */
export function soundSimilarity(a: string, b: string): number {
  const [first, second] = [Uint32Array.from(fromHex(a, DIGITS)), Uint32Array.from(fromHex(b, DIGITS))];
  let best = 0;
  for (let shift = -MAX_SHIFT; shift <= MAX_SHIFT; shift++) best = Math.max(best, agreement(first, second, shift));
  return best;
}

function agreement(first: Uint32Array, second: Uint32Array, shift: number): number {
  let [equal, compared] = [0, 0];
  const end = Math.max(first.length, second.length + shift);
  for (let frame = Math.min(0, shift); frame < end; frame++) {
    const a = first[frame] ?? 0;
    const b = second[frame - shift] ?? 0;
    if (a === 0 && b === 0) continue;
    compared += BITS;
    equal += a === 0 || b === 0 ? BITS / 2 : BITS - bitCount(a ^ b);
  }
  return compared === 0 ? 0 : equal / compared;
}

/**
 * The twelve words that come first in an order by hash (min-hash; Broder, On the resemblance and containment of
 * documents, 1997), so that similar sounds choose the same ones wherever they occur.
 */
export function soundBands(signature: string): string[] {
  const keys = new Set(
    fromHex(signature, DIGITS)
      .filter((word) => word !== 0)
      .map((word) => word >>> (BITS - KEY_BITS)),
  );
  const inOrder = [...keys].map((key) => ({ key, order: mixBits(key) })).sort((a, b) => a.order - b.order);
  return inOrder.slice(0, BANDS).map(({ key }) => key.toString(16));
}

/** Energies of the bands of each frame. Frames are centred on multiples of the hop, with silence around the sound. */
function bandEnergies(samples: Float32Array, sampleRate: number): Float64Array[] {
  const length = Math.max(2, Math.round(WINDOW_SECONDS * sampleRate));
  const size = 2 ** Math.ceil(Math.log2(length));
  const fft = new FFT(size);
  const spectrum = fft.createComplexArray();
  const frame = new Float64Array(size);
  const window = Float64Array.from({ length }, (_, index) => Math.sin((Math.PI * (index + 0.5)) / length) ** 2);
  const frames = Math.min(MAX_WORDS, Math.floor((samples.length / sampleRate) * FRAMES_PER_SECOND)) + 1;
  return Array.from({ length: frames }, (_, index) => {
    const start = Math.round((index * sampleRate) / FRAMES_PER_SECOND) - Math.floor(length / 2);
    for (let at = 0; at < length; at++) frame[at] = (window[at] ?? 0) * (samples[start + at] ?? 0);
    fft.realTransform(spectrum, frame);
    return sumBands(spectrum, size, sampleRate);
  });
}

/** A bin's energy is spread evenly over its width, so that the edges of the bands may lie anywhere. */
function sumBands(spectrum: readonly number[], size: number, sampleRate: number): Float64Array {
  const cumulative = new Float64Array(size / 2 + 1);
  for (let bin = 0; bin < size / 2; bin++) {
    const energy = (spectrum[2 * bin] ?? 0) ** 2 + (spectrum[2 * bin + 1] ?? 0) ** 2;
    cumulative[bin + 1] = (cumulative[bin] ?? 0) + energy;
  }
  const below = EDGES.map((hertz) => {
    const position = Math.min(size / 2, (hertz * size) / sampleRate + 0.5);
    const bin = Math.floor(position);
    const [low, high] = [cumulative[bin] ?? 0, cumulative[bin + 1] ?? cumulative[bin] ?? 0];
    return low + (position - bin) * (high - low);
  });
  return Float64Array.from({ length: BITS + 1 }, (_, band) => (below[band + 1] ?? 0) - (below[band] ?? 0));
}

/** Zero stands for silence: energy that 16 bits cannot hold. */
function wordOf(energies: Float64Array, before: Float64Array): number {
  let word = 0;
  for (let band = 0; band < BITS; band++) {
    const fall = (energies[band] ?? 0) - (energies[band + 1] ?? 0);
    const fallBefore = (before[band] ?? 0) - (before[band + 1] ?? 0);
    word = (word << 1) | (fall > fallBefore ? 1 : 0);
  }
  return word >>> 0;
}
