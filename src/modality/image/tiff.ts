import { type Excerpt, type HeaderReading, isWhole, longerHead } from '../excerpt.ts';
import { type Header, unreadable } from '../modality.ts';

/** Tags of the TIFF 6.0 specification, part 1, §8. */
const WIDTH = 256;
const HEIGHT = 257;
const STRIP_OFFSETS = 273;
const ORIENTATION = 274;
const SAMPLES_PER_PIXEL = 277;
const STRIP_BYTES = 279;
const TILE_OFFSETS = 324;
const TILE_BYTES = 325;
const WANTED = new Set([
  WIDTH,
  HEIGHT,
  STRIP_OFFSETS,
  ORIENTATION,
  SAMPLES_PER_PIXEL,
  STRIP_BYTES,
  TILE_OFFSETS,
  TILE_BYTES,
]);
/** Bytes of a value of the types byte, short, long and long8. */
const TYPE_BYTES: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 16: 8 };
const MAX_ENTRIES = 1000;

/**
 * The first picture of a TIFF file (Adobe, TIFF 6.0) or of a BigTIFF file. Cut off when its directory or its pixels lie
 * behind the end. A directory behind the first megabyte leaves the size unknown.
 */
export function readTiffHeader(excerpt: Excerpt): HeaderReading {
  const { head, name, size } = excerpt;
  if (head.length < 16) throw unreadable(name, 'ends inside its header, so it was cut off');
  const layout = layoutOf(head);
  const directory = layout.number(4 + (layout.big ? 4 : 0), layout.big ? 8 : 4);
  const missing = missingBytes(excerpt, directory + layout.countBytes);
  if (missing !== undefined) return missing;
  const entries = Math.min(MAX_ENTRIES, layout.number(directory, layout.countBytes));
  const end = directory + layout.countBytes + entries * layout.entryBytes;
  const cut = missingBytes(excerpt, end);
  if (cut !== undefined) return cut;
  const tags = readTags(layout, head.subarray(0, end), directory + layout.countBytes, head.length);
  const header = headerOf(tags);
  if (header === undefined) throw unreadable(name, 'has a damaged header');
  const last = endOfPixels(tags);
  if (last > size) throw unreadable(name, `was cut off: ${size} of ${last} bytes are there`);
  return { header };
}

interface Layout {
  readonly big: boolean;
  readonly countBytes: number;
  readonly entryBytes: number;
  /** An unsigned number of 1, 2, 4 or 8 bytes, in the byte order of the file. */
  number(at: number, bytes: number): number;
}

/** Values by tag; a tag whose values lie beyond the bytes is absent. */
type Tags = ReadonlyMap<number, readonly number[]>;

function layoutOf(head: Buffer): Layout {
  const little = head[0] === 0x49;
  const number = (at: number, bytes: number): number => {
    if (bytes === 8) return Number(little ? head.readBigUInt64LE(at) : head.readBigUInt64BE(at));
    return little ? head.readUIntLE(at, bytes) : head.readUIntBE(at, bytes);
  };
  const big = number(2, 2) === 43;
  return { big, countBytes: big ? 8 : 2, entryBytes: big ? 20 : 12, number };
}

function missingBytes(excerpt: Excerpt, end: number): HeaderReading | undefined {
  const { head, name, size } = excerpt;
  if (end <= head.length) return undefined;
  if (end > size || isWhole(excerpt)) throw unreadable(name, 'was cut off: its directory is missing');
  return longerHead(excerpt, end) ?? { header: { format: 'tiff' } };
}

function readTags({ big, number, entryBytes }: Layout, directory: Buffer, start: number, available: number): Tags {
  const wordBytes = big ? 8 : 4;
  const tags = new Map<number, number[]>();
  for (let entry = start; entry + entryBytes <= directory.length; entry += entryBytes) {
    const bytes = TYPE_BYTES[number(entry + 2, 2)];
    const count = number(entry + 4, wordBytes);
    if (bytes === undefined || count * bytes > available) continue;
    const value = entry + 4 + wordBytes;
    const at = count * bytes <= wordBytes ? value : number(value, wordBytes);
    if (!WANTED.has(number(entry, 2)) || at + count * bytes > available) continue;
    tags.set(
      number(entry, 2),
      Array.from({ length: count }, (_, index) => number(at + index * bytes, bytes)),
    );
  }
  return tags;
}

function headerOf(tags: Tags): Header | undefined {
  const [width = 0] = tags.get(WIDTH) ?? [];
  const [height = 0] = tags.get(HEIGHT) ?? [];
  const [channels = 1] = tags.get(SAMPLES_PER_PIXEL) ?? [];
  const [orientation = 1] = tags.get(ORIENTATION) ?? [];
  if (width === 0 || height === 0) return undefined;
  return orientation >= 5
    ? { format: 'tiff', width: height, height: width, channels }
    : { format: 'tiff', width, height, channels };
}

/** The byte behind the last strip or tile, as far as the directory tells. */
function endOfPixels(tags: Tags): number {
  const offsets = tags.get(STRIP_OFFSETS) ?? tags.get(TILE_OFFSETS) ?? [];
  const lengths = tags.get(STRIP_BYTES) ?? tags.get(TILE_BYTES) ?? [];
  return offsets.reduce((last, offset, index) => Math.max(last, offset + (lengths[index] ?? 0)), 0);
}
