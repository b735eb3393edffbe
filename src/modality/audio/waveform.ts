/** Lowest and highest sample of each of `parts` equal parts, in time order; a part without samples is [0, 0]. */
export function waveform(samples: Float32Array, parts: number): [number, number][] {
  return Array.from({ length: parts }, (_, part) => {
    const start = Math.floor((part * samples.length) / parts);
    const end = Math.floor(((part + 1) * samples.length) / parts);
    let [low, high] = [samples[start] ?? 0, samples[start] ?? 0];
    for (let index = start; index < end; index++) {
      const value = samples[index] ?? 0;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return [low, high];
  });
}
