import { type Excerpt, endOf, type HeaderReading, isWhole, longerHead } from '../excerpt.ts';
import { unreadable } from '../modality.ts';
import { isTransposed } from './exif.ts';

const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);
const START_OF_SCAN = 0xda;
const APP1 = 0xe1;

/**
 * JPEG (ITU-T T.81, annex B): walks the marker segments up to the frame header. Width and height are as shown, after the
 * EXIF orientation. Cut off when the end-of-image marker is missing.
 */
export function readJpegHeader(excerpt: Excerpt): HeaderReading {
  const { head, name, size } = excerpt;
  let transposed = false;
  for (let position = 2; ; ) {
    const reading = readMarker(head, position);
    if (reading === 'damaged') throw unreadable(name, 'has a damaged header');
    const { marker, start, length } = reading;
    const end = start + length;
    const beyond = position + 10 > head.length || (isFrame(marker) && end > head.length);
    if (beyond || (marker === APP1 && end > head.length)) {
      if (end > size || isWhole(excerpt)) throw unreadable(name, 'ends inside its header, so it was cut off');
      // Metadata of more than a megabyte before the frame header: only decoding tells the size.
      return longerHead(excerpt, end + 10) ?? { header: { format: 'jpeg' } };
    }
    if (marker === START_OF_SCAN) throw unreadable(name, 'has no frame header before its pixels, so it is damaged');
    if (marker === APP1) transposed ||= isTransposed(exifOf(head.subarray(start, end)));
    if (isFrame(marker)) {
      const [height, width] = [head.readUInt16BE(start + 3), head.readUInt16BE(start + 5)];
      const channels = head[start + 7] ?? 0;
      if (length < 8 || width === 0 || height === 0 || channels === 0) throw unreadable(name, 'has a damaged header');
      const missing = findEnd(excerpt, end);
      if (missing !== undefined) return missing;
      const [shown, tall] = transposed ? [height, width] : [width, height];
      return { header: { format: 'jpeg', width: shown, height: tall, channels } };
    }
    position = end;
  }
}

interface Marker {
  readonly marker: number;
  /** Of the segment's length field. */
  readonly start: number;
  /** With the length field; 0 for what lies beyond the bytes. */
  readonly length: number;
}

function readMarker(head: Buffer, position: number): Marker | 'damaged' {
  if (position + 4 > head.length) return { marker: 0, start: position, length: 0 };
  if (head[position] !== 0xff) return 'damaged';
  let at = position + 1;
  // Any number of fill bytes may stand before a marker.
  while (head[at] === 0xff) at++;
  if (at + 3 > head.length) return { marker: 0, start: at, length: 0 };
  const length = head.readUInt16BE(at + 1);
  return length < 2 ? 'damaged' : { marker: head[at] ?? 0, start: at + 1, length };
}

/** Start of frame: C0 to CF except the tables C4 and CC and the reserved C8. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function exifOf(segment: Buffer): Buffer {
  return segment.toString('latin1', 2, 8) === 'Exif\0\0' ? segment.subarray(8) : segment.subarray(0, 0);
}

/**
 * Asks for more, throws when the end-of-image marker is missing, and gives `undefined` when it is there. Cameras append
 * films, depth maps and padding to a JPEG, so a file that does not end in the marker is searched, if it is not large.
 */
function findEnd(excerpt: Excerpt, pixels: number): HeaderReading | undefined {
  // Within the pixels these two bytes never follow each other.
  if (endOf(excerpt).lastIndexOf(END_OF_IMAGE) >= (isWhole(excerpt) ? pixels : 0)) return undefined;
  const longer = isWhole(excerpt) ? undefined : longerHead(excerpt, excerpt.size);
  if (longer !== undefined) return longer;
  if (hasAppendix(excerpt)) return undefined;
  throw unreadable(excerpt.name, 'was cut off: its end marker is missing');
}

/** What is appended to large photographs: Samsung's trailer, Google's film, padding. */
function hasAppendix({ head, tail }: Excerpt): boolean {
  return (
    tail.includes('SEFT') ||
    head.includes('MotionPhoto') ||
    head.includes('MicroVideo') ||
    tail.every((byte) => byte === 0)
  );
}
