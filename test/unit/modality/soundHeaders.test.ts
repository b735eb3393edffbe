import { describe, expect, it } from 'vitest';
import { faultOf, readFully } from './readFully.ts';
import * as files from './soundFiles.ts';

const { wav } = files;

describe('a WAV', () => {
  it.each<[string, files.WavOptions]>([
    ['plain', {}],
    ['extensible', { extensible: true }],
    ['with an unknown data size', { dataSize: 0xffffffff, riffSize: 0xffffffff }],
    ['with the size that sox leaves in a pipe', { dataSize: 0x7ffff000, riffSize: 0x7ffff024 }],
    ['with sizes of zero that a stream never filled in', { dataSize: 0, riffSize: 0 }],
    ['with a wrong RIFF size', { riffSize: 7 }],
    ['of 64-bit sizes (RF64)', { signature: 'RF64', riffSize: 0xffffffff }],
    ['of 64-bit sizes (BW64)', { signature: 'BW64', riffSize: 0xffffffff }],
    [
      'with tags before its samples',
      { chunk: Buffer.concat([Buffer.from('LIST\x20\x4e\0\0', 'latin1'), Buffer.alloc(20_000)]) },
    ],
    ['of floats', { tag: 3, data: Buffer.from(Float32Array.of(0, 1, 0, -1).buffer) }],
    ['of doubles', { tag: 3, bits: 64, data: Buffer.alloc(32) }],
    ['of 8 bits', { bits: 8, data: Buffer.alloc(4) }],
    ['of 24 bits', { bits: 24, data: Buffer.alloc(12) }],
    ['of 32 bits', { bits: 32, data: Buffer.alloc(16) }],
    ['in A-law', { tag: 6, bits: 8, data: Buffer.alloc(4) }],
    ['in µ-law', { tag: 7, bits: 8, data: Buffer.alloc(4) }],
  ])('%s has the duration of its samples', (_name, options) => {
    const header = { format: 'wav', channels: 1, sampleRate: 8000, seconds: 4 / 8000 };
    expect(readFully('audio', 'a.wav', wav(options))).toEqual(header);
  });

  it.each<[string, Buffer, RegExp]>([
    [
      'cut off',
      wav({ data: Buffer.alloc(16_000) }).subarray(0, 8056),
      /^unreadable-media: was cut off \(0\.50 of 1\.00 s are there\): /,
    ],
    ['cut off in its header', wav().subarray(0, 30), /^unreadable-media: ends before its samples begin/],
    ['without samples', wav({ data: Buffer.alloc(0) }), /^empty-item: holds no samples/],
    ['of zero bytes', Buffer.alloc(0), /^empty-item: has no content/],
    ['that is text', Buffer.from('not found'), /^unreadable-media: holds text, not a sound/],
    ['coded as ADPCM', wav({ tag: 2 }), /^unsupported-format: is WAV coded as Microsoft ADPCM/],
    ['coded as something unknown', wav({ tag: 999 }), /^unsupported-format: is WAV coded as format 999/],
    ['of big numbers first', wav({ signature: 'RIFX' }), /^unsupported-format: is big-endian WAV/],
    ['with 0 channels', wav({ channels: 0 }), /^unreadable-media: has a damaged format chunk/],
    [
      'of 5-byte samples',
      wav({ bits: 40 }),
      /^unreadable-media: has a damaged format chunk \(1 channels, 8000 Hz, 40 bits\)/,
    ],
  ])('%s is refused with the reason', (_name, bytes, fault) => {
    expect(faultOf(() => readFully('audio', 'a.wav', bytes))).toMatch(fault);
  });
});

describe('an MP3', () => {
  const header = { format: 'mp3', channels: 2, sampleRate: 44_100 };

  it.each<[string, Buffer, number]>([
    ['with counts', Buffer.concat([files.mp3Counts(100), files.mp3Frames(100)]), 115_200],
    [
      'with counts and what to leave out',
      Buffer.concat([files.mp3Counts(100, { delay: 576, padding: 624 }), files.mp3Frames(100)]),
      114_000,
    ],
    ["with Fraunhofer's counts", Buffer.concat([files.mp3Vbri(100), files.mp3Frames(100)]), 115_200],
    ['without counts, that is read as a whole', files.mp3Frames(9), 9 * 1152],
    ['behind a tag', Buffer.concat([files.id3(500), files.mp3Frames(9)]), 9 * 1152],
    [
      'behind a picture in a tag',
      Buffer.concat([files.id3(200_000), files.mp3Counts(100), files.mp3Frames(100)]),
      115_200,
    ],
    ['behind zeros', Buffer.concat([Buffer.alloc(300), files.mp3Frames(9)]), 9 * 1152],
    ['before a tag', Buffer.concat([files.mp3Frames(9), Buffer.from('TAG'), Buffer.alloc(125)]), 9 * 1152],
  ])('%s tells its duration', (_name, bytes, samples) => {
    expect(readFully('audio', 'a.mp3', bytes)).toEqual({ ...header, seconds: samples / 44_100 });
  });

  it('without counts is as long as its constant bit rate says', () => {
    const { seconds } = readFully('audio', 'a.mp3', files.mp3Frames(1000));
    expect(seconds).toBe((1000 * 417) / (128_000 / 8));
  });

  it.each<[string, Buffer, RegExp]>([
    [
      'half of it',
      Buffer.concat([files.mp3Counts(100), files.mp3Frames(50)]),
      /^unreadable-media: was cut off \(1\.3\d of 2\.61 s/,
    ],
    [
      'half of a short one',
      Buffer.concat([files.mp3Counts(8), files.mp3Frames(4)]),
      /^unreadable-media: was cut off \(0\.10 of 0\.21 s/,
    ],
    [
      'a part of a frame',
      files.mp3Frames(5).subarray(0, 2000),
      /^unreadable-media: was cut off in the middle of a frame/,
    ],
    ['a tag only', files.id3(500), /^unreadable-media: holds a tag but no sound/],
    [
      'a tag and noise',
      Buffer.concat([files.id3(10), Buffer.alloc(2000, 0xa5)]),
      /^unreadable-media: holds no MP3 frames/,
    ],
  ])('of which %s is there is refused', (_name, bytes, fault) => {
    expect(faultOf(() => readFully('audio', 'a.mp3', bytes))).toMatch(fault);
  });
});

describe('an Ogg', () => {
  const pages = (first: Buffer, last: files.PageOptions): Buffer =>
    Buffer.concat([
      files.oggPage(first, { flags: 2 }),
      ...Array.from({ length: 20 }, () => files.oggPage(Buffer.alloc(4000, 1), { position: 1000 })),
      files.oggPage(Buffer.alloc(3000, 1), { flags: 4, ...last }),
    ]);

  it('of Vorbis or Opus tells its duration by the position in its last page', () => {
    expect(readFully('audio', 'a.ogg', pages(files.vorbisIdentification(), { position: 88_200 }))).toEqual({
      format: 'vorbis',
      channels: 2,
      sampleRate: 44_100,
      seconds: 2,
    });
    expect(readFully('audio', 'a.opus', pages(files.opusHead(312), { position: 48_312 }))).toEqual({
      format: 'opus',
      channels: 1,
      sampleRate: 48_000,
      seconds: 1,
    });
  });

  it('of several streams leaves its duration to the decode pass', () => {
    const bytes = pages(files.vorbisIdentification(), { position: 88_200, serial: 8 });
    expect(readFully('audio', 'a.ogg', bytes)).toEqual({ format: 'vorbis', channels: 2, sampleRate: 44_100 });
  });

  it.each<[string, Buffer, RegExp]>([
    [
      'cut off in a page',
      pages(files.vorbisIdentification(), {}).subarray(0, -100),
      /^unreadable-media: was cut off: its last page/,
    ],
    [
      'cut off between pages',
      pages(files.vorbisIdentification(), { flags: 0 }),
      /^unreadable-media: was cut off: its last page/,
    ],
    [
      'of a film',
      pages(Buffer.from('\x80theora and more, long enough to be a header'), {}),
      /^unsupported-format: is Ogg without/,
    ],
    ['of FLAC', pages(Buffer.from('\x7fFLAC\x01\0\0\x01fLaC'), {}), /^unsupported-format: is Ogg FLAC/],
    ['of Speex', pages(Buffer.from('Speex   1.2'), {}), /^unsupported-format: is Ogg Speex/],
  ])('%s is refused with the reason', (_name, bytes, fault) => {
    expect(faultOf(() => readFully('audio', 'a.ogg', bytes))).toMatch(fault);
  });
});

describe('a FLAC', () => {
  it('tells its duration, if its encoder knew it, also behind a tag', () => {
    const header = { format: 'flac', channels: 2, sampleRate: 16_000 };
    const bytes = Buffer.concat([files.flacHeader(8000), Buffer.alloc(100)]);
    expect(readFully('audio', 'a.flac', bytes)).toEqual({ ...header, seconds: 0.5 });
    expect(readFully('audio', 'a.flac', Buffer.concat([files.id3(9000), bytes]))).toMatchObject({ channels: 2 });
    expect(readFully('audio', 'a.flac', files.flacHeader(0))).toEqual(header);
  });

  it('of its first bytes only is cut off', () => {
    expect(faultOf(() => readFully('audio', 'a.flac', files.flacHeader(1).subarray(0, 20)))).toMatch(
      /so it was cut off/,
    );
  });
});

describe('what is no sound that is read', () => {
  it.each<[string, string, Buffer, RegExp]>([
    [
      'AAC',
      'a.aac',
      Buffer.from([0xff, 0xf1, 0x50, 0x80]),
      /^unsupported-format: is AAC, which is not read: convert it to WAV/,
    ],
    ['MPEG-4 audio', 'a.m4a', Buffer.from('\0\0\0\x18ftypM4A \0\0\0\0'), /^unsupported-format: is MPEG-4 audio/],
    ['AIFF', 'a.aif', Buffer.from('FORM\0\0\0\0AIFFCOMM'), /^unsupported-format: is AIFF/],
    ['WMA', 'a.wma', Buffer.from([0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11]), /^unsupported-format: is WMA/],
    ['MPEG layer II', 'a.mp3', Buffer.from([0xff, 0xfd, 0x90, 0x04, 1]), /^unsupported-format: is MPEG layer I or II/],
    [
      'text in UTF-16',
      'a.wav',
      Buffer.from('\uFEFFnot found', 'utf16le'),
      /^unreadable-media: holds text, not a sound/,
    ],
    ['a picture', 'a.wav', Buffer.from('GIF89a'), /^unreadable-media: is GIF, not a sound/],
  ])('%s is named', (_name, name, bytes, fault) => {
    expect(faultOf(() => readFully('audio', name, bytes))).toMatch(fault);
  });
});
