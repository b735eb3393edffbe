import { createHash } from 'node:crypto';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { CancelledError } from '../../../src/base/errors.ts';
import type { Location } from '../../../src/container/location.ts';
import { type DecoderOptions, DecoderPool } from '../../../src/decoding/decoderPool.ts';
import { MediaError } from '../../../src/modality/modality.ts';
import { tarOf } from '../container/tarOf.ts';
import { type Files, picture, placeWith, sound } from '../dataset/place.ts';
import { MP3 } from '../modality/encodedSounds.ts';
import { decoders, killDecodersDuring, noDecoderIsLeft } from './decoders.ts';

/** Closed after the test. */
function open(options: DecoderOptions = {}): DecoderPool {
  const pool = new DecoderPool(options);
  onTestFinished(() => pool.close());
  return pool;
}

async function locationsOf(files: Files): Promise<Location[]> {
  const root = await placeWith(files);
  return Object.keys(files).map((name) => ({ path: join(root, name) }));
}

/** A text that takes long to decode, without much memory: many times nothing. */
async function longText(): Promise<Location> {
  const root = await placeWith({ 'long.txt': '' });
  await truncate(join(root, 'long.txt'), 400e6);
  return { path: join(root, 'long.txt') };
}

/** The only decoder there is. */
async function theDecoder(): Promise<number> {
  const [pid, another] = await decoders();
  if (pid === undefined || another !== undefined) throw new Error('expected one decoder');
  return pid;
}

/** Copies of a file in which up to five bytes have another value, half of them cut off somewhere. */
function damaged(seed: Buffer, count: number): Buffer[] {
  const flips = fc.array(fc.tuple(fc.nat(seed.length - 1), fc.nat(255)), { maxLength: 5 });
  return fc.sample(fc.tuple(flips, fc.integer({ min: 0, max: 2 * seed.length })), count).map(([changes, cut]) => {
    const bytes = Buffer.from(seed);
    for (const [at, value] of changes) bytes[at] = value;
    return bytes.subarray(0, cut);
  });
}

describe('the decoders', () => {
  it('decode or refuse an MP3 with any damage, also one that its decoder never comes to an end of', async () => {
    const files = Object.fromEntries(damaged(MP3, 60).map((bytes, number) => [`${number}.mp3`, bytes]));
    const pool = open({ limitSeconds: 2 });
    for (const location of await locationsOf(files)) {
      const { features, problem, fault } = await pool.features({ modality: 'audio', location });
      expect(features === undefined, fault).toBe(problem !== undefined);
    }
  });

  it('decode every modality as it is decoded here', async () => {
    const [image = { path: '' }, audio = { path: '' }, text = { path: '' }] = await locationsOf({
      'a.png': await picture(9),
      'a.wav': sound({ samples: [0, 16384, -16384, 8192] }),
      'a.txt': 'größer 😀',
    });
    const pool = open();
    expect([...(await pool.image(image, 1))]).toEqual([9, 63, 90]);
    const { sampleRate, samples, channels } = await pool.sound(audio);
    expect([sampleRate, ...samples.slice(0, 4)]).toEqual([8000, 0, 0.5, -0.5, 0.25]);
    expect(channels).toEqual([samples]);
    expect(await pool.waveform(audio, 2)).toEqual([
      [-0.5, 0.5],
      [-0.5, 0.5],
    ]);
    expect(await pool.text(text)).toBe('größer 😀');
  });

  it('give the bytes of an item up to a limit, wherever they lie', async () => {
    const [shard = { path: '' }] = await locationsOf({ 'shard.tar': tarOf([['a.txt', 'inside']]) });
    const member = { ...shard, begin: 512, length: 6, member: 'a.txt' };
    const pool = open({ processes: 1 });
    expect(Buffer.from(await pool.bytes(member, 6)).toString()).toBe('inside');
    await expect(pool.bytes(member, 5)).rejects.toMatchObject({ problem: 'too-large' });
    expect(await pool.text(member)).toBe('inside');
  });

  it('give an item its features and its hash, or its problem', async () => {
    const whole = await picture(3);
    const [good = { path: '' }, cut = { path: '' }] = await locationsOf({
      'good.png': whole,
      'cut.png': whole.subarray(0, whole.length - 20),
    });
    const pool = open();
    const features = (location: Location) => pool.features({ modality: 'image', location });
    const [content, broken, gone] = await Promise.all([good, cut, { path: `${good.path}.gone` }].map(features));
    const sha256 = createHash('sha256').update(whole).digest('hex');
    expect(content).toMatchObject({
      bytes: whole.length,
      sha256,
      header: { width: 16 },
      features: { decodedHash: expect.any(String) },
    });
    expect(content?.problem).toBeUndefined();
    expect(broken).toMatchObject({ bytes: whole.length - 20, problem: 'unreadable-media' });
    expect(gone).toMatchObject({ bytes: 0, problem: 'missing-file' });
  });

  it('name the item that cannot be decoded, and decode the others', async () => {
    const [good = { path: '' }, bad = { path: '' }] = await locationsOf({ 'a.png': await picture(1), 'b.png': 'text' });
    const pool = open({ processes: 1 });
    const [first, second, third] = await Promise.allSettled([good, bad, good].map((item) => pool.image(item, 1)));
    expect(first).toMatchObject({ status: 'fulfilled' });
    expect(second).toMatchObject({ status: 'rejected', reason: expect.any(MediaError) });
    expect(second).toMatchObject({
      reason: { problem: 'unreadable-media', message: expect.stringContaining(bad.path) },
    });
    expect(third).toEqual(first);
  });

  it('end when there has been nothing to do for a while, and start again', async () => {
    const [text = { path: '' }] = await locationsOf({ 'a.txt': 'again' });
    const pool = open();
    await pool.text(text);
    expect(await decoders()).not.toEqual([]);
    await noDecoderIsLeft();
    expect(await pool.text(text)).toBe('again');
  });

  it('are replaced when they hold much memory', async () => {
    const location = await longText();
    const [text = { path: '' }] = await locationsOf({ 'a.txt': 'small' });
    const pool = open({ processes: 1 });
    await pool.text(text);
    const before = await theDecoder();
    // Its bytes and their copy in the message: more than a decoder keeps.
    await pool.bytes(location, 500e6);
    // The first answer after that tells how much memory is held.
    for (let times = 0; times < 2; times++) expect(await pool.text(text)).toBe('small');
    expect(await theDecoder()).not.toBe(before);
  });
});

describe('a decoder that dies', () => {
  it('is replaced, and its item is tried once more', async () => {
    const [a = { path: '' }, b = { path: '' }, c = { path: '' }] = await locationsOf({
      a: 'one',
      b: 'two',
      c: 'three',
    });
    const pool = open({ processes: 1 });
    await pool.text(a);
    const pid = await theDecoder();
    process.kill(pid, 'SIGSTOP');
    const texts = Promise.all([a, b, c].map((item) => pool.text(item)));
    process.kill(pid, 'SIGSEGV');
    process.kill(pid, 'SIGCONT');
    expect(await texts).toEqual(['one', 'two', 'three']);
  });

  it('twice at the same item makes that item unreadable, by its name, and no other', async () => {
    const [short = { path: '' }] = await locationsOf({ 'a.txt': 'short' });
    const location = await longText();
    const pool = open({ processes: 1 });
    const work = Promise.all([pool.features({ modality: 'text', location }), pool.text(short)]);
    const { result, killed } = await killDecodersDuring(work);
    expect(result).toEqual([
      {
        bytes: 0,
        header: {},
        problem: 'unreadable-media',
        fault: 'made the decoder stop (SIGKILL): replace or delete it.',
      },
      'short',
    ]);
    expect(killed).toBeGreaterThanOrEqual(2);
  });

  it('because it hangs is ended after the time limit, and its item is not tried again', async () => {
    const [a = { path: '' }, b = { path: '' }] = await locationsOf({ 'a.txt': 'one', 'b.txt': 'two' });
    const pool = open({ processes: 1, limitSeconds: 2 });
    await pool.text(a);
    process.kill(await theDecoder(), 'SIGSTOP');
    const [first, second] = await Promise.allSettled([pool.text(a), pool.text(b)]);
    expect(first).toMatchObject({
      status: 'rejected',
      reason: { message: `${a.path} kept the decoder busy for 2 s without an end: replace or delete it.` },
    });
    expect(second).toEqual({ status: 'fulfilled', value: 'two' });
  });
});

describe('a pool that is closed', () => {
  it('leaves no process behind and rejects what is not decoded yet as cancelled', async () => {
    const location = await longText();
    const pool = open();
    const works = Array.from({ length: 6 }, () => pool.features({ modality: 'text', location }));
    const outcomes = Promise.allSettled(works);
    await vi.waitFor(async () => expect(await decoders()).not.toEqual([]), 60_000);
    await pool.close();
    expect(await decoders()).toEqual([]);
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(CancelledError) });
    }
    await expect(pool.text(location)).rejects.toThrow(CancelledError);
  });

  it('is what the signal makes of it', async () => {
    const stop = new AbortController();
    const pool = open({ signal: stop.signal });
    const work = pool.features({ modality: 'text', location: await longText() });
    stop.abort();
    await expect(work).rejects.toThrow(CancelledError);
    await noDecoderIsLeft();
    await expect(open({ signal: stop.signal }).text({ path: 'a.txt' })).rejects.toThrow(CancelledError);
  });
});
