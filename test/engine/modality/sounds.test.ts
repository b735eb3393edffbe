import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAudio, extractFeatures } from '../../../src/modality/decode.ts';
import { MediaError } from '../../../src/modality/modality.ts';
import { faultOf, faultOfWork, readFully } from '../../unit/modality/readFully.ts';
import * as files from '../../unit/modality/soundFiles.ts';
import { FLAC, MP3, OPUS, RISING_TONE, VORBIS } from './encodedSounds.ts';

const PCM = Buffer.from(Int16Array.from(RISING_TONE, (sample) => Math.round(32767 * sample)).buffer);

/** Signal to noise in decibels. */
function fidelity(decoded: Float32Array, original: Float32Array): number {
  let [signal, noise] = [0, 0];
  for (const [index, sample] of original.entries()) {
    signal += sample ** 2;
    noise += (sample - (decoded[index] ?? 0)) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

describe('a sound', () => {
  it.each([
    ['wav', files.wav({ data: PCM }), 80],
    ['mp3', MP3, 20],
    ['ogg', VORBIS, 20],
  ] as const)('in %s is decoded to what was encoded, sample by sample', async (extension, bytes, decibels) => {
    const { samples, sampleRate } = await decodeAudio({ name: `a.${extension}`, bytes });
    expect(sampleRate).toBe(8000);
    expect(samples).toHaveLength(RISING_TONE.length);
    expect(fidelity(samples, RISING_TONE)).toBeGreaterThan(decibels);
  });

  it('in Opus is decoded to 48 kHz', async () => {
    const { samples, sampleRate } = await decodeAudio({ name: 'a.opus', bytes: OPUS });
    expect(sampleRate).toBe(48_000);
    expect(samples).toHaveLength(6 * RISING_TONE.length);
    expect(
      fidelity(
        samples.filter((_, index) => index % 6 === 0),
        RISING_TONE,
      ),
    ).toBeGreaterThan(10);
  });

  it('in FLAC is decoded bit by bit, each channel', async () => {
    const { samples, channels } = await decodeAudio({ name: 'a.flac', bytes: FLAC });
    const left = Float32Array.from(new Int16Array(PCM.buffer, PCM.byteOffset, 1200), (sample) => sample / 32768);
    expect(channels[0]).toEqual(left);
    expect(channels[1]).toEqual(left.map((sample) => Math.floor((32768 * sample) / 2) / 32768));
    expect(samples[700]).toBeCloseTo(((channels[0]?.[700] ?? 0) + (channels[1]?.[700] ?? 0)) / 2, 6);
  });

  it.each([
    ['wav', files.wav({ data: PCM })],
    ['mp3', MP3],
    ['ogg', VORBIS],
    ['opus', OPUS],
    ['flac', FLAC],
  ] as const)('in %s has one header in both passes', async (extension, bytes) => {
    const name = `a.${extension}`;
    expect((await extractFeatures('audio', { name, bytes })).header).toEqual(readFully('audio', name, bytes));
  });

  it.each([
    ['wav', files.wav({ data: PCM })],
    ['mp3', MP3],
    ['ogg', VORBIS],
    ['flac', FLAC],
  ] as const)('in %s is cut to the part that is asked for', async (extension, bytes) => {
    const name = `a.${extension}`;
    const { samples } = await decodeAudio({ name, bytes });
    const part = await decodeAudio({ name, bytes, start: 0.05, end: 0.1 });
    expect(part.samples).toEqual(samples.slice(400, 800));
    expect((await decodeAudio({ name, bytes, start: 0.1 })).samples).toEqual(samples.slice(800));
    expect(await faultOfWork(decodeAudio({ name, bytes, start: 5 }))).toMatch(
      /^unreadable-media: ends before second 5/,
    );
  });

  it.each([
    ['wav', files.wav({ data: PCM })],
    ['mp3', MP3],
    ['ogg', VORBIS],
    ['opus', OPUS],
    ['flac', FLAC],
  ] as const)('in %s that was cut in half is found by the header pass or when decoded', async (extension, bytes) => {
    const [name, half] = [`a.${extension}`, bytes.subarray(0, bytes.length / 2)];
    expect(await faultOfWork(extractFeatures('audio', { name, bytes: half }))).toMatch(
      /^unreadable-media: was cut off/,
    );
    // FLAC does not say how many bytes it has.
    if (extension !== 'flac')
      expect(faultOf(() => readFully('audio', name, half))).toMatch(/^unreadable-media: was cut off/);
  });

  it.each([
    ['ogg', VORBIS],
    ['opus', OPUS],
    ['flac', FLAC],
  ] as const)('in %s with a flipped bit is found when decoded', async (extension, bytes) => {
    const damaged = Buffer.from(bytes);
    damaged[bytes.length - 300] = (damaged[bytes.length - 300] ?? 0) ^ 4;
    expect(await faultOfWork(decodeAudio({ name: `a.${extension}`, bytes: damaged }))).toMatch(
      /^unreadable-media: is damaged/,
    );
  });

  it('of more samples than fit into memory is refused', async () => {
    const bytes = Buffer.concat([
      files.wav({ bits: 8, data: Buffer.alloc(0), dataSize: 100_000_001 }),
      Buffer.alloc(100_000_001),
    ]);
    expect(await faultOfWork(decodeAudio({ name: 'a.wav', bytes }))).toMatch(
      /^too-large: has more than the 100 million/,
    );
    expect((await decodeAudio({ name: 'a.wav', bytes, start: 1, end: 2 })).samples).toHaveLength(8000);
  });

  // MP3 with damage can make its decoder run for ever; it is tested in processes that may be ended (decoderPool.test.ts).
  it.each([
    ['wav', files.wav()],
    ['ogg', VORBIS],
    ['opus', OPUS],
    ['flac', FLAC],
  ] as const)('in %s with any damage is decoded or refused, whatever is wrong', async (extension, seed) => {
    const damage = fc.array(fc.tuple(fc.nat(seed.length - 1), fc.nat(255)), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(damage, fc.integer({ min: 0, max: seed.length }), async (flips, cut) => {
        const bytes = Buffer.from(seed);
        for (const [at, value] of flips) bytes[at] = value;
        const whole = cut % 2 === 0 ? bytes : bytes.subarray(0, cut);
        const outcome = await decodeAudio({ name: `a.${extension}`, bytes: whole }).catch((error: unknown) => error);
        if (outcome instanceof Error && !(outcome instanceof MediaError)) throw outcome;
      }),
      { numRuns: 60 },
    );
  });
});

describe('the features of a sound', () => {
  const featuresOf = async (name: string, bytes: Buffer) => (await extractFeatures('audio', { name, bytes })).features;
  const pcm = (samples: number[]): Buffer => files.wav({ data: Buffer.from(Int16Array.from(samples).buffer) });

  it('have one hash for one sound, whatever the file', async () => {
    const interleaved = Int16Array.from({ length: 2400 }, (_, index) => {
      const left = new Int16Array(PCM.buffer, PCM.byteOffset)[index >> 1] ?? 0;
      return index % 2 === 0 ? left : Math.floor(left / 2);
    });
    const asWav = await featuresOf('a.wav', files.wav({ channels: 2, data: Buffer.from(interleaved.buffer) }));
    expect((await featuresOf('a.flac', FLAC)).decodedHash).toBe(asWav.decodedHash);
  });

  it('tell peak, silence and clipping', async () => {
    const quiet = await featuresOf('a.wav', pcm(Array.from({ length: 1600 }, (_, index) => (index < 800 ? 8192 : 0))));
    expect(quiet).toMatchObject({ peak: 0.25, silent: 0.5, clipped: 0 });
    const loud = Array.from({ length: 1000 }, (_, index) =>
      Math.max(-32768, Math.min(32767, 60_000 * Math.sin(index / 8))),
    );
    const { clipped = 0, peak } = await featuresOf('a.wav', pcm(loud));
    expect(peak).toBe(1);
    expect(clipped).toBeGreaterThan(0.5);
    const touching = pcm(Array.from({ length: 1000 }, (_, index) => (index % 50 === 0 ? 32767 : 100)));
    expect((await featuresOf('a.wav', touching)).clipped).toBe(0);
  });

  it('lack a signature for digital silence', async () => {
    expect(await featuresOf('a.wav', pcm(new Array(8000).fill(0)))).toEqual({
      decodedHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      peak: 0,
      clipped: 0,
      silent: 1,
    });
  });
});
