import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { asMediaError, type Header, looksLikeText, MediaError, mediaTypeOf, readMedia } from './modality.ts';
import { decodeSamples, readWavHeader, WavError, type WavHeader } from './wav.ts';

export interface Sound {
  /** Hertz. */
  readonly sampleRate: number;
  /** Mean of the channels, in [−1, 1]. */
  readonly samples: Float32Array;
  /** Each channel, in [−1, 1]. */
  readonly channels: Float32Array[];
}

/** Channels, sampling rate and duration, from the header and the size of the file. Throws {@link MediaError}. */
export async function probeAudio(path: string): Promise<Header> {
  const { channels, sampleRate, frames } = await openSound(path);
  return { channels, sampleRate, seconds: frames / sampleRate };
}

/** Decodes a whole sound. Throws {@link MediaError}. */
export async function decodeAudio(path: string): Promise<Sound> {
  const header = await openSound(path);
  const bytes = await readMedia(path);
  const channels = decodeSamples(bytes.subarray(header.dataStart), header);
  return { sampleRate: header.sampleRate, samples: mix(channels), channels };
}

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

async function openSound(path: string): Promise<WavHeader> {
  refuseUnknownFormat(path);
  const header = await readHeader(path);
  const { frames, announcedFrames, sampleRate } = header;
  if (announcedFrames === 0) throw new MediaError('empty-item', path, 'holds no samples: replace or delete it.');
  if (frames < announcedFrames) {
    const [there, whole] = [frames, announcedFrames].map((count) => (count / sampleRate).toFixed(2));
    throw new MediaError(
      'unreadable-media',
      path,
      `was cut off: ${there} of ${whole} s are there. Replace or delete it.`,
    );
  }
  return header;
}

function refuseUnknownFormat(path: string): void {
  const type = mediaTypeOf(path);
  if (type?.modality !== 'audio' || type.readable) return;
  const extension = extname(path).slice(1);
  throw new MediaError(
    'unsupported-format',
    path,
    `is ${extension.toUpperCase()}, which is not read yet: convert it to WAV (\`ffmpeg -i in.${extension} out.wav\`).`,
  );
}

async function readHeader(path: string): Promise<WavHeader> {
  try {
    const file = await open(path);
    try {
      if ((await file.stat()).size === 0) {
        throw new MediaError('empty-item', path, 'has no content (0 bytes): restore or delete it.');
      }
      return await readWavHeader(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw error instanceof WavError ? await explain(error, path) : asMediaError(error, path);
  }
}

async function explain(error: WavError, path: string): Promise<MediaError> {
  if (error.problem === 'unsupported-format') return new MediaError(error.problem, path, error.message, error);
  const fault = looksLikeText(await readMedia(path)) ? 'holds text, not a sound' : error.message;
  return new MediaError(error.problem, path, `${fault}: replace or delete it.`, error);
}

function mix(channels: readonly Float32Array[]): Float32Array {
  const [first] = channels;
  if (first === undefined || channels.length === 1) return first ?? new Float32Array(0);
  const mixed = new Float32Array(first.length);
  for (const channel of channels) {
    for (const [index, value] of channel.entries()) mixed[index] = (mixed[index] ?? 0) + value / channels.length;
  }
  return mixed;
}
