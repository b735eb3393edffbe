import type { Excerpt, HeaderReading } from '../excerpt.ts';
import { MediaError, unreadable } from '../modality.ts';

const FILE_HEADER_BYTES = 14;
const OS2_HEADER_BYTES = 12;
/** Compression of [MS-WMF] §2.1.1.7. */
const RGB = 0;
const RLE8 = 1;
const RLE4 = 2;
const BITFIELDS = 3;
const ALPHA_BITFIELDS = 6;

/** What the header of a BMP says, and where its parts lie. */
export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  /** Rows run from the top instead of from the bottom. */
  readonly topDown: boolean;
  readonly bitsPerPixel: number;
  readonly compression: number;
  /** Colour table: where it begins, how many colours, and bytes of each. */
  readonly palette: { readonly start: number; readonly colours: number; readonly bytes: number };
  /** Bits of red, green, blue and alpha within a pixel of 16 or 32 bits. */
  readonly masks: readonly [number, number, number, number];
  readonly pixels: number;
}

export function readBmpHeader({ head, name, size }: Excerpt): HeaderReading {
  const header = parseBmp(head, name);
  const { width, height, compression, pixels } = header;
  const end = pixels + (isRunLength(compression) ? 1 : rowBytes(header) * height);
  if (end > size) throw unreadable(name, `was cut off: ${size} of ${end} bytes are there`);
  return { header: { format: 'bmp', width, height, channels: bmpChannels(header) } };
}

/** Windows bitmaps from version 2 (OS/2) to 5 ([MS-WMF] §2.2.2; Microsoft, BITMAPV5HEADER). Throws {@link MediaError}. */
export function parseBmp(head: Buffer, name: string): BmpHeader {
  const headerBytes = head.readUInt32LE(FILE_HEADER_BYTES);
  const end = FILE_HEADER_BYTES + headerBytes;
  if (head.length < end) throw unreadable(name, 'ends inside its header, so it was cut off');
  const old = headerBytes === OS2_HEADER_BYTES;
  const width = old ? head.readUInt16LE(18) : head.readInt32LE(18);
  const height = old ? head.readInt16LE(20) : head.readInt32LE(22);
  const bitsPerPixel = head.readUInt16LE(old ? 24 : 28);
  const compression = old || headerBytes < 40 ? RGB : head.readUInt32LE(30);
  if (width <= 0 || height === 0 || !isPossible(bitsPerPixel, compression)) {
    if (compression === 4 || compression === 5) {
      throw new MediaError(
        'unsupported-format',
        name,
        'is BMP around JPEG or PNG, which is not read: convert it to PNG.',
      );
    }
    throw unreadable(name, 'has a damaged header');
  }
  const announced = old || headerBytes < 40 ? 0 : head.readUInt32LE(46);
  const masksBehind = headerBytes === 40 && (compression === BITFIELDS || compression === ALPHA_BITFIELDS);
  const maskBytes = masksBehind ? (compression === BITFIELDS ? 12 : 16) : 0;
  const colours = bitsPerPixel > 8 ? 0 : Math.min(announced || 256, 2 ** bitsPerPixel);
  return {
    width,
    height: Math.abs(height),
    topDown: height < 0,
    bitsPerPixel,
    compression,
    palette: { start: end + maskBytes, colours, bytes: old ? 3 : 4 },
    masks: masksOf(head, headerBytes, bitsPerPixel, compression),
    pixels: head.readUInt32LE(10),
  };
}

/** 4 with an alpha mask, otherwise 3. */
function bmpChannels({ masks }: BmpHeader): number {
  return masks[3] === 0 ? 3 : 4;
}

/** Rows are padded to a multiple of four bytes. */
export function rowBytes({ width, bitsPerPixel }: BmpHeader): number {
  return 4 * Math.ceil((width * bitsPerPixel) / 32);
}

export function isRunLength(compression: number): boolean {
  return compression === RLE8 || compression === RLE4;
}

function isPossible(bitsPerPixel: number, compression: number): boolean {
  switch (compression) {
    case RGB:
      return [1, 2, 4, 8, 16, 24, 32].includes(bitsPerPixel);
    case RLE8:
      return bitsPerPixel === 8;
    case RLE4:
      return bitsPerPixel === 4;
    case BITFIELDS:
    case ALPHA_BITFIELDS:
      return bitsPerPixel === 16 || bitsPerPixel === 32;
    default:
      return false;
  }
}

/** Without masks, 16 bits are 5 each, and the fourth byte of 32 bits means nothing. */
function masksOf(head: Buffer, headerBytes: number, bits: number, compression: number): BmpHeader['masks'] {
  if (compression !== BITFIELDS && compression !== ALPHA_BITFIELDS) {
    return bits === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0xff00, 0xff, 0];
  }
  const start = FILE_HEADER_BYTES + 40;
  const hasAlpha = headerBytes >= 56 || compression === ALPHA_BITFIELDS;
  const mask = (index: number): number =>
    start + 4 * index + 4 <= head.length ? head.readUInt32LE(start + 4 * index) : 0;
  return [mask(0), mask(1), mask(2), hasAlpha ? mask(3) : 0];
}
