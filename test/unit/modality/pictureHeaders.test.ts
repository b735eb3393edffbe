import { describe, expect, it } from 'vitest';
import { bmp, chunk, exif, GIF, jpeg, png, segment, tiff, webp } from './pictureFiles.ts';
import { faultOf, readFully } from './readFully.ts';

describe('a PNG', () => {
  it.each([
    ['grey', 0, Buffer.alloc(0), 1],
    ['RGB', 2, Buffer.alloc(0), 3],
    ['a palette', 3, Buffer.alloc(0), 3],
    ['a palette with transparency', 3, chunk('tRNS', Buffer.alloc(1)), 4],
    ['grey with alpha', 4, Buffer.alloc(0), 2],
    ['RGB with alpha', 6, Buffer.alloc(0), 4],
  ])('of %s tells its size and channels', (_name, colourType, before, channels) => {
    expect(readFully('image', 'a.png', png({ colourType, before }))).toEqual({
      format: 'png',
      width: 40,
      height: 30,
      channels,
    });
  });

  it.each([100, 10_000, 2_000_000])('with %d bytes of pixels is whole with its end, and cut off without', (pixels) => {
    expect(readFully('image', 'a.png', png({ pixels }))).toMatchObject({ width: 40 });
    expect(faultOf(() => readFully('image', 'a.png', png({ pixels, end: false })))).toMatch(
      /^unreadable-media: was cut off/,
    );
  });

  it('to which something was appended is whole', () => {
    expect(readFully('image', 'a.png', Buffer.concat([png({ pixels: 9000 }), Buffer.alloc(500, 65)]))).toMatchObject({
      width: 40,
    });
  });

  it('of another maker is named, not called damaged', () => {
    const apple = Buffer.from(png());
    apple.write('CgBI', 12, 'latin1');
    expect(faultOf(() => readFully('image', 'a.png', apple))).toMatch(/^unsupported-format: is Apple's variant/);
  });

  it('is shown with width and height exchanged when its EXIF says so', () => {
    expect(readFully('image', 'a.png', png({ before: chunk('eXIf', exif(6)) }))).toMatchObject({
      width: 30,
      height: 40,
    });
  });
});

describe('a JPEG', () => {
  it('tells its size and channels', () => {
    expect(readFully('image', 'a.jpg', jpeg())).toEqual({ format: 'jpeg', width: 40, height: 30, channels: 3 });
  });

  it.each(['II', 'MM'] as const)('is shown with width and height exchanged when its EXIF (%s) says so', (order) => {
    for (const [orientation, width] of [
      [1, 40],
      [3, 40],
      [5, 30],
      [6, 30],
      [8, 30],
    ] as const) {
      const app1 = segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), exif(orientation, order)]));
      expect(readFully('image', 'a.jpg', jpeg({ segments: app1 }))).toMatchObject({ width, height: 70 - width });
    }
  });

  it('with metadata longer than the first excerpt is read on', () => {
    const profile = segment(0xe2, Buffer.alloc(60_000, 1));
    const segments = Buffer.concat(Array.from({ length: 5 }, () => profile));
    expect(readFully('image', 'a.jpg', jpeg({ segments }))).toMatchObject({ width: 40, height: 30 });
  });

  it('with more than a megabyte of metadata leaves its size to the decode pass', () => {
    const segments = Buffer.concat(Array.from({ length: 20 }, () => segment(0xe2, Buffer.alloc(60_000, 1))));
    expect(readFully('image', 'a.jpg', jpeg({ segments }))).toEqual({ format: 'jpeg' });
  });

  it.each([500, 10_000, 2_000_000])('with %d bytes of pixels is whole with its end, and cut off without', (scan) => {
    expect(readFully('image', 'a.jpg', jpeg({ scan }))).toMatchObject({ width: 40 });
    const cut = jpeg({ scan, tail: Buffer.alloc(0) });
    expect(faultOf(() => readFully('image', 'a.jpg', cut))).toMatch(/^unreadable-media: was cut off: its end marker/);
  });

  it.each([
    ['bytes', 9000, Buffer.concat([Buffer.from([0xff, 0xd9]), Buffer.alloc(5000, 66)])],
    ['padding', 2_000_000, Buffer.concat([Buffer.from([0xff, 0xd9]), Buffer.alloc(5000)])],
    [
      "a camera's trailer",
      2_000_000,
      Buffer.concat([Buffer.from([0xff, 0xd9]), Buffer.alloc(500, 66), Buffer.from('SEFT')]),
    ],
  ])('to which %s were appended is whole', (_name, scan, tail) => {
    expect(readFully('image', 'a.jpg', jpeg({ scan, tail }))).toMatchObject({ width: 40 });
  });

  it('of its first bytes only is cut off', () => {
    expect(faultOf(() => readFully('image', 'a.jpg', jpeg().subarray(0, 20)))).toMatch(
      /ends inside its header, so it was cut off/,
    );
  });
});

describe('a GIF', () => {
  const header = { format: 'gif', width: 40, height: 30, channels: 3 };

  it.each([
    ['plain', GIF],
    ['padded with zeros', Buffer.concat([GIF, Buffer.alloc(200)])],
    ['without its end mark, but with a whole picture', GIF.subarray(0, -1)],
  ])('%s tells its size', (_name, bytes) => {
    expect(readFully('image', 'a.gif', bytes)).toEqual(header);
  });

  it('with a part of a picture is cut off', () => {
    expect(faultOf(() => readFully('image', 'a.gif', GIF.subarray(0, -4)))).toMatch(/^unreadable-media: was cut off/);
  });
});

describe('a WebP', () => {
  it.each([
    ['VP8 ', 3],
    ['VP8L', 4],
    ['VP8X', 4],
  ] as const)('of the kind %s tells its size, and when it was cut off', (kind, channels) => {
    expect(readFully('image', 'a.webp', webp(kind))).toEqual({ format: 'webp', width: 40, height: 30, channels });
    expect(faultOf(() => readFully('image', 'a.webp', webp(kind).subarray(0, 90)))).toMatch(
      /was cut off: 90 of 130 bytes/,
    );
  });
});

describe('a TIFF', () => {
  it.each(['II', 'MM'] as const)('in byte order %s tells its size, and when it was cut off', (order) => {
    const header = { format: 'tiff', width: 40, height: 30, channels: 1 };
    expect(readFully('image', 'a.tif', tiff(order))).toEqual(header);
    expect(readFully('image', 'a.tif', tiff(order), 100)).toEqual(header);
    expect(readFully('image', 'a.tif', tiff(order, 6))).toMatchObject({ width: 30, height: 40 });
    expect(faultOf(() => readFully('image', 'a.tif', tiff(order).subarray(0, 1000)))).toMatch(
      /was cut off: its directory/,
    );
  });
});

describe('a BMP', () => {
  it('tells its size, and when it was cut off', () => {
    const bytes = bmp(3, -2, Buffer.alloc(24));
    expect(readFully('image', 'a.bmp', bytes)).toEqual({ format: 'bmp', width: 3, height: 2, channels: 3 });
    expect(faultOf(() => readFully('image', 'a.bmp', bytes.subarray(0, 70)))).toMatch(/was cut off: 70 of 78 bytes/);
  });
});

describe('what is no picture', () => {
  it.each<[string, string, Buffer, RegExp]>([
    ['nothing', 'a.png', Buffer.alloc(0), /^empty-item: has no content \(0 bytes\)/],
    [
      'a web page',
      'a.jpg',
      Buffer.from('<html>404 Not Found</html>'),
      /^unreadable-media: holds text, not a picture: replace/,
    ],
    [
      'noise',
      'a.jpg',
      Buffer.from([1, 2, 0, 200, 77]),
      /^unreadable-media: is not a picture in a format that can be read/,
    ],
    ['a sound', 'a.png', Buffer.from('RIFF\0\0\0\0WAVEfmt '), /^unreadable-media: is WAV, not a picture/],
    [
      'HEIC',
      'a.heic',
      Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic'),
      /^unsupported-format: is HEIC, which is not read: convert/,
    ],
    ['HEIC named as JPEG', 'a.jpg', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), /^unsupported-format: is HEIC/],
    ['SVG', 'a.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /^unsupported-format: is SVG/],
    ['Photoshop', 'a.psd', Buffer.from('8BPS\0\x01'), /^unsupported-format: is Photoshop/],
    ['JPEG 2000', 'a.jp2', Buffer.from('\0\0\0\x0cjP  \r\n\x87\n', 'latin1'), /^unsupported-format: is JPEG 2000/],
    ['JPEG XL', 'a.jxl', Buffer.from([0xff, 0x0a, 1, 2]), /^unsupported-format: is JPEG XL/],
    ['an icon', 'a.ico', Buffer.from([0, 0, 1, 0, 1, 0]), /^unsupported-format: is ICO/],
    ['Targa, which has no signature', 'a.tga', Buffer.from([0, 0, 2, 0, 0]), /^unsupported-format: is TGA/],
    [
      'a camera raw file, a TIFF inside',
      'a.dng',
      Buffer.from('II\x2a\0\x08\0\0\0'),
      /^unsupported-format: is camera raw/,
    ],
  ])('%s is named with what to do', (_name, name, bytes, fault) => {
    expect(faultOf(() => readFully('image', name, bytes))).toMatch(fault);
  });

  it('but a format that is read is read under any name', () => {
    expect(readFully('image', 'a.jpg', png())).toMatchObject({ format: 'png' });
    expect(readFully('image', 'a', png())).toMatchObject({ format: 'png' });
  });
});
