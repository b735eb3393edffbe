import { type Excerpt, endOf, type HeaderReading, isWhole, longerTail } from '../excerpt.ts';
import { unreadable } from '../modality.ts';
import { isTransposed } from './exif.ts';

const EXIF_FLAG = 0x08;
const ALPHA_FLAG = 0x10;

/**
 * WebP (RFC 9649, §2; RFC 6386, §9.1 for lossy, RFC 9649, §3.4 for lossless pictures). Cut off when it is shorter than
 * the size in its RIFF header. EXIF data stands behind the pixels.
 */
export function readWebpHeader(excerpt: Excerpt): HeaderReading {
  const { head, name, size } = excerpt;
  if (head.length < 30) throw unreadable(name, 'ends inside its header, so it was cut off');
  const announced = head.readUInt32LE(4) + 8;
  // The size counts a byte of padding that some writers leave out at the end.
  if (announced > size + 1) throw unreadable(name, `was cut off: ${size} of ${announced} bytes are there`);
  const picture = readSize(head);
  if (picture === undefined) throw unreadable(name, 'has a damaged header');
  const { width, height, channels } = picture;
  if (!picture.hasExif) return { header: { format: 'webp', width, height, channels } };
  const longer = isWhole(excerpt) ? undefined : longerTail(excerpt);
  if (longer !== undefined) return longer;
  const [shown, tall] = isTransposed(exifOf(endOf(excerpt))) ? [height, width] : [width, height];
  return { header: { format: 'webp', width: shown, height: tall, channels } };
}

interface Size {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly hasExif: boolean;
}

function readSize(head: Buffer): Size | undefined {
  switch (head.toString('latin1', 12, 16)) {
    case 'VP8X': {
      const flags = head[20] ?? 0;
      const channels = flags & ALPHA_FLAG ? 4 : 3;
      const [width, height] = [head.readUIntLE(24, 3) + 1, head.readUIntLE(27, 3) + 1];
      return { width, height, channels, hasExif: (flags & EXIF_FLAG) !== 0 };
    }
    case 'VP8L': {
      if (head[20] !== 0x2f) return undefined;
      const bits = head.readUInt32LE(21);
      const channels = (bits >>> 28) & 1 ? 4 : 3;
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, channels, hasExif: false };
    }
    case 'VP8 ': {
      if (head.readUIntBE(23, 3) !== 0x9d012a) return undefined;
      const [width, height] = [head.readUInt16LE(26) & 0x3fff, head.readUInt16LE(28) & 0x3fff];
      return width === 0 || height === 0 ? undefined : { width, height, channels: 3, hasExif: false };
    }
    default:
      return undefined;
  }
}

/** Some writers put JPEG's "Exif\0\0" before the data. */
function exifOf(end: Buffer): Buffer {
  const chunk = end.lastIndexOf('EXIF');
  if (chunk < 0 || chunk + 8 > end.length) return end.subarray(0, 0);
  const data = end.subarray(chunk + 8);
  return data.toString('latin1', 0, 6) === 'Exif\0\0' ? data.subarray(6) : data;
}
