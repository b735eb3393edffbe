const HEADER_BYTES = 27;
const CONTINUED = 1;
const LAST = 4;
const NO_POSITION = 0xffffffffffffffffn;

/** A page of an Ogg stream (RFC 3533, §6). */
export interface OggPage {
  /** Its first packet goes on from the page before. */
  readonly isContinued: boolean;
  /** The last page of its stream. */
  readonly isLast: boolean;
  /** The codec's position at the end of the last packet that ends here; `undefined` when none does. */
  readonly position: number | undefined;
  readonly serial: number;
  /** Lengths of the pieces of packets; a piece of 255 bytes is continued by the next one. */
  readonly lacing: Buffer;
  readonly content: number;
  /** The byte behind it, which may lie behind the last byte. */
  readonly end: number;
}

/** The page at `at`; `undefined` when there is none, or its header is not whole. */
export function parsePage(bytes: Buffer, at: number): OggPage | undefined {
  if (at + HEADER_BYTES > bytes.length || bytes.toString('latin1', at, at + 4) !== 'OggS' || bytes[at + 4] !== 0) {
    return undefined;
  }
  const content = at + HEADER_BYTES + (bytes[at + 26] ?? 0);
  if (content > bytes.length) return undefined;
  const lacing = bytes.subarray(at + HEADER_BYTES, content);
  const position = bytes.readBigUInt64LE(at + 6);
  return {
    isContinued: ((bytes[at + 5] ?? 0) & CONTINUED) !== 0,
    isLast: ((bytes[at + 5] ?? 0) & LAST) !== 0,
    position: position === NO_POSITION ? undefined : Number(position),
    serial: bytes.readUInt32LE(at + 14),
    lacing,
    content,
    end: lacing.reduce((sum, piece) => sum + piece, content),
  };
}
