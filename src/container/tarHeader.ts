/*
 * One header block of a tar archive: POSIX.1-1988 ustar, POSIX.1-2001 PAX, GNU long names and base-256 sizes.
 * https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html, https://www.gnu.org/software/tar/manual/html_node/Standard.html
 */
export const BLOCK = 512;

export interface TarHeader {
  readonly name: string;
  /** The letter of the member's type: "0" a file, "5" a folder, "x" a PAX header, … */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
}

/** What the PAX and GNU headers before a member say about it. */
export interface Extension {
  name?: string;
  size?: number;
  /** A file with holes: its bytes are not stored as they are. */
  sparse?: boolean;
}

const NAME = { at: 0, length: 100 };
const SIZE = { at: 124, length: 12 };
const CHECKSUM = { at: 148, length: 8 };
const TYPE = 156;
const MAGIC = 257;
const PREFIX = { at: 345, length: 155 };
const SPACE = 0x20;
const ZERO = 0x30;
const SEVEN = 0x37;

/** Reads a block of 512 bytes; `undefined` when it is no header, because its checksum or a number is wrong. */
export function parseTarHeader(block: Buffer): TarHeader | undefined {
  const size = numberAt(block, SIZE);
  if (size === undefined || !checksumFits(block)) return undefined;
  const type = block[TYPE] === 0 ? '0' : String.fromCharCode(block[TYPE] ?? 0);
  const name = textAt(block, NAME);
  const hasPrefix = block[PREFIX.at] !== 0 && block.toString('latin1', MAGIC, MAGIC + 6) === 'ustar\0';
  return { name: hasPrefix ? `${textAt(block, PREFIX)}/${name}` : name, type, size };
}

/** Merges what a PAX ("x", "g") or GNU ("L") header holds into `extension`; false when it is malformed. */
export function extend(extension: Extension, type: string, content: Buffer): boolean {
  if (type === 'L') {
    extension.name = decodeName(content, 0, content.length);
    return true;
  }
  for (let at = 0; at < content.length && content[at] !== 0; ) {
    const space = content.indexOf(SPACE, at);
    const length = Number(content.toString('latin1', at, space));
    const equals = content.indexOf('=', space);
    const end = at + length;
    if (space < 0 || !Number.isInteger(length) || equals < space || end > content.length || equals >= end) return false;
    const key = content.toString('utf8', space + 1, equals);
    if (key === 'path') extension.name = decodeName(content, equals + 1, end - 1);
    else if (key === 'size') extension.size = Number(content.toString('latin1', equals + 1, end - 1));
    else if (key.startsWith('GNU.sparse.')) extension.sparse = true;
    at = end;
  }
  return extension.size === undefined || (Number.isSafeInteger(extension.size) && extension.size >= 0);
}

interface Place {
  readonly at: number;
  readonly length: number;
}

function textAt(block: Buffer, { at, length }: Place): string {
  return decodeName(block, at, at + length);
}

/** UTF-8 up to the first NUL. Bytes that are not UTF-8 are taken as Latin-1, so that names that differ stay different. */
function decodeName(bytes: Buffer, from: number, to: number): string {
  const nul = bytes.indexOf(0, from);
  const end = nul < 0 || nul > to ? to : nul;
  const text = bytes.toString('utf8', from, end);
  return text.includes('\uFFFD') ? bytes.toString('latin1', from, end) : text;
}

/** Octal digits between spaces or NULs, or a big-endian number after a byte 0x80. */
function numberAt(block: Buffer, { at, length }: Place): number | undefined {
  const end = at + length;
  if (((block[at] ?? 0) & 0x80) !== 0) return base256At(block, at, end);
  let index = at;
  while (index < end && block[index] === SPACE) index++;
  let value = 0;
  for (; index < end; index++) {
    const digit = block[index] ?? 0;
    if (digit === 0 || digit === SPACE) break;
    if (digit < ZERO || digit > SEVEN) return undefined;
    value = value * 8 + (digit - ZERO);
  }
  return value;
}

function base256At(block: Buffer, at: number, end: number): number | undefined {
  let value = (block[at] ?? 0) & 0x7f;
  for (let index = at + 1; index < end; index++) value = value * 256 + (block[index] ?? 0);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** The sum of all bytes, with spaces in place of the checksum; old writers summed signed bytes. */
function checksumFits(block: Buffer): boolean {
  const told = numberAt(block, CHECKSUM);
  let sum = 0;
  let high = 0;
  for (let index = 0; index < BLOCK; index++) {
    const byte = block[index] ?? 0;
    sum += byte;
    high += byte >> 7;
  }
  for (let index = CHECKSUM.at; index < CHECKSUM.at + CHECKSUM.length; index++) {
    const byte = block[index] ?? 0;
    sum += SPACE - byte;
    high -= byte >> 7;
  }
  return told === sum || told === sum - 256 * high;
}
