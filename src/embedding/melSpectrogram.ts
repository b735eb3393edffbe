import FFT from 'fft.js';

/** Mel bands, evenly spaced on the mel scale between the two frequencies, whatever the sampling rate. */
export const BANDS = 40;
const LOWEST_HZ = 50;
const HIGHEST_HZ = 8000;
/** Window length; rounded to a power of two of samples. */
const WINDOW_SECONDS = 0.032;
/** A longer sound is looked at with larger steps, so that the cost of one item is bounded. */
const MAX_FRAMES = 1000;
const DYNAMIC_RANGE_DB = 80;

/**
 * Power in mel bands over time: `frames` × {@link BANDS} decibels in [−80, 0], relative to the loudest band of the
 * sound, so that loudness plays no part. Bands above half the sampling rate hold −80. Hann window of about 32 ms, half
 * overlapping; triangular filters on the mel scale 2595 · log10(1 + f / 700) (O'Shaughnessy, Speech Communication,
 * 1987). A sound shorter than a window is one frame, padded with zeros.
 */
export function melSpectrogram(samples: Float32Array, sampleRate: number): Float32Array[] {
  const size = Math.max(64, 2 ** Math.round(Math.log2(WINDOW_SECONDS * sampleRate)));
  const span = Math.max(0, samples.length - size);
  const hop = Math.max(size / 2, span / (MAX_FRAMES - 1));
  const fft = new FFT(size);
  const spectrum = fft.createComplexArray();
  const frame = new Array<number>(size).fill(0);
  const filters = melFilters(size, sampleRate);
  const frames = Array.from({ length: 1 + Math.floor(span / hop) }, (_, index) => {
    const start = Math.floor(index * hop);
    for (let i = 0; i < size; i++) {
      frame[i] = (samples[start + i] ?? 0) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));
    }
    fft.realTransform(spectrum, frame);
    return Float32Array.from(filters, (filter) => bandPower(filter, spectrum));
  });
  return toDecibels(frames);
}

interface MelFilter {
  readonly firstBin: number;
  readonly weights: readonly number[];
}

/** Triangles between neighbouring band centres, widened to one bin where the bands are narrower than the bins. */
function melFilters(size: number, sampleRate: number): MelFilter[] {
  const binHz = sampleRate / size;
  const [low, high] = [toMel(LOWEST_HZ), toMel(HIGHEST_HZ)];
  const edge = (index: number): number => fromMel(low + ((high - low) * index) / (BANDS + 1));
  return Array.from({ length: BANDS }, (_, band) => {
    const centre = edge(band + 1);
    const from = Math.min(edge(band), centre - binHz);
    const to = Math.max(edge(band + 2), centre + binHz);
    const firstBin = Math.max(0, Math.ceil(from / binHz));
    const lastBin = Math.min(size / 2, Math.floor(to / binHz));
    const weights = Array.from({ length: Math.max(0, lastBin - firstBin + 1) }, (_unused, offset) => {
      const hz = (firstBin + offset) * binHz;
      return Math.max(0, hz < centre ? (hz - from) / (centre - from) : (to - hz) / (to - centre));
    });
    return { firstBin, weights };
  });
}

function bandPower({ firstBin, weights }: MelFilter, spectrum: readonly number[]): number {
  let power = 0;
  for (const [offset, weight] of weights.entries()) {
    const at = 2 * (firstBin + offset);
    power += weight * ((spectrum[at] ?? 0) ** 2 + (spectrum[at + 1] ?? 0) ** 2);
  }
  return power;
}

function toDecibels(frames: readonly Float32Array[]): Float32Array[] {
  let loudest = 0;
  for (const frame of frames) for (const power of frame) loudest = Math.max(loudest, power);
  const floor = 10 ** (-DYNAMIC_RANGE_DB / 10);
  return frames.map((frame) =>
    frame.map((power) => (loudest === 0 ? -DYNAMIC_RANGE_DB : 10 * Math.log10(Math.max(power / loudest, floor)))),
  );
}

function toMel(hz: number): number {
  return 2595 * Math.log10(1 + hz / 700);
}

function fromMel(mel: number): number {
  return 700 * (10 ** (mel / 2595) - 1);
}
