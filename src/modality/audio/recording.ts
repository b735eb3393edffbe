import { type Header, MediaError } from '../modality.ts';

/** Samples of all channels together of the longest sound that is decoded: 400 MB, 19 minutes of music in stereo. */
export const MAX_SAMPLES = 100_000_000;

export interface Sound {
  /** Hertz. */
  readonly sampleRate: number;
  /** Mean of the channels, in [−1, 1]. */
  readonly samples: Float32Array;
  /** Each channel, in [−1, 1]. */
  readonly channels: Float32Array[];
}

/** What a decoder gives. */
export interface Decoded {
  readonly header: Header;
  /** Hertz. */
  readonly sampleRate: number;
  readonly channels: Float32Array[];
}

/** Seconds of a sound that are wanted; without them, its beginning and its end. */
export interface Part {
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/**
 * Gathers what a decoder gives out block by block, so that of a long sound only the wanted part is ever in memory, and a
 * file that decodes to hours cannot fill it.
 */
export class Recording {
  readonly #name: string;
  readonly #sampleRate: number;
  readonly #first: number;
  readonly #end: number;
  readonly #blocks: Float32Array[][] = [];
  /** Negative as long as samples are skipped. */
  #frames: number;
  #kept = 0;

  /** @param skip frames that the codec needs to get going, and that are no part of the sound */
  constructor(name: string, sampleRate: number, part: Part, skip = 0) {
    this.#name = name;
    this.#sampleRate = sampleRate;
    [this.#first, this.#end] = framesOf(part, sampleRate);
    this.#frames = -skip;
  }

  /** Frames that were given out so far, kept or not. */
  get frames(): number {
    return Math.max(0, this.#frames);
  }

  /** True once nothing that follows is wanted. */
  get isFull(): boolean {
    return this.#frames >= this.#end;
  }

  /** Takes the next block: as many samples of each channel. Throws {@link MediaError} when the sound is too long. */
  add(block: readonly Float32Array[]): void {
    const length = block[0]?.length ?? 0;
    const from = Math.min(length, Math.max(0, this.#first - this.#frames));
    const to = Math.min(length, Math.max(from, this.#end - this.#frames));
    this.#frames += length;
    if (from === to) return;
    this.#kept += (to - from) * block.length;
    refuseTooLong(this.#name, this.#kept);
    this.#blocks.push(block.map((samples) => samples.slice(from, to)));
  }

  /** The sound ends after so many frames; what the codec gave out behind them, less than a second, is no part of it. */
  endAt(frames: number): void {
    if (frames < 0 || frames > this.#frames || this.#frames - frames > this.#sampleRate) return;
    this.#frames = frames;
  }

  /** Each channel of what was kept. */
  channels(): Float32Array[] {
    const count = this.#blocks[0]?.length ?? 0;
    const wanted = Math.max(0, Math.min(this.#end, this.#frames) - this.#first);
    return Array.from({ length: count }, (_, channel) => {
      const kept = this.#blocks.reduce((sum, block) => sum + (block[channel]?.length ?? 0), 0);
      const samples = new Float32Array(kept);
      let position = 0;
      for (const block of this.#blocks) {
        samples.set(block[channel] ?? [], position);
        position += block[channel]?.length ?? 0;
      }
      return samples.subarray(0, wanted);
    });
  }
}

/** First frame, and the frame behind the last one, of a part. */
export function framesOf({ start = 0, end = Number.POSITIVE_INFINITY }: Part, sampleRate: number): [number, number] {
  const first = Math.max(0, Math.round(start * sampleRate));
  return [first, Math.max(first, Math.round(end * sampleRate))];
}

/** Throws {@link MediaError}. */
export function refuseTooLong(name: string, samples: number): void {
  if (samples <= MAX_SAMPLES) return;
  const fault = `has more than the ${MAX_SAMPLES / 1e6} million samples that are decoded: cut it into parts.`;
  throw new MediaError('too-large', name, fault);
}

/** Mean of the channels. */
export function mix(channels: readonly Float32Array[]): Float32Array {
  const [first] = channels;
  if (first === undefined || channels.length === 1) return first ?? new Float32Array(0);
  const mixed = new Float32Array(first.length);
  for (const channel of channels) {
    for (let index = 0; index < mixed.length; index++) {
      mixed[index] = (mixed[index] ?? 0) + (channel[index] ?? 0) / channels.length;
    }
  }
  return mixed;
}
