import { type Excerpt, type HeaderReading, isWhole, longerHead } from '../excerpt.ts';
import { unreadable } from '../modality.ts';

const MAX_BOXES = 1000;

/**
 * AVIF (AV1 Image File Format 1.1; HEIF, ISO/IEC 23008-12; boxes, ISO/IEC 14496-12): the size of the primary item with
 * its rotation. Cut off when a box reaches beyond the end.
 */
export function readAvifHeader(excerpt: Excerpt): HeaderReading {
  const { head, name, size } = excerpt;
  let meta: Buffer | undefined;
  let position = 0;
  for (let count = 0; position < size && count < MAX_BOXES; count++) {
    if (position + 16 > head.length && position + 16 <= size) {
      // What follows the metadata are the pixels, and their box says how long they are.
      return longerHead(excerpt, position + 16) ?? describe(name, meta);
    }
    const box = readBox(head, position, size);
    if (box === undefined || box.end > size) throw unreadable(name, 'was cut off: a part reaches beyond its end');
    if (box.type === 'meta') {
      if (box.end > head.length) {
        if (isWhole(excerpt)) throw unreadable(name, 'has a damaged header');
        return longerHead(excerpt, box.end) ?? { header: { format: 'avif' } };
      }
      meta = head.subarray(box.start + 4, box.end);
    }
    position = box.end;
  }
  return describe(name, meta);
}

interface Box {
  readonly type: string;
  /** Of the content. */
  readonly start: number;
  readonly end: number;
}

/** A size of 1 stands for a longer size behind the type, 0 for everything up to the end. */
function readBox(bytes: Buffer, position: number, end: number): Box | undefined {
  if (position + 8 > bytes.length) return undefined;
  const short = bytes.readUInt32BE(position);
  const type = bytes.toString('latin1', position + 4, position + 8);
  if (short === 0) return { type, start: position + 8, end };
  if (short !== 1) return short < 8 ? undefined : { type, start: position + 8, end: position + short };
  if (position + 16 > bytes.length) return undefined;
  const long = Number(bytes.readBigUInt64BE(position + 8));
  return long < 16 ? undefined : { type, start: position + 16, end: position + long };
}

function childBoxes(parent: Buffer): { type: string; content: Buffer }[] {
  const boxes: { type: string; content: Buffer }[] = [];
  for (let position = 0; position < parent.length && boxes.length < MAX_BOXES; ) {
    const box = readBox(parent, position, parent.length);
    if (box === undefined) break;
    boxes.push({ type: box.type, content: parent.subarray(box.start, box.end) });
    position = box.end;
  }
  return boxes;
}

function describe(name: string, meta: Buffer | undefined): HeaderReading {
  const boxes = childBoxes(meta ?? Buffer.alloc(0));
  const find = (type: string): Buffer | undefined => boxes.find((box) => box.type === type)?.content;
  const properties = childBoxes(find('iprp') ?? Buffer.alloc(0));
  const all = childBoxes(properties.find(({ type }) => type === 'ipco')?.content ?? Buffer.alloc(0));
  const links = properties.find(({ type }) => type === 'ipma')?.content;
  const own = propertiesOf(primaryItem(find('pitm')), links).flatMap((index) => all[index - 1] ?? []);
  const size = own.find(({ type }) => type === 'ispe')?.content;
  if (size === undefined || size.length < 12) throw unreadable(name, 'has a damaged header');
  const [width, height] = [size.readUInt32BE(4), size.readUInt32BE(8)];
  if (width === 0 || height === 0) throw unreadable(name, 'has a damaged header');
  const quarters = own.find(({ type }) => type === 'irot')?.content[0] ?? 0;
  const transparent = all.some(({ type, content }) => type === 'auxC' && content.includes('auxiliary:alpha'));
  const channels = transparent ? 4 : 3;
  return {
    header:
      quarters % 2 === 1
        ? { format: 'avif', width: height, height: width, channels }
        : { format: 'avif', width, height, channels },
  };
}

function primaryItem(box: Buffer | undefined): number {
  if (box === undefined || box.length < 6) return 1;
  return box[0] === 0 || box.length < 8 ? box.readUInt16BE(4) : box.readUInt32BE(4);
}

/** One-based indices of the properties of an item (ItemPropertyAssociationBox, ISO/IEC 23008-12 §9.3.2). */
function propertiesOf(item: number, box: Buffer | undefined): number[] {
  if (box === undefined || box.length < 8) return [];
  const idBytes = box[0] === 0 ? 2 : 4;
  const linkBytes = (box[3] ?? 0) & 1 ? 2 : 1;
  const entries = Math.min(MAX_BOXES, box.readUInt32BE(4));
  let at = 8;
  for (let entry = 0; entry < entries && at + idBytes + 1 <= box.length; entry++) {
    const id = box.readUIntBE(at, idBytes);
    const count = box[at + idBytes] ?? 0;
    const start = at + idBytes + 1;
    at = start + count * linkBytes;
    if (id !== item || at > box.length) continue;
    // The highest bit says that a reader must understand the property.
    return Array.from({ length: count }, (_, index) =>
      linkBytes === 2 ? box.readUInt16BE(start + 2 * index) & 0x7fff : (box[start + index] ?? 0) & 0x7f,
    );
  }
  return [];
}
