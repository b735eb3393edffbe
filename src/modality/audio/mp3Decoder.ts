import minimp3 from 'minimp3-wasm/dist/decoder.opt.wasm';
import * as z from 'zod';
import { type Media, unreadable } from '../modality.ts';
import { scanMp3 } from './mp3.ts';
import { type Decoded, Recording } from './recording.ts';

/** Seconds of sound that are decoded at a time. */
const BLOCK_SECONDS = 10;
/** Samples by which every decoder lags behind: 528 of the filter bank, and one (LAME, technical FAQ). */
const DECODER_DELAY = 529;

const Call = z.custom<(argument?: number) => number>((value) => typeof value === 'function');
/** The functions of minimp3 that are used; offsets and sizes are bytes of its memory. */
const Minimp3 = z.object({
  memory: z.custom<WebAssembly.Memory>((value) => value instanceof WebAssembly.Memory),
  decoder_init: Call,
  decoder_set_mp3_data_size: Call,
  decoder_mp3_data_offset: Call,
  decoder_decode: Call,
  decoder_pcm_data_offset: Call,
  decode_results_num_samples: Call,
  decode_results_num_channels: Call,
  decode_results_sampling_rate: Call,
});

/**
 * Decodes MP3 by minimp3 in WebAssembly, the memory of which goes with its instance. What an encoder added before and
 * after the sound is left out, if the encoder said how much. Throws {@link MediaError}.
 */
export async function decodeMp3(media: Media): Promise<Decoded> {
  const { name, bytes } = media;
  const { frame, frames, info } = scanMp3(bytes, name);
  const { sampleRate, channels, samples } = frame;
  const delay = info?.delay ?? 0;
  const recording = new Recording(name, sampleRate, media, delay > 0 ? delay + DECODER_DELAY : 0);
  try {
    for await (const block of decodeBlocks(bytes.subarray(frames[0]))) {
      if (block.sampleRate !== sampleRate || block.channels.length !== channels) {
        throw unreadable(name, 'changes its sampling rate or its channels in the middle, so it is damaged');
      }
      recording.add(block.channels);
      if (recording.isFull) break;
    }
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw unreadable(name, 'is damaged', error);
    throw error;
  }
  const total = Math.max(0, frames.length * samples - delay - (info?.padding ?? 0));
  if (!recording.isFull) recording.endAt(total);
  const header = { format: 'mp3', channels, sampleRate, seconds: total / sampleRate };
  return { header, sampleRate, channels: recording.channels() };
}

async function* decodeBlocks(bytes: Buffer): AsyncGenerator<{ sampleRate: number; channels: Float32Array[] }> {
  const { instance } = await WebAssembly.instantiate(minimp3, {});
  const decoder = Minimp3.parse(instance.exports);
  decoder.decoder_init();
  decoder.decoder_set_mp3_data_size(bytes.length);
  new Uint8Array(decoder.memory.buffer, decoder.decoder_mp3_data_offset(), bytes.length).set(bytes);
  for (;;) {
    decoder.decoder_decode(BLOCK_SECONDS);
    const count = decoder.decode_results_num_samples();
    if (count === 0) return;
    const samples = new Int16Array(decoder.memory.buffer, decoder.decoder_pcm_data_offset(), count);
    yield {
      sampleRate: decoder.decode_results_sampling_rate(),
      channels: deinterleave(samples, decoder.decode_results_num_channels()),
    };
  }
}

function deinterleave(samples: Int16Array, channels: number): Float32Array[] {
  const length = Math.floor(samples.length / channels);
  return Array.from({ length: channels }, (_, channel) =>
    Float32Array.from({ length }, (_, frame) => (samples[frame * channels + channel] ?? 0) / 2 ** 15),
  );
}
