import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeAudio, probeAudio } from '../../../src/modality/audio.ts';
import { decodeImage, probeImage } from '../../../src/modality/image.ts';
import { MediaError } from '../../../src/modality/modality.ts';
import { readText } from '../../../src/modality/text.ts';
import { picture, placeWith, sound, type WavOptions } from '../dataset/place.ts';

async function fileWith(name: string, content: string | Uint8Array): Promise<string> {
  return join(await placeWith({ [name]: content }), name);
}

/** "unreadable-media: holds text, …" of what a probe throws. */
async function faultOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof MediaError)) throw new Error(`expected a MediaError, got ${String(error)}`);
  return `${error.problem}: ${error.fault}`;
}

describe('a picture', () => {
  it('is decoded to RGB of the size that was asked for, whatever its channels', async () => {
    const grey = await sharp(Buffer.alloc(16, 51), { raw: { width: 4, height: 4, channels: 1 } })
      .png()
      .toBuffer();
    expect([...(await decodeImage(await fileWith('grey.png', grey), 2))]).toEqual(new Array(12).fill(51));
  });

  it('is flattened on white', async () => {
    const clear = await sharp({ create: { width: 2, height: 2, channels: 4, background: '#00000000' } })
      .png()
      .toBuffer();
    expect([...(await decodeImage(await fileWith('clear.png', clear), 1))]).toEqual([255, 255, 255]);
  });

  it('is rotated as its EXIF orientation says', async () => {
    const wide = await sharp({ create: { width: 8, height: 4, channels: 3, background: '#ff0000' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect(await probeImage(await fileWith('wide.jpg', wide))).toEqual({ width: 4, height: 8, channels: 3 });
  });

  it.each(['png', 'jpeg'] as const)('that was cut off in the middle (%s) is unreadable', async (format) => {
    const noise = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, index) => (index * 7919) % 251));
    const whole = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
      .toFormat(format)
      .toBuffer();
    const path = await fileWith(`cut.${format}`, whole.subarray(0, whole.length / 2));
    expect(await faultOf(probeImage(path))).toMatch(/^unreadable-media: is damaged or cut off/);
  });

  it('that is text says so', async () => {
    const path = await fileWith('page.jpg', '<html>404 Not Found</html>');
    expect(await faultOf(probeImage(path))).toBe('unreadable-media: holds text, not a picture: replace or delete it.');
    expect(await faultOf(decodeImage(path, 8))).toContain('holds text');
  });

  it('of 100 megapixels is too large, and is not decoded', async () => {
    const large = await sharp({ create: { width: 10_000, height: 10_000, channels: 3, background: '#fff' } })
      .png({ compressionLevel: 1 })
      .toBuffer();
    expect(await faultOf(probeImage(await fileWith('large.png', large)))).toBe(
      'too-large: has 100 megapixels (10000 × 10000), more than the 50 that are decoded: make it smaller.',
    );
  });

  it('without content, and one that is not there, are told apart', async () => {
    const path = await fileWith('empty.png', '');
    expect(await faultOf(probeImage(path))).toMatch(/^empty-item/);
    expect(await faultOf(probeImage(`${path}.gone`))).toMatch(/^missing-file/);
  });

  it('may have any name', async () => {
    const path = await fileWith('a [page=1] "b"\n\'c\' é.png', await picture(1));
    expect(await probeImage(path)).toEqual({ width: 4, height: 4, channels: 3 });
  });
});

describe('a sound', () => {
  it.each<[string, WavOptions]>([
    ['plain', {}],
    ['extensible', { extensible: true }],
    ['with an unknown data size', { dataSize: 0xffffffff, riffSize: 0xffffffff }],
    ['with sizes of zero that a stream never filled in', { dataSize: 0, riffSize: 0 }],
    ['with a wrong RIFF size', { riffSize: 7 }],
  ])('%s has the duration of its samples', async (_name, options) => {
    const path = await fileWith('a.wav', sound(options));
    expect(await probeAudio(path)).toEqual({ channels: 1, sampleRate: 8000, seconds: 4 / 8000 });
    expect([...(await decodeAudio(path)).samples]).toEqual([0, 1000, -1000, 500].map((value) => value / 32768));
  });

  it('is mixed to the mean of its channels', async () => {
    const path = await fileWith('a.wav', sound({ channels: 2, samples: [16384, 0, -16384, -16384] }));
    const { samples, channels } = await decodeAudio(path);
    expect([...samples]).toEqual([0.25, -0.5]);
    expect(channels).toHaveLength(2);
  });

  it('of floats is read', async () => {
    const path = await fileWith('a.wav', sound({ tag: 3, samples: [0.5, -0.25] }));
    expect([...(await decodeAudio(path)).samples]).toEqual([0.5, -0.25]);
  });

  it.each<[string, string, string | Uint8Array, RegExp]>([
    [
      'cut off',
      'a.wav',
      sound({ samples: new Array(8000).fill(1) }).subarray(0, 8060),
      /^unreadable-media: was cut off: 0\.50 of 1\.00 s/,
    ],
    ['cut off in its header', 'a.wav', sound().subarray(0, 30), /^unreadable-media: ends inside its header/],
    ['without samples', 'a.wav', sound({ samples: [] }), /^empty-item: holds no samples/],
    ['of zero bytes', 'a.wav', '', /^empty-item: has no content/],
    ['that is text', 'a.wav', 'not found', /^unreadable-media: holds text/],
    ['coded as ADPCM', 'a.wav', sound({ tag: 2 }), /^unsupported-format: is coded as Microsoft ADPCM/],
    ['with 0 channels', 'a.wav', sound({ channels: 0 }), /^unreadable-media: has a damaged format chunk/],
    ['in MP3', 'a.mp3', 'ID3', /^unsupported-format: is MP3, which is not read yet/],
  ])('%s is refused with the reason', async (_name, name, content, reason) => {
    const path = await fileWith(name, content);
    expect(await faultOf(probeAudio(path))).toMatch(reason);
    expect(await faultOf(decodeAudio(path))).toMatch(reason);
  });

  it('with any damage is read or refused, never a crash', async () => {
    const path = await fileWith('a.wav', sound());
    const whole = sound({ samples: [1, 2, 3, 4, 5, 6] });
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), async (at, value, length) => {
        const damaged = Uint8Array.from(whole);
        damaged[at] = value;
        await writeFile(path, damaged.subarray(0, length));
        const samples = await decodeAudio(path).then(
          (decoded) => decoded.samples,
          (error: unknown) => error,
        );
        expect(samples instanceof Float32Array || samples instanceof MediaError).toBe(true);
      }),
    );
  });
});

describe('a text', () => {
  it.each([
    ['UTF-8', Buffer.from('größer 😀')],
    ['UTF-8 with a byte-order mark', Buffer.from('\uFEFFgrößer 😀')],
    ['UTF-16, little end first', Buffer.from('\uFEFFgrößer 😀', 'utf16le')],
    ['UTF-16, big end first', Buffer.from('\uFEFFgrößer 😀', 'utf16le').swap16()],
  ])('in %s is read without the mark', async (_name, bytes) => {
    expect(await readText(await fileWith('a.txt', bytes))).toBe('größer 😀');
  });

  it('of white space is empty, and other encodings are refused', async () => {
    expect(await faultOf(readText(await fileWith('a.txt', ' \n\t')))).toMatch(/^empty-item/);
    expect(await faultOf(readText(await fileWith('a.txt', Buffer.from('größer', 'latin1'))))).toMatch(
      /^unreadable-media: is not text in UTF-8/,
    );
  });
});
