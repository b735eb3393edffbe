import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { CancelledError, EnvironmentError } from '../../../src/base/errors.ts';
import type { PackedRows } from '../../../src/base/packedRows.ts';
import type { Job } from '../../../src/base/progress.ts';
import { type Reading, WHOLE_BYTES } from '../../../src/decoding/contents.ts';
import {
  READINGS_PER_BATCH,
  type ReadingBatch,
  readHeaders,
  type ThreadProgram,
} from '../../../src/decoding/headerPool.ts';
import { tarOf } from '../container/tarOf.ts';
import { picture, placeWith, sound } from '../dataset/place.ts';
import { countThreads } from '../threads.ts';

type Readings = readonly Reading[] | AsyncIterable<readonly Reading[]>;

/** The readings as they travel to a thread. */
async function* inBatches(readings: Readings): AsyncGenerator<ReadingBatch, undefined> {
  let number = 0;
  for await (const some of 'length' in readings ? [readings] : readings) {
    for (let start = 0; start < some.length; start += READINGS_PER_BATCH) {
      const batch = some.slice(start, start + READINGS_PER_BATCH);
      const json = batch.map((reading) => JSON.stringify({ number: number++, ...reading })).join();
      yield { count: batch.length, json };
    }
  }
}

const NUMBERS = ['number', 'bytes', 'width', 'height', 'channels', 'sampleRate', 'seconds', 'characters'];

type UnpackedContent = Readonly<Record<string, string | number>>;

/** The contents in the order of the readings. */
async function contentsOf(readings: Readings, job: Job = {}, program?: ThreadProgram): Promise<UnpackedContent[]> {
  const contents: UnpackedContent[] = [];
  await readHeaders(inBatches(readings), (packed) => void contents.push(...unpacked(packed)), job, program);
  return contents.toSorted((a, b) => Number(a['number']) - Number(b['number']));
}

function unpacked({ count, columns }: PackedRows): UnpackedContent[] {
  const cells = Object.entries(columns).map(([name, joined]) => [name, joined.split('\0')] as const);
  for (const [, ofColumn] of cells) expect(ofColumn).toHaveLength(count);
  return Array.from({ length: count }, (_, row) =>
    Object.fromEntries(
      cells
        .filter(([, ofColumn]) => ofColumn[row] !== '')
        .map(([name, ofColumn]) => [name, NUMBERS.includes(name) ? Number(ofColumn[row]) : (ofColumn[row] ?? '')]),
    ),
  );
}

function textAt(path: string): Reading {
  return { modality: 'text', location: { path } };
}

function sha256(...parts: (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

describe('readHeaders', () => {
  it('reads size, header and hash of every modality', async () => {
    const files = { 'a.png': await picture(1), 'a.wav': sound(), 'a.txt': 'größer 😀' };
    const root = await placeWith(files);
    const [image, audio, text] = await contentsOf([
      { modality: 'image', location: { path: join(root, 'a.png') } },
      { modality: 'audio', location: { path: join(root, 'a.wav') } },
      { modality: 'text', location: { path: join(root, 'a.txt') } },
    ]);
    expect(image).toMatchObject({ bytes: files['a.png'].length, sha256: sha256(files['a.png']) });
    expect(image).toMatchObject({ format: 'png', width: 16, height: 16 });
    expect(audio).toMatchObject({ format: 'wav', channels: 1 });
    expect(text).toEqual({ number: 2, bytes: 13, sha256: sha256('größer 😀'), format: 'text', characters: 8 });
  });

  it('gives what cannot be read a problem, and reads the rest', async () => {
    const root = await placeWith({ 'good.txt': 'fine', 'empty.txt': '', 'lie.png': 'this is text' });
    const names = ['good.txt', 'empty.txt', 'gone.txt', '.'];
    const contents = await contentsOf([
      ...names.map((name) => textAt(join(root, name))),
      { modality: 'image', location: { path: join(root, 'lie.png') } },
    ]);
    expect(contents.map(({ problem }) => problem)).toEqual([
      undefined,
      'empty-item',
      'missing-file',
      'unreadable-media',
      'unreadable-media',
    ]);
    expect(contents[4]).toMatchObject({ bytes: 12, sha256: sha256('this is text') });
    expect(contents[4]).not.toHaveProperty('format');
    expect(contents[4]?.fault).toContain('holds text');
  });

  it('gives a large item a fingerprint of its size and its two ends, and all of its bytes a hash when asked', async () => {
    const large = Buffer.alloc(WHOLE_BYTES + 5000, 'a');
    const root = await placeWith({ 'large.txt': large });
    const reading = textAt(join(root, 'large.txt'));
    const [fingerprinted, hashed] = await contentsOf([reading, { ...reading, whole: true }]);
    const end = Buffer.alloc(65536, 'a');
    expect(fingerprinted?.fingerprint).toBe(sha256(`${large.length}\n`, end, end));
    expect(fingerprinted?.sha256).toBeUndefined();
    expect(hashed).toEqual({ ...fingerprinted, number: 1, sha256: sha256(large) });
  });

  it('reads the members of an archive where they lie', async () => {
    const tar = tarOf([
      ['a.txt', 'first'],
      ['b.txt', 'second one'],
    ]);
    const root = await placeWith({ 'shard.tar': tar });
    const at = (begin: number, length: number, member: string): Reading => ({
      modality: 'text',
      location: { path: join(root, 'shard.tar'), begin, length, member },
    });
    const contents = await contentsOf([at(512, 5, 'a.txt'), at(1536, 10, 'b.txt'), at(4000, 9000, 'c.txt')]);
    expect(contents.slice(0, 2)).toEqual([
      { number: 0, bytes: 5, sha256: sha256('first'), format: 'text', characters: 5 },
      { number: 1, bytes: 10, sha256: sha256('second one'), format: 'text', characters: 10 },
    ]);
    expect(contents[2]?.problem).toBe('unreadable-media');
  });

  it('takes readings as they come', async () => {
    const root = await placeWith({ 'a.txt': 'a', 'b.txt': 'bb' });
    async function* come(): AsyncGenerator<Reading[]> {
      for (let times = 0; times < 5; times++) yield new Array<Reading>(300).fill(textAt(join(root, 'a.txt')));
      yield [textAt(join(root, 'b.txt'))];
    }
    const contents = await contentsOf(come());
    expect(contents.map(({ bytes }) => bytes)).toEqual([...new Array<number>(1500).fill(1), 2]);
  });

  it('reads nothing when there is nothing', async () => {
    expect(await contentsOf([])).toEqual([]);
  });
});

/** A program that hangs, throws or ends at items of that name. */
const HOSTILE = `
  const { parentPort, workerData } = require('node:worker_threads');
  const pulse = new Int32Array(workerData.pulse);
  parentPort.on('message', (sent) => {
    const readings = JSON.parse('[' + sent + ']');
    for (const [at, { location: { path } }] of readings.entries()) {
      Atomics.store(pulse, 0, at);
      Atomics.add(pulse, 1, 1);
      if (path === 'hang') for (;;);
      if (path === 'throw') throw new Error('unforeseen');
      if (path === 'end') process.exit(1);
    }
    const columns = { number: readings.map(({ number }) => number).join('\\0'), bytes: readings.map(() => 1).join('\\0') };
    parentPort.postMessage({ count: readings.length, columns });
  });`;

async function hostileProgram(stallMs: number): Promise<ThreadProgram> {
  const root = await placeWith({ 'hostile.js': HOSTILE });
  return { script: join(root, 'hostile.js'), stallMs };
}

describe('a thread that is lost', () => {
  it.each([
    ['hang', 'no end in 1 s'],
    ['throw', 'unforeseen'],
    ['end', 'its thread ended'],
  ])('costs the item that made it %s, and no other', async (word, reason) => {
    const paths = Array.from({ length: 700 }, (_, index) => (index === 333 || index === 699 ? word : 'fine'));
    const contents = await contentsOf(paths.map(textAt), {}, await hostileProgram(1000));
    const culprit = {
      bytes: 0,
      problem: 'unreadable-media',
      fault: `made its reader stop (${reason}): replace or delete it.`,
    };
    expect(contents).toEqual(paths.map((path, number) => ({ number, ...(path === word ? culprit : { bytes: 1 }) })));
  });

  it('is the fault of the machine when no thread can be started', async () => {
    const root = await placeWith({ 'broken.js': 'throw new Error("no such library");' });
    const program = { script: join(root, 'broken.js'), stallMs: 1000 };
    await expect(contentsOf([textAt('a')], {}, program)).rejects.toThrow(EnvironmentError);
  });
});

describe('readHeaders, when it is stopped', () => {
  it('rejects as cancelled at once, also while a thread hangs, and leaves no thread behind', async () => {
    const threads = countThreads();
    const stop = new AbortController();
    const reading = contentsOf(['fine', 'hang'].map(textAt), { signal: stop.signal }, await hostileProgram(600_000));
    setTimeout(() => stop.abort(), 300);
    await expect(reading).rejects.toThrow(CancelledError);
    expect(threads.made).toBeGreaterThan(0);
    await vi.waitFor(() => expect(threads.ended).toBe(threads.made), 60_000);
  });

  it('does not begin when it is cancelled already', async () => {
    await expect(contentsOf([textAt('a')], { signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
  });

  it('throws what the taker of the contents throws', async () => {
    const root = await placeWith({});
    await writeFile(join(root, 'a.txt'), 'a');
    const readings = new Array<Reading>(100_000).fill(textAt(join(root, 'a.txt')));
    let taken = 0;
    const take = (): void => {
      taken++;
      throw new Error('the disk is full');
    };
    await expect(readHeaders(inBatches(readings), take)).rejects.toThrow('the disk is full');
    expect(taken).toBeLessThan(50);
  });
});
