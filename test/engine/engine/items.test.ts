import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ItemRow } from '../../../src/dataset/snapshot.ts';
import { DecoderPool } from '../../../src/decoding/decoderPool.ts';
import { describeItem } from '../../../src/engine/items.ts';
import { decodeAudio } from '../../../src/modality/decode.ts';
import type { ItemDetail } from '../../../src/protocol.ts';
import { tarOf } from '../container/tarOf.ts';
import { type Files, picture, placeWith, sound } from '../dataset/place.ts';

async function describeIn(files: Files, item: Omit<ItemRow, 'id' | 'path' | 'readable'>): Promise<ItemDetail> {
  const root = await placeWith(files);
  const decoders = new DecoderPool({ processes: 1 });
  onTestFinished(() => decoders.close());
  const location = { ...item.location, path: join(root, item.location.path) };
  return await describeItem({ id: 'the item', path: 'a', readable: true, ...item, location }, [], decoders);
}

/** The bytes of a `data:` address of that media type. */
function carried(uri: string | undefined, type: string): Buffer {
  const start = `data:${type};base64,`;
  expect(uri?.startsWith(start)).toBe(true);
  return Buffer.from(uri?.slice(start.length) ?? '', 'base64');
}

describe('an item for a panel', () => {
  it('that is a file of its own is left to the editor to address', async () => {
    const files = { 'a.png': await picture(1) };
    const detail = await describeIn(files, { modality: 'image', location: { path: 'a.png' }, bytes: 100 });
    expect(detail.path.endsWith('a.png')).toBe(true);
    expect(detail).not.toHaveProperty('uri');
    expect(detail.error).toBeUndefined();
  });

  it('that lies inside an archive carries its bytes', async () => {
    const image = await picture(1);
    const location = { path: 'a.tar', begin: 512, length: image.length, member: 'a.png' };
    const files = { 'a.tar': tarOf([['a.png', image]]) };
    const detail = await describeIn(files, { modality: 'image', location, format: 'png', bytes: image.length });
    expect(carried(detail.uri, 'image/png')).toEqual(image);
  });

  it('that is a segment of a sound carries the segment alone', async () => {
    const files = { 'a.wav': sound({ samples: [0, 8192, -8192, 4096] }) };
    const location = { path: 'a.wav', start: 0.05, end: 0.15 };
    const detail = await describeIn(files, { modality: 'audio', location, format: 'wav', bytes: 4000 });
    const bytes = carried(detail.uri, 'audio/wav');
    const { samples, sampleRate } = await decodeAudio({ name: 'segment.wav', bytes });
    expect(samples.length / sampleRate).toBeCloseTo(0.1, 3);
    expect(Math.max(...samples)).toBeCloseTo(0.25, 3);
    expect(detail.waveform).toHaveLength(400);
  });

  it('that is too large to be carried says so', async () => {
    const location = { path: 'a.tar', begin: 512, length: 9e6, member: 'a.png' };
    const detail = await describeIn({ 'a.tar': '' }, { modality: 'image', location, format: 'png', bytes: 9e6 });
    expect(detail.error).toBe('the item has 9.0 MB and is a part of a file: too large to be shown here.');
  });

  it('that cannot be decoded any more says why', async () => {
    const location = { path: 'gone.wav' };
    const detail = await describeIn({}, { modality: 'audio', location, bytes: 10 });
    expect(detail.error).toContain('is not there any more');
  });
});
