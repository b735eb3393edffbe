import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MediaError } from '../../../src/modality/modality.ts';
import type { Modality } from '../../../src/protocol.ts';
import { bmp, chunk, exif, GIF, jpeg, png, segment, tiff, webp } from './pictureFiles.ts';
import { readFully } from './readFully.ts';
import * as files from './soundFiles.ts';

/** An AVIF as far as its metadata go: the boxes that lead to the size of the primary item. */
function avif(): Buffer {
  const box = (type: string, ...content: Buffer[]): Buffer => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(8 + content.reduce((sum, { length }) => sum + length, 0));
    return Buffer.concat([size, Buffer.from(type), ...content]);
  };
  const size = box('ispe', Buffer.from([0, 0, 0, 0, 0, 0, 0, 40, 0, 0, 0, 30]));
  const links = box('ipma', Buffer.from([0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 0x81, 0x02]));
  const properties = box('iprp', box('ipco', size, box('irot', Buffer.from([1]))), links);
  const meta = box('meta', Buffer.alloc(4), box('pitm', Buffer.from([0, 0, 0, 0, 0, 1])), properties);
  return Buffer.concat([box('ftyp', Buffer.from('avif\0\0\0\0mif1')), meta, box('mdat', Buffer.alloc(200, 3))]);
}

const SEEDS: readonly [name: string, modality: Modality, bytes: Buffer][] = [
  ['png', 'image', png({ before: chunk('eXIf', exif(6)) })],
  ['jpeg', 'image', jpeg({ segments: segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), exif(6)])) })],
  ['gif', 'image', GIF],
  ['webp', 'image', webp('VP8X')],
  ['tiff', 'image', tiff('II')],
  ['tiff', 'image', tiff('MM')],
  ['bmp', 'image', bmp(3, 2, Buffer.alloc(24))],
  ['avif', 'image', avif()],
  ['wav', 'audio', files.wav({ extensible: true })],
  ['wav', 'audio', files.wav({ signature: 'RF64' })],
  ['flac', 'audio', Buffer.concat([files.id3(20), files.flacHeader(8000)])],
  ['mp3', 'audio', Buffer.concat([files.id3(50), files.mp3Counts(8), files.mp3Frames(8)])],
  ['mp3', 'audio', Buffer.concat([files.mp3Vbri(4), files.mp3Frames(4)])],
  [
    'ogg',
    'audio',
    Buffer.concat([files.oggPage(files.vorbisIdentification()), files.oggPage(Buffer.alloc(300), { flags: 4 })]),
  ],
  [
    'opus',
    'audio',
    Buffer.concat([files.oggPage(files.opusHead(312)), files.oggPage(Buffer.alloc(300), { flags: 4 })]),
  ],
  ['txt', 'text', Buffer.from('\uFEFFa red circle 😀', 'utf16le')],
];

/** Reads from several lengths of the first excerpt on; gives the header or the MediaError, and fails on anything else. */
function outcomeOf(modality: Modality, name: string, bytes: Buffer, firstHead: number): object {
  try {
    return readFully(modality, name, bytes, firstHead);
  } catch (error) {
    if (error instanceof MediaError) return error;
    throw error;
  }
}

describe('an AVIF', () => {
  it('tells its size as it is shown', () => {
    expect(readFully('image', 'a.avif', avif())).toEqual({ format: 'avif', width: 30, height: 40, channels: 3 });
  });
});

describe.each(SEEDS)('the header of %s', (extension, modality, seed) => {
  it('of a whole file is read, from an excerpt of any length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 64, max: seed.length + 100 }), (firstHead) => {
        expect(outcomeOf(modality, `a.${extension}`, seed, firstHead)).not.toBeInstanceOf(Error);
      }),
      { numRuns: 20 },
    );
  });

  it('of a damaged or cut file is read or refused, whatever is wrong', () => {
    const damage = fc.array(fc.tuple(fc.nat(seed.length - 1), fc.nat(255)), { maxLength: 6 });
    fc.assert(
      fc.property(
        damage,
        fc.integer({ min: 0, max: seed.length }),
        fc.integer({ min: 64, max: 4096 }),
        (flips, length, head) => {
          const bytes = Buffer.from(seed);
          for (const [at, value] of flips) bytes[at] = value;
          outcomeOf(modality, `a.${extension}`, bytes.subarray(0, length), head);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('followed by anything is read or refused', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 60 }), fc.uint8Array({ maxLength: 6000 }), (kept, rest) => {
        outcomeOf(modality, `a.${extension}`, Buffer.concat([seed.subarray(0, kept), rest]), 256);
      }),
      { numRuns: 100 },
    );
  });
});

describe('any bytes', () => {
  it('are read or refused as any modality', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Modality>('image', 'audio', 'text'),
        fc.uint8Array({ maxLength: 5000 }),
        (modality, bytes) => {
          outcomeOf(modality, 'a', Buffer.from(bytes), 64);
        },
      ),
    );
  });
});
