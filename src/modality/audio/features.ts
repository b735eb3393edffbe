import { createHash } from 'node:crypto';
import type { Features } from '../features.ts';
import { soundBands, soundSignature } from './fingerprint.ts';
import type { Sound } from './recording.ts';

const FRAME_SECONDS = 0.02;
/** −60 dB of full scale. */
const SILENCE = 0.001;
/** A sound may be clipped at its peak when that is near full scale, whatever the width of its samples. */
const FULL_SCALE = 0.98;
/** A sound that was not clipped stays at its peak for a sample or two. */
const CLIPPED_RUN = 3;

/** Describes a decoded sound. */
export function soundFeatures(sound: Sound): Features {
  const { sampleRate, samples, channels } = sound;
  const peak = channels.reduce((most, channel) => Math.max(most, peakOf(channel)), 0);
  const measures = { peak, clipped: clippedShare(channels, peak), silent: silentShare(samples, sampleRate) };
  const common = { decodedHash: hashSamples(sound), ...measures };
  const signature = soundSignature(sound);
  return signature === undefined ? common : { ...common, signature, bands: soundBands(signature) };
}

function hashSamples({ sampleRate, channels }: Sound): string {
  const hash = createHash('sha256').update(`${sampleRate} ${channels.length}`);
  for (const channel of channels) {
    hash.update(Int16Array.from(channel, (sample) => Math.max(-32768, Math.min(32767, Math.round(sample * 32768)))));
  }
  return hash.digest('hex');
}

function peakOf(samples: Float32Array): number {
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

function clippedShare(channels: readonly Float32Array[], peak: number): number {
  if (peak < FULL_SCALE) return 0;
  let [clipped, total] = [0, 0];
  for (const channel of channels) {
    total += channel.length;
    let run = 0;
    for (const sample of channel) {
      run = Math.abs(sample) >= peak - 2 ** -14 ? run + 1 : 0;
      if (run === CLIPPED_RUN) clipped += CLIPPED_RUN;
      else if (run > CLIPPED_RUN) clipped++;
    }
  }
  return clipped / total;
}

/** The last frame may be shorter. */
function silentShare(samples: Float32Array, sampleRate: number): number {
  const length = Math.max(1, Math.round(FRAME_SECONDS * sampleRate));
  const frames = Math.ceil(samples.length / length);
  let silent = 0;
  for (let frame = 0; frame < frames; frame++) {
    const part = samples.subarray(frame * length, (frame + 1) * length);
    const energy = part.reduce((sum, sample) => sum + sample * sample, 0);
    if (Math.sqrt(energy / part.length) < SILENCE) silent++;
  }
  return silent / frames;
}
