import { MediaError, unreadable } from '../modality.ts';
import { type OggPage, parsePage } from './oggPage.ts';

/** A packet of an Ogg stream. */
export interface OggPacket {
  readonly bytes: Uint8Array;
  /** The codec's position at the end of the page on which this packet ends, if it is the last one that ends there. */
  readonly position: number | undefined;
}

/**
 * The packets of the one stream in a file, in order; every page is checked by its CRC. Throws {@link MediaError} for a
 * damaged page, and for a file of several streams.
 */
export function* oggPackets(bytes: Buffer, name: string): Generator<OggPacket> {
  let serial: number | undefined;
  let begun: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const page = parsePage(bytes, at);
    if (page === undefined || page.end > bytes.length) throw unreadable(name, 'is damaged: a page is missing');
    if (checksum(bytes, at, page.end) !== bytes.readUInt32LE(at + 22)) {
      throw unreadable(name, `is damaged: a page has a wrong check sum, at byte ${at}`);
    }
    serial ??= page.serial;
    if (page.serial !== serial) {
      throw new MediaError(
        'unsupported-format',
        name,
        'holds several streams, which is not read: split it into files.',
      );
    }
    if (!page.isContinued) begun = [];
    const pieces = splitPage(bytes, page);
    for (const [index, piece] of pieces.entries()) {
      begun.push(piece.bytes);
      if (piece.goesOn) continue;
      const isLast = !pieces.slice(index + 1).some(({ goesOn }) => !goesOn);
      yield {
        bytes: begun.length === 1 ? piece.bytes : Buffer.concat(begun),
        position: isLast ? page.position : undefined,
      };
      begun = [];
    }
    if (page.isLast) return;
    at = page.end;
  }
}

/** Packets and pieces of packets; the last piece may go on in the next page. */
function splitPage(bytes: Buffer, { lacing, content }: OggPage): { bytes: Uint8Array; goesOn: boolean }[] {
  const pieces: { bytes: Uint8Array; goesOn: boolean }[] = [];
  let [start, end] = [content, content];
  for (const length of lacing) {
    end += length;
    if (length === 255) continue;
    pieces.push({ bytes: bytes.subarray(start, end), goesOn: false });
    start = end;
  }
  if (start < end) pieces.push({ bytes: bytes.subarray(start, end), goesOn: true });
  return pieces;
}

const CRC32 = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc >>> 0;
});

/** CRC-32 of a page with its own field taken as zero (RFC 3533, §6). */
function checksum(bytes: Buffer, start: number, end: number): number {
  let crc = 0;
  for (let index = start; index < end; index++) {
    const byte = index >= start + 22 && index < start + 26 ? 0 : (bytes[index] ?? 0);
    crc = (crc << 8) ^ (CRC32[(crc >>> 24) ^ byte] ?? 0);
  }
  return crc >>> 0;
}
