import FFT from 'fft.js';

/**
 * The inverse modified discrete cosine transform of Vorbis: from n/2 coefficients X the n samples
 * y[i] = Σₖ X[k] cos(2π/n (i + ½ + n/4)(k + ½)). As a DCT-IV of n/2 points by a complex FFT of n/4 points (Britanak, Yip
 * & Rao, Discrete Cosine and Sine Transforms, 2007, §4), unfolded by its symmetries.
 */
export class InverseMdct {
  readonly #quarter: number;
  readonly #fft: FFT;
  /** exp(−iπ(8k + 1)/(4n)), real and imaginary parts in turn. */
  readonly #twiddles: Float64Array;

  /** @param size n, a power of two from 64 on */
  constructor(size: number) {
    this.#quarter = size / 4;
    this.#fft = new FFT(this.#quarter);
    this.#twiddles = new Float64Array(size / 2);
    for (let k = 0; k < this.#quarter; k++) {
      const angle = (-Math.PI * (8 * k + 1)) / (4 * size);
      this.#twiddles[2 * k] = Math.cos(angle);
      this.#twiddles[2 * k + 1] = Math.sin(angle);
    }
  }

  transform(spectrum: Float32Array): Float32Array {
    const quarter = this.#quarter;
    const half = 2 * quarter;
    const cosines = this.#dct4(spectrum);
    const samples = new Float32Array(2 * half);
    for (let i = 0; i < quarter; i++) {
      samples[i] = cosines[quarter + i] ?? 0;
      samples[3 * quarter + i] = -(cosines[i] ?? 0);
    }
    for (let i = 0; i < half; i++) samples[quarter + i] = -(cosines[half - 1 - i] ?? 0);
    return samples;
  }

  /** u[m] = Σₖ X[k] cos(2π/n (m + ½)(k + ½)). */
  #dct4(spectrum: Float32Array): Float64Array {
    const half = 2 * this.#quarter;
    const input: number[] = this.#fft.createComplexArray();
    const output: number[] = this.#fft.createComplexArray();
    for (let k = 0; k < this.#quarter; k++) {
      this.#rotate(input, k, spectrum[2 * k] ?? 0, spectrum[half - 1 - 2 * k] ?? 0);
    }
    this.#fft.transform(output, input);
    const cosines = new Float64Array(half);
    for (let k = 0; k < this.#quarter; k++) {
      this.#rotate(output, k, output[2 * k] ?? 0, output[2 * k + 1] ?? 0);
      cosines[2 * k] = output[2 * k] ?? 0;
      cosines[half - 1 - 2 * k] = -(output[2 * k + 1] ?? 0);
    }
    return cosines;
  }

  #rotate(into: number[], k: number, real: number, imaginary: number): void {
    const [cosine, sine] = [this.#twiddles[2 * k] ?? 0, this.#twiddles[2 * k + 1] ?? 0];
    into[2 * k] = real * cosine - imaginary * sine;
    into[2 * k + 1] = real * sine + imaginary * cosine;
  }
}
