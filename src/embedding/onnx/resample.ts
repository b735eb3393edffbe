/** Zero crossings of the sinc on each side of a sample. */
const CROSSINGS = 16;
/** Of the lower half sample rate, that passes. */
const ROLLOFF = 0.95;

/**
 * A sound at another sample rate: band-limited interpolation with a sinc under a Hann window (Smith, "Digital Audio
 * Resampling Home Page", CCRMA 2002), so that nothing above half of the new rate folds back. Each phase of the two rates
 * has its filter, which is computed once.
 *
 * @param samples at `from` hertz
 * @returns ⌈length × to / from⌉ samples at `to` hertz
 */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples;
  const shared = greatestCommonDivisor(from, to);
  const [step, phases] = [from / shared, to / shared];
  const cutoff = ROLLOFF * Math.min(1, to / from);
  const reach = Math.ceil(CROSSINGS / cutoff);
  const filters = new Map<number, Float64Array>();
  const resampled = new Float32Array(Math.ceil((samples.length * to) / from));
  for (let index = 0; index < resampled.length; index++) {
    const phase = (index * step) % phases;
    const centre = (index * step - phase) / phases;
    const filter = filters.get(phase) ?? filterOf(phase / phases, cutoff, reach);
    filters.set(phase, filter);
    let sum = 0;
    for (const [tap, weight] of filter.entries()) sum += weight * (samples[centre + tap - reach] ?? 0);
    resampled[index] = sum;
  }
  return resampled;
}

/** The weights of the samples from `reach` before to `reach` + 1 behind a place, for a target `offset` behind the place. */
function filterOf(offset: number, cutoff: number, reach: number): Float64Array {
  return Float64Array.from({ length: 2 * reach + 2 }, (_, tap) => {
    const distance = tap - reach - offset;
    const x = Math.PI * cutoff * distance;
    const sinc = x === 0 ? 1 : Math.sin(x) / x;
    const window = Math.abs(distance) > reach ? 0 : Math.cos((Math.PI * distance) / (2 * reach)) ** 2;
    return cutoff * sinc * window;
  });
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
