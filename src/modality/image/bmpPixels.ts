import { unreadable } from '../modality.ts';
import { type BmpHeader, isRunLength, parseBmp, rowBytes } from './bmp.ts';

/** Pixels of a BMP from the top row down: width×height×4 bytes of RGBA. Throws {@link MediaError}. */
export function decodeBmp(bytes: Buffer, name: string): Buffer {
  const header = parseBmp(bytes, name);
  const { width, height, topDown } = header;
  const rgba = Buffer.alloc(width * height * 4);
  if (!isRunLength(header.compression) && header.pixels + rowBytes(header) * height > bytes.length) {
    throw unreadable(name, 'was cut off: rows are missing');
  }
  const colourAt = isRunLength(header.compression)
    ? indexedColours(header, bytes, expandRuns(header, bytes, name))
    : directColours(header, bytes);
  for (let y = 0; y < height; y++) {
    const row = topDown ? y : height - 1 - y;
    for (let x = 0; x < width; x++) rgba.writeUInt32BE(colourAt(x, row), 4 * (y * width + x));
  }
  return rgba;
}

/** RGBA of the pixel in column `x` of the stored row `row`, as one number. */
type ColourAt = (x: number, row: number) => number;

function directColours(header: BmpHeader, bytes: Buffer): ColourAt {
  const { bitsPerPixel, pixels, masks } = header;
  const stride = rowBytes(header);
  if (bitsPerPixel <= 8) {
    const perByte = 8 / bitsPerPixel;
    const palette = readPalette(header, bytes);
    return (x, row) => {
      const byte = bytes[pixels + row * stride + Math.floor(x / perByte)] ?? 0;
      const index = (byte >> (8 - bitsPerPixel * (1 + (x % perByte)))) & (2 ** bitsPerPixel - 1);
      return palette[index] ?? 0xff;
    };
  }
  if (bitsPerPixel === 24) {
    return (x, row) => {
      const at = pixels + row * stride + 3 * x;
      return toColour(bytes[at + 2] ?? 0, bytes[at + 1] ?? 0, bytes[at] ?? 0, 255);
    };
  }
  const [red, green, blue, alpha] = masks.map(channelReader);
  const pixelBytes = bitsPerPixel / 8;
  return (x, row) => {
    const pixel = bytes.readUIntLE(pixels + row * stride + pixelBytes * x, pixelBytes);
    const opacity = masks[3] === 0 ? 255 : (alpha?.(pixel) ?? 255);
    return toColour(red?.(pixel) ?? 0, green?.(pixel) ?? 0, blue?.(pixel) ?? 0, opacity);
  };
}

function indexedColours(header: BmpHeader, bytes: Buffer, indices: Uint8Array): ColourAt {
  const palette = readPalette(header, bytes);
  return (x, row) => palette[indices[row * header.width + x] ?? 0] ?? 0xff;
}

function readPalette({ palette: { start, colours, bytes: entryBytes } }: BmpHeader, bytes: Buffer): number[] {
  return Array.from({ length: colours }, (_, index) => {
    const at = start + index * entryBytes;
    return toColour(bytes[at + 2] ?? 0, bytes[at + 1] ?? 0, bytes[at] ?? 0, 255);
  });
}

/** Scales the bits under a mask to 0…255. */
function channelReader(mask: number): (pixel: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const largest = mask >>> shift;
  return (pixel) => Math.round((((pixel & mask) >>> shift) * 255) / largest);
}

function toColour(red: number, green: number, blue: number, alpha: number): number {
  return ((red << 24) | (green << 16) | (blue << 8) | alpha) >>> 0;
}

/**
 * Run-length coding: pairs of a count and a value; after a zero come 0 for the end of a row, 1 for the end of the
 * picture, 2 for a jump, or a count of values that stand as they are, padded to two bytes.
 */
function expandRuns({ width, height, bitsPerPixel, pixels }: BmpHeader, bytes: Buffer, name: string): Uint8Array {
  const indices = new Uint8Array(width * height);
  let [x, row] = [0, 0];
  const put = (index: number): void => {
    if (x < width && row < height) indices[row * width + x] = index;
    x++;
  };
  const half = bitsPerPixel === 4;
  const nibbleOf = (byte: number, index: number): number => (half ? (index % 2 === 0 ? byte >> 4 : byte & 15) : byte);
  for (let at = pixels; row < height; ) {
    if (at + 2 > bytes.length) throw unreadable(name, 'was cut off: rows are missing');
    const [count, value] = [bytes[at] ?? 0, bytes[at + 1] ?? 0];
    at += 2;
    if (count > 0) {
      for (let index = 0; index < count; index++) put(nibbleOf(value, index));
    } else if (value === 0) {
      [x, row] = [0, row + 1];
    } else if (value === 1) {
      break;
    } else if (value === 2) {
      [x, row] = [x + (bytes[at] ?? 0), row + (bytes[at + 1] ?? 0)];
      at += 2;
    } else {
      const length = half ? Math.ceil(value / 2) : value;
      for (let index = 0; index < value; index++) put(nibbleOf(bytes[at + (half ? index >> 1 : index)] ?? 0, index));
      at += length + (length % 2);
    }
  }
  return indices;
}
