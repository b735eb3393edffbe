import { describe, expect, it } from 'vitest';
import { decodeBmp } from '../../../src/modality/image/bmpPixels.ts';
import { faultOf } from './readFully.ts';

const RED = [255, 0, 0, 255];
const GREEN = [0, 255, 0, 255];
const BLUE = [0, 0, 255, 255];

interface Options {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly compression?: number;
  /** Between the header and the pixels: masks or colours. */
  readonly table?: readonly number[];
  readonly pixels: readonly number[];
}

function make({ width, height, bits, compression = 0, table = [], pixels }: Options): Buffer {
  const header = Buffer.alloc(54);
  header.write('BM', 'latin1');
  header.writeUInt32LE(54 + table.length, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(bits, 28);
  header.writeUInt32LE(compression, 30);
  return Buffer.concat([header, Buffer.from(table), Buffer.from(pixels)]);
}

/** Blue, green, red, nothing. */
const PALETTE = [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, ...new Array(4 * 253).fill(0)];
const decode = (options: Options) => [...decodeBmp(make(options), 'a.bmp')];

describe('a BMP', () => {
  it('of 24 bits runs from the bottom up, its rows padded to four bytes', () => {
    const padded = [...[255, 0, 0], ...[0, 0, 0], 0, 0, ...[0, 0, 255], ...[0, 255, 0], 0, 0];
    expect(decode({ width: 2, height: 2, bits: 24, pixels: padded })).toEqual([
      ...RED,
      ...GREEN,
      ...BLUE,
      0,
      0,
      0,
      255,
    ]);
  });

  it('of negative height runs from the top down', () => {
    const pixels = [255, 0, 0, 0, 0, 255, 0, 0];
    expect(decode({ width: 1, height: -2, bits: 24, pixels: [...pixels.slice(0, 3), 0, 0, 0, 255, 0] })).toEqual([
      ...BLUE,
      ...RED,
    ]);
  });

  it.each([
    ['1 bit', 1, [0b01000000, 0, 0, 0], [...RED, ...GREEN, ...RED]],
    ['4 bits', 4, [0x01, 0x20, 0, 0], [...RED, ...GREEN, ...BLUE]],
    ['8 bits', 8, [0, 1, 2, 0], [...RED, ...GREEN, ...BLUE]],
  ])('of %s names colours of its table', (_name, bits, pixels, expected) => {
    const table = PALETTE.slice(0, 4 * 2 ** bits);
    expect(decode({ width: 3, height: 1, bits, table, pixels })).toEqual(expected);
  });

  it('of 16 bits has five for each colour, or as many as its masks say', () => {
    expect(decode({ width: 2, height: 1, bits: 16, pixels: [0x00, 0x7c, 0xe0, 0x03] })).toEqual([...RED, ...GREEN]);
    const masks = [0x00, 0xf8, 0, 0, 0xe0, 0x07, 0, 0, 0x1f, 0, 0, 0];
    const pixels = [0xe0, 0x07, 0x1f, 0x00];
    expect(decode({ width: 2, height: 1, bits: 16, compression: 3, table: masks, pixels })).toEqual([
      ...GREEN,
      ...BLUE,
    ]);
  });

  it('of 32 bits is opaque without an alpha mask', () => {
    expect(decode({ width: 1, height: 1, bits: 32, pixels: [0, 0, 255, 7] })).toEqual(RED);
    const masks = [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 0, 0, 0, 255];
    expect(decode({ width: 1, height: 1, bits: 32, compression: 6, table: masks, pixels: [0, 0, 255, 128] })).toEqual([
      255, 0, 0, 128,
    ]);
  });

  it('in run-length code has runs, values as they are, jumps and ends of rows', () => {
    const pixels = [2, 1, 0, 0, /* as they are */ 0, 3, 0, 1, 2, 0, /* end */ 0, 1];
    const eight = decode({ width: 3, height: 2, bits: 8, compression: 1, table: PALETTE, pixels });
    expect(eight).toEqual([...RED, ...GREEN, ...BLUE, ...GREEN, ...GREEN, ...RED]);
    const table = PALETTE.slice(0, 64);
    const four = decode({
      width: 4,
      height: 1,
      bits: 4,
      compression: 2,
      table,
      pixels: [3, 0x12, 0, 2, 0, 0, 1, 0x20, 0, 1],
    });
    expect(four).toEqual([...GREEN, ...BLUE, ...GREEN, ...BLUE]);
  });

  it.each([
    ['rows', { width: 9, height: 9, bits: 24, pixels: [1, 2, 3] }],
    ['runs', { width: 9, height: 9, bits: 8, compression: 1, table: PALETTE, pixels: [1, 2] }],
  ])('that lacks %s was cut off', (_name, options) => {
    expect(faultOf(() => decode(options))).toMatch(/^unreadable-media: was cut off/);
  });
});
