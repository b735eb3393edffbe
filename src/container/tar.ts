import { breathe } from '../base/concurrency.ts';
import { isGzip } from './gzipTar.ts';
import { type ForwardReader, InflatingReader } from './inflating.ts';
import { BLOCK, type Extension, extend, parseTarHeader, type TarHeader } from './tarHeader.ts';
import { WindowReader } from './window.ts';

/** A member of an archive. Links and devices are named, never followed. */
export interface TarMember {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'special';
  /** Its bytes are [begin, begin + length) of the archive, uncompressed. */
  readonly begin: number;
  readonly length: number;
  /** All of its bytes, when they were asked for. */
  readonly content?: Buffer;
}

/** Something wrong with the archive itself. What lies before it was read. */
export interface TarFault {
  readonly kind: 'cut' | 'no-end' | 'damaged' | 'more';
  /** Place in the uncompressed archive, in bytes. */
  readonly at: number;
  /** A sentence that lacks its subject, the archive. */
  readonly fault: string;
}

export type TarEntry = TarMember | TarFault;

export interface TarOptions {
  /** True for members whose content is wanted along with their place: small texts. */
  readonly keeps?: (name: string, length: number) => boolean;
  readonly signal?: AbortSignal | undefined;
}

const ENTRIES_PER_BATCH = 1024;
/** Longer PAX and GNU headers are no names. */
const MAX_EXTENSION = 1024 * 1024;
/** Archives are padded with zeros to a whole record; this many bytes after the end are looked at. */
const AFTER_END = 64 * 1024;
const ZEROS = Buffer.alloc(AFTER_END);

/**
 * The members of a .tar or .tar.gz file in order, in batches, with their places: nothing is extracted. What is wrong
 * with the archive itself comes last, as a {@link TarFault}. Throws {@link ContainerError} when the file cannot be opened.
 */
export async function* walkTar(path: string, options: TarOptions = {}): AsyncGenerator<readonly TarEntry[]> {
  const reader = isGzip(path) ? new InflatingReader({ path, format: 'gzip' }) : new WindowReader(path);
  const walk = new TarWalk(reader, options.keeps);
  try {
    while (!walk.ended) {
      yield await walk.batch();
      await breathe(options.signal);
    }
  } finally {
    reader.close();
  }
}

class TarWalk {
  ended = false;
  readonly #reader: ForwardReader;
  readonly #keeps: TarOptions['keeps'];
  #at = 0;
  /** What a global PAX header says about all members after it. */
  #common: Extension = {};
  /** What PAX and GNU headers say about the next member. */
  #next: Extension = {};
  /** The last member. It is told once its bytes are known to be there. */
  #last: TarMember | undefined;

  constructor(reader: ForwardReader, keeps: TarOptions['keeps']) {
    this.#reader = reader;
    this.#keeps = keeps;
  }

  async batch(): Promise<TarEntry[]> {
    const entries: TarEntry[] = [];
    while (entries.length < ENTRIES_PER_BATCH && !this.ended) {
      const read = this.#reader.read(this.#at, BLOCK);
      const block = read instanceof Promise ? await read : read;
      const fault = this.#tellLast(entries) ?? (await this.#readHeader(block));
      if (fault === undefined) continue;
      this.ended = true;
      if (fault !== 'end') entries.push(fault);
    }
    return entries;
  }

  /** The reader has gone past the last member: either all of it was there, or the archive ended before. */
  #tellLast(entries: TarEntry[]): TarFault | undefined {
    const last = this.#last;
    if (last === undefined) return undefined;
    this.#last = undefined;
    const { size, fault } = this.#reader;
    if (size === undefined || last.begin + last.length <= size) {
      entries.push(last);
      return undefined;
    }
    return cut(size, fault ?? `ends in the midst of its member ${last.name}`);
  }

  async #readHeader(block: Buffer): Promise<TarFault | 'end' | undefined> {
    const at = this.#at;
    if (block.length < BLOCK) return this.#outOfBytes(at, block.length);
    if (block[0] === 0 && block.equals(ZEROS.subarray(0, BLOCK))) return await this.#lookAfterEnd(at + BLOCK);
    const header = parseTarHeader(block);
    if (header === undefined) {
      const fault = `is damaged at byte ${at}: there is no header of a member, so nothing from there on was read. Copy it again.`;
      return { kind: 'damaged', at, fault };
    }
    return 'xgLK'.includes(header.type) ? await this.#readExtension(header) : await this.#readMember(header);
  }

  async #readExtension({ type, size }: TarHeader): Promise<TarFault | undefined> {
    const at = this.#at;
    const content = await this.#reader.read(at + BLOCK, Math.min(size, MAX_EXTENSION));
    if (this.#reader.size !== undefined && at + BLOCK + size > this.#reader.size) {
      return cut(this.#reader.size, this.#reader.fault ?? 'ends in the midst of the header of a member');
    }
    const extension = type === 'g' ? this.#common : this.#next;
    if (size > MAX_EXTENSION || (type !== 'K' && !extend(extension, type, content))) {
      const fault = `is damaged at byte ${at}: the extended header there makes no sense, so nothing from there on was read. Copy it again.`;
      return { kind: 'damaged', at, fault };
    }
    this.#at = at + BLOCK + padded(size);
    return undefined;
  }

  async #readMember(header: TarHeader): Promise<undefined> {
    const extension = { ...this.#common, ...this.#next };
    this.#next = {};
    const name = extension.name ?? header.name;
    const kind = kindOf(header.type, name, extension);
    const begin = this.#at + BLOCK;
    // Links, folders and devices have no bytes, whatever their size says (as in Python's tarfile).
    const length = '123456'.includes(header.type) ? 0 : (extension.size ?? header.size);
    if (kind === 'file' && this.#keeps?.(name, length) === true) {
      const content = Buffer.from(await this.#reader.read(begin, length));
      this.#last = { name, kind, begin, length, content };
    } else {
      this.#last = { name, kind, begin, length };
    }
    this.#at = begin + padded(length);
    return undefined;
  }

  #outOfBytes(at: number, rest: number): TarFault {
    const { fault } = this.#reader;
    if (fault !== undefined) return cut(at + rest, fault);
    if (rest > 0) return cut(at + rest, 'ends in the midst of the header of a member');
    const sentence =
      at === 0
        ? 'is empty: it holds no members. Copy it again or delete it.'
        : 'has no end mark: if members are missing at its end, copy it again.';
    return { kind: 'no-end', at, fault: sentence };
  }

  async #lookAfterEnd(at: number): Promise<TarFault | 'end'> {
    const rest = await this.#reader.read(at, AFTER_END);
    if (rest.equals(ZEROS.subarray(0, rest.length))) return 'end';
    const fault = `has more bytes after its end mark at byte ${at}, which no program reads: if archives were joined, join them with \`tar --concatenate\`.`;
    return { kind: 'more', at, fault };
  }
}

function cut(at: number, fault: string): TarFault {
  const advice = 'what lies before was read. Copy the archive again.';
  return { kind: 'cut', at, fault: `${fault} (at byte ${at}); ${advice}` };
}

function kindOf(type: string, name: string, { sparse }: Extension): TarMember['kind'] {
  if (type === '5' || ((type === '0' || type === '7') && name.endsWith('/'))) return 'folder';
  if (type === '1' || type === '2') return 'link';
  return (type === '0' || type === '7') && sparse !== true ? 'file' : 'special';
}

/** Bytes of a member with what fills its last block. */
function padded(length: number): number {
  return Math.ceil(length / BLOCK) * BLOCK;
}
