import type { Header } from './modality.ts';

export interface Sound {
  /** Hertz. */
  readonly sampleRate: number;
  /** Mean of the channels, in [−1, 1]. */
  readonly samples: Float32Array;
  readonly channels: Float32Array[];
}

/** Throws {@link MediaError}. */
export async function probeAudio(_path: string): Promise<Header> {
  throw new Error('not yet');
}

/** Throws {@link MediaError}. */
export async function decodeAudio(_path: string): Promise<Sound> {
  throw new Error('not yet');
}

/** Lowest and highest sample of each of `parts` equal parts. */
export function waveform(_samples: Float32Array, _parts: number): [number, number][] {
  throw new Error('not yet');
}
