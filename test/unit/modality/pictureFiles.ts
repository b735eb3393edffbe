/** Pictures made byte by byte. */

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function chunk(type: string, data: Buffer): Buffer {
  return Buffer.concat([u32(data.length), Buffer.from(type), data, u32(0)]);
}

interface PngOptions {
  readonly colourType?: number;
  /** Chunks before the pixels. */
  readonly before?: Buffer;
  readonly pixels?: number;
  readonly end?: boolean;
}

/** A PNG without check sums, which the header pass does not read. */
export function png({ colourType = 2, before = Buffer.alloc(0), pixels = 100, end = true }: PngOptions = {}): Buffer {
  const header = Buffer.concat([u32(40), u32(30), Buffer.from([8, colourType, 0, 0, 0])]);
  const parts = [chunk('IHDR', header), before, chunk('IDAT', Buffer.alloc(pixels, 7))];
  if (end) parts.push(chunk('IEND', Buffer.alloc(0)));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts]);
}

export function exif(orientation: number, order: 'II' | 'MM' = 'MM'): Buffer {
  const bytes = Buffer.from('MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0', 'latin1');
  bytes.writeUInt16BE(orientation, 18);
  return order === 'MM'
    ? bytes
    : Buffer.from(
        `II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0${String.fromCharCode(orientation)}\0\0\0\0\0\0\0`,
        'latin1',
      );
}

export function segment(marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

interface JpegOptions {
  /** Before the frame header. */
  readonly segments?: Buffer;
  readonly scan?: number;
  readonly tail?: Buffer;
}

/** A JPEG whose scan is noise. */
export function jpeg({
  segments = Buffer.alloc(0),
  scan = 500,
  tail = Buffer.from([0xff, 0xd9]),
}: JpegOptions = {}): Buffer {
  const frame = segment(0xc0, Buffer.from([8, 0, 30, 0, 40, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]));
  const start = segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0]));
  return Buffer.concat([Buffer.from([0xff, 0xd8]), segments, frame, start, Buffer.alloc(scan, 0x55), tail]);
}

/** A GIF of one pixel. */
export const GIF = Buffer.concat([
  Buffer.from('GIF89a\x28\0\x1e\0\x80\0\0', 'latin1'),
  Buffer.from([0, 0, 0, 255, 255, 255]),
  Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4c, 1, 0, 0x3b]),
]);

/** The headers of a lossy, a lossless and an extended WebP of 40 × 30 pixels. */
export function webp(kind: 'VP8 ' | 'VP8L' | 'VP8X', pixels = 100): Buffer {
  const header = {
    'VP8 ': Buffer.from([0, 0, 0, 0x9d, 0x01, 0x2a, 40, 0, 30, 0]),
    VP8L: Buffer.from([0x2f, 39, 0x40, 0x07, 0x10, 0, 0, 0, 0, 0]),
    VP8X: Buffer.from([0x10, 0, 0, 0, 39, 0, 0, 29, 0, 0]),
  }[kind];
  const body = Buffer.concat([
    Buffer.from(`WEBP${kind}`),
    Buffer.from([header.length, 0, 0, 0]),
    header,
    Buffer.alloc(pixels),
  ]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(body.length);
  return Buffer.concat([Buffer.from('RIFF'), size, body]);
}

/** A TIFF of 40 × 30 grey pixels, its directory behind them. */
export function tiff(order: 'II' | 'MM', orientation = 1): Buffer {
  const little = order === 'II';
  const bytes = Buffer.alloc(8 + 1200 + 2 + 6 * 12 + 4);
  const short = (value: number, at: number) =>
    little ? bytes.writeUInt16LE(value, at) : bytes.writeUInt16BE(value, at);
  const long = (value: number, at: number) =>
    little ? bytes.writeUInt32LE(value, at) : bytes.writeUInt32BE(value, at);
  bytes.write(order, 'latin1');
  short(42, 2);
  long(1208, 4);
  short(6, 1208);
  const tags = [
    [256, 3, 40],
    [257, 3, 30],
    [273, 4, 8],
    [274, 3, orientation],
    [277, 3, 1],
    [279, 4, 1200],
  ] as const;
  for (const [index, [tag, type, value]] of tags.entries()) {
    const at = 1210 + 12 * index;
    short(tag, at);
    short(type, at + 2);
    long(1, at + 4);
    if (type === 3) short(value, at + 8);
    else long(value, at + 8);
  }
  return bytes;
}

/** A BMP of 24 bits, from the bottom up; `pixels` are blue, green, red. */
export function bmp(width: number, height: number, pixels: Buffer): Buffer {
  const header = Buffer.alloc(54);
  header.write('BM', 'latin1');
  header.writeUInt32LE(54 + pixels.length, 2);
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  return Buffer.concat([header, pixels]);
}
