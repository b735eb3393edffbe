const HEADER_BYTES = 44;
const BYTES_PER_SAMPLE = 2;

/**
 * A RIFF/WAVE file of 16-bit PCM. `channels` hold samples in [-1, 1] (louder ones are clipped), all equally long;
 * `sampleRate` in hertz.
 */
export function encodeWav(channels: readonly Float32Array[], sampleRate: number): Buffer {
  const frames = channels[0]?.length ?? 0;
  const blockBytes = channels.length * BYTES_PER_SAMPLE;
  const file = Buffer.alloc(HEADER_BYTES + frames * blockBytes);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(channels.length, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * blockBytes, 28);
  file.writeUInt16LE(blockBytes, 32);
  file.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(frames * blockBytes, 40);
  for (const [channel, samples] of channels.entries()) {
    for (let frame = 0; frame < frames; frame++) {
      const clipped = Math.max(-1, Math.min(1, samples[frame] ?? 0));
      file.writeInt16LE(Math.round(clipped * 32767), HEADER_BYTES + frame * blockBytes + channel * BYTES_PER_SAMPLE);
    }
  }
  return file;
}
