import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage, extractFeatures } from '../../../src/modality/decode.ts';
import { extensionFits } from '../../../src/modality/formats.ts';
import { bmp } from '../../unit/modality/pictureFiles.ts';
import { faultOf, faultOfWork, readFully } from '../../unit/modality/readFully.ts';

/** Smooth shapes of many colours with some grain, like a photograph. */
function photograph(width: number, height: number): ReturnType<typeof sharp> {
  const pixels = Buffer.alloc(width * height * 3);
  for (let index = 0; index < pixels.length; index++) {
    const [x, y, channel] = [Math.floor(index / 3) % width, Math.floor(index / 3 / width), index % 3];
    const value = 128 + 60 * Math.sin(x / (20 + 9 * channel)) + 50 * Math.cos(y / (31 - 5 * channel));
    pixels[index] = value + ((index * 7919) % 17);
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

const headerOf = (name: string, bytes: Buffer) => readFully('image', name, bytes);
const decodeAll = (name: string, bytes: Buffer) => extractFeatures('image', { name, bytes });

describe('a picture of every format that is read', () => {
  it.each(['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const)(
    '(%s) has one header in both passes, and is found when cut',
    async (format) => {
      const bytes = await photograph(200, 100).toFormat(format).toBuffer();
      const header = headerOf(`a.${format}`, bytes);
      expect(header).toEqual({ format, width: 200, height: 100, channels: 3 });
      expect((await decodeAll(`a.${format}`, bytes)).header).toEqual(header);
      const half = bytes.subarray(0, bytes.length / 2);
      expect(faultOf(() => headerOf(`a.${format}`, half))).toMatch(/^unreadable-media: was cut off/);
      expect(await faultOfWork(decodeAll(`a.${format}`, half))).toMatch(/^unreadable-media: /);
    },
  );

  it.each(['png', 'jpeg', 'webp', 'tiff'] as const)('(%s) is rotated as its EXIF orientation says', async (format) => {
    const bytes = await photograph(200, 100).withMetadata({ orientation: 6 }).toFormat(format).toBuffer();
    expect(headerOf('a', bytes)).toMatchObject({ width: 100, height: 200 });
    expect((await decodeAll('a', bytes)).header).toMatchObject({ width: 100, height: 200 });
  });
});

describe('the golden cases of media health', () => {
  const jpeg = () => photograph(1024, 768).jpeg().toBuffer();
  const png = () => photograph(1024, 768).png().toBuffer();

  it.each<[string, () => Promise<Buffer>, (bytes: Buffer) => Buffer]>([
    ['a JPEG cut at 50 %', jpeg, (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['a JPEG without its last 10 bytes', jpeg, (bytes) => bytes.subarray(0, -10)],
    ['a PNG cut at 50 %', png, (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['the first 100 bytes of a JPEG', jpeg, (bytes) => bytes.subarray(0, 100)],
    ['an HTML page', jpeg, () => Buffer.from('<!DOCTYPE html><title>404</title>')],
  ])('%s is unreadable in the header pass and when decoded', async (_name, make, damage) => {
    const bytes = damage(await make());
    expect(faultOf(() => headerOf('a.jpg', bytes))).toMatch(/^unreadable-media: /);
    expect(await faultOfWork(decodeAll('a.jpg', bytes))).toMatch(/^unreadable-media: /);
  });

  it('an empty file is an empty item in both passes', async () => {
    expect(faultOf(() => headerOf('a.jpg', Buffer.alloc(0)))).toMatch(/^empty-item: /);
    expect(await faultOfWork(decodeAll('a.jpg', Buffer.alloc(0)))).toMatch(/^empty-item: /);
  });

  it('a JPEG with 200 flipped bytes in its pixels is decoded, as viewers do', async () => {
    const bytes = await jpeg();
    for (let index = 0; index < 200; index++) {
      const at = Math.floor(bytes.length / 3) + 97 * index;
      if (at < bytes.length - 64 && bytes[at] !== 0xff && bytes[at - 1] !== 0xff) bytes[at] = (bytes[at] ?? 0) ^ 0x10;
    }
    expect((await decodeAll('a.jpg', bytes)).header).toMatchObject({ width: 1024, height: 768 });
  });

  it('a PNG named .jpg tells that it is a PNG, which its name does not fit', async () => {
    const { format = '' } = headerOf('a.jpg', await png());
    expect(format).toBe('png');
    expect(extensionFits('a.jpg', format)).toBe(false);
  });
});

describe('a decoded picture', () => {
  it('is RGB of the size that was asked for, whatever its channels', async () => {
    const grey = await sharp(Buffer.alloc(16, 51), { raw: { width: 4, height: 4, channels: 1 } })
      .png()
      .toBuffer();
    expect([...(await decodeImage({ name: 'a.png', bytes: grey }, 2))]).toEqual(new Array(12).fill(51));
  });

  it('is flattened on white', async () => {
    const clear = await sharp({ create: { width: 2, height: 2, channels: 4, background: '#00000000' } })
      .png()
      .toBuffer();
    expect([...(await decodeImage({ name: 'a.png', bytes: clear }, 1))]).toEqual([255, 255, 255]);
  });

  it('of BMP is the same as of PNG', async () => {
    const rows = Buffer.from([0, 0, 255, 0, 255, 0, 0, 0, 255, 0, 0, 255, 255, 255, 0, 0]);
    const fromBmp = await decodeImage({ name: 'a.bmp', bytes: bmp(2, 2, rows) }, 2);
    expect([...fromBmp]).toEqual([0, 0, 255, 255, 255, 255, 255, 0, 0, 0, 255, 0]);
  });

  it('of 100 megapixels is refused without being decoded', async () => {
    const large = await sharp({ create: { width: 10_000, height: 10_000, channels: 3, background: '#fff' } })
      .png({ compressionLevel: 1 })
      .toBuffer();
    expect(await faultOfWork(decodeAll('a.png', large))).toBe(
      'too-large: has 100 megapixels (10000 × 10000), more than the 50 that are decoded: make it smaller.',
    );
    const bomb = bmp(30_000, 30_000, Buffer.alloc(10));
    bomb.writeUInt16LE(8, 28);
    bomb.writeUInt32LE(1, 30);
    expect(await faultOfWork(decodeAll('a.bmp', bomb))).toMatch(/^too-large: has 900 megapixels/);
  });
});

describe('the decoded hash of a picture', () => {
  it('is that of its pixels, whatever the file', async () => {
    const picture = photograph(60, 40);
    const png = (await decodeAll('a.png', await picture.clone().png().toBuffer())).features.decodedHash;
    const tiff = (await decodeAll('a.tif', await picture.clone().tiff({ compression: 'lzw' }).toBuffer())).features
      .decodedHash;
    const webp = await decodeAll('a.webp', await picture.clone().webp({ lossless: true }).toBuffer());
    expect([tiff, webp.features.decodedHash]).toEqual([png, png]);
    expect((await decodeAll('a.jpg', await picture.clone().jpeg().toBuffer())).features.decodedHash).not.toBe(png);
  });

  it('of grey stored as grey and as RGB is one', async () => {
    const grey = sharp(Buffer.from(Array.from({ length: 64 }, (_, index) => 4 * index)), {
      raw: { width: 8, height: 8, channels: 1 },
    });
    const one = await decodeAll('a.png', await grey.clone().toColourspace('b-w').png().toBuffer());
    const three = await decodeAll('a.png', await grey.clone().toColourspace('srgb').png().toBuffer());
    expect(three.features.decodedHash).toBe(one.features.decodedHash);
  });
});

describe('the spread of a picture', () => {
  const spreadOf = async (bytes: Buffer) => (await decodeAll('a.png', bytes)).features.spread;

  it('is 0 for a single colour, and 0.5 for half black, half white', async () => {
    const plain = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#123456' } })
      .png()
      .toBuffer();
    expect(await spreadOf(plain)).toBeCloseTo(0, 6);
    const halves = sharp(Buffer.from([0, 255]), { raw: { width: 2, height: 1, channels: 1 } });
    expect(await spreadOf(await halves.png().toBuffer())).toBeCloseTo(0.5, 6);
  });
});
