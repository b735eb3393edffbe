import { type Excerpt, endOf, type HeaderReading, isWhole, longerHead } from '../excerpt.ts';
import { unreadable } from '../modality.ts';

const TRAILER = 0x3b;
const IMAGE = 0x2c;
const EXTENSION = 0x21;

/** GIF89a specification, §18 to §27. Cut off when its blocks do not come to an end. */
export function readGifHeader(excerpt: Excerpt): HeaderReading {
  const { head, name } = excerpt;
  if (head.length < 13) throw unreadable(name, 'ends inside its header, so it was cut off');
  const [width, height] = [head.readUInt16LE(6), head.readUInt16LE(8)];
  if (width === 0 || height === 0) throw unreadable(name, 'has a damaged header');
  if (!endsInTrailer(endOf(excerpt))) {
    const longer = isWhole(excerpt) ? undefined : longerHead(excerpt, excerpt.size);
    if (longer !== undefined) return longer;
    if (!isWhole(excerpt) || !blocksEnd(head)) throw unreadable(name, 'was cut off: its end mark is missing');
  }
  return { header: { format: 'gif', width, height, channels: 3 } };
}

/** Some writers pad with zeros. */
function endsInTrailer(end: Buffer): boolean {
  let last = end.length - 1;
  while (last >= 0 && end[last] === 0) last--;
  return end[last] === TRAILER;
}

/** True when at least one picture is whole and the file ends between two blocks: all that is missing is the trailer. */
function blocksEnd(bytes: Buffer): boolean {
  let position = 13 + colourTableBytes(bytes[10] ?? 0);
  let pictures = 0;
  while (position < bytes.length) {
    const kind = bytes[position];
    if (kind === TRAILER) return true;
    if (kind !== IMAGE && kind !== EXTENSION) return false;
    // After the descriptor of a picture and its colours comes one byte, the size of the LZW codes.
    position += kind === IMAGE ? 11 + colourTableBytes(bytes[position + 9] ?? 0) : 2;
    while ((bytes[position] ?? 0) !== 0) position += 1 + (bytes[position] ?? 0);
    if (position >= bytes.length) return false;
    position++;
    if (kind === IMAGE) pictures++;
  }
  return pictures > 0 && position === bytes.length;
}

function colourTableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}
