import * as yauzl from 'yauzl';
import { breathe } from '../base/concurrency.ts';
import { ContainerError, decoding } from './containerError.ts';
import { growsTooMuch, InflatingReader, TOO_MUCH_GROWTH } from './inflating.ts';
import { openFile, RegularFile, type Source } from './source.ts';
import { WindowReader } from './window.ts';

/** A member of a .zip archive. Links are named, never followed. */
export interface ZipMember {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'special';
  /** Bytes when inflated, as the archive says. */
  readonly length: number;
}

interface Entry extends ZipMember {
  /** Bytes in the archive. */
  readonly packed: number;
  readonly method: number;
  /** Place of its own header in the archive. */
  readonly header: number;
}

interface Directory {
  readonly changed: number;
  readonly entries: ReadonlyMap<string, Entry>;
}

const STORED = 0;
const DEFLATED = 8;
const HEADER_BYTES = 30;
const SYMBOLIC_LINK = 0o120000;
const FORMAT_BITS = 0o170000;
const ENTRIES_BETWEEN_BREATHS = 4096;
/** Archives with more members are not listed. */
const MAX_MEMBERS = 5_000_000;
const MAX_OPEN = 2;
/** Bytes of a member that stay after they were inflated. */
const KEPT_BYTES = 64 * 1024 * 1024;

const directories = new Map<string, Directory>();

/** True for the names of zip archives. */
export function isZip(path: string): boolean {
  return /\.(zip|npz)$/i.test(path);
}

/** The members of an archive, from its directory: nothing is inflated. Throws {@link ContainerError}. */
export async function listZip(path: string): Promise<ZipMember[]> {
  const file = new RegularFile(path);
  try {
    return [...(await directoryOf(file)).entries.values()];
  } finally {
    file.close();
  }
}

/**
 * Opens a member; a compressed one is inflated as far as it is read. Throws {@link ContainerError}, also for one that would
 * grow as only what is meant to do harm does: nothing of it is inflated.
 */
export async function openZipMember(path: string, member: string): Promise<Source> {
  const file = new RegularFile(path);
  try {
    const entry = (await directoryOf(file)).entries.get(member);
    if (entry === undefined) throw new ContainerError('missing-file', path, `has no member ${member}: index again.`);
    const begin = dataOf(file, entry);
    const { length, packed } = entry;
    if (entry.method === STORED) return openFile(path, { begin, length });
    if (!growsTooMuch(packed, length)) return inflatedSource(path, entry, begin);
    throw new ContainerError('too-large', path, `has a member ${member} that ${TOO_MUCH_GROWTH}: it was not read.`);
  } finally {
    file.close();
  }
}

async function directoryOf(file: RegularFile): Promise<Directory> {
  const known = directories.get(file.path);
  directories.delete(file.path);
  const directory =
    known?.changed === file.changed ? known : { changed: file.changed, entries: await readEntries(file.path) };
  directories.set(file.path, directory);
  for (const path of directories.keys()) {
    if (directories.size <= MAX_OPEN) break;
    directories.delete(path);
  }
  return directory;
}

async function readEntries(path: string): Promise<Map<string, Entry>> {
  return await decoding(path, async () => {
    const entries = new Map<string, Entry>();
    const reader = new DirectoryReader(path);
    try {
      const options = { lazyEntries: true, autoClose: false, decodeStrings: false };
      const zip = await yauzl.fromRandomAccessReaderPromise(reader, reader.size, options);
      for await (const entry of zip.eachEntry()) {
        const found = entryOf(entry);
        entries.set(found.name, found);
        if (entries.size > MAX_MEMBERS) throw new Error(`it has more than ${MAX_MEMBERS} members`);
        if (entries.size % ENTRIES_BETWEEN_BREATHS === 0) await breathe();
      }
    } finally {
      reader.end();
    }
    return entries;
  });
}

/** Reads many entries of a directory at once; yauzl by itself asks the disk for each, which takes ten times as long. */
class DirectoryReader extends yauzl.RandomAccessReader {
  readonly #window: WindowReader;

  constructor(path: string) {
    super();
    this.#window = new WindowReader(path);
  }

  get size(): number {
    return this.#window.size;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    callback(this.#fill(buffer.subarray(offset, offset + length), position));
  }

  end(): void {
    this.#window.close();
  }

  #fill(buffer: Buffer, position: number): Error | null {
    try {
      const read = this.#window.read(position, buffer.length).copy(buffer);
      return read < buffer.length ? new Error('it ends too early') : null;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}

function entryOf(entry: yauzl.Entry): Entry {
  const { generalPurposeBitFlag, fileNameRaw, extraFields, compressionMethod } = entry;
  // Names are keys only: nothing is ever written to where they lead.
  const name = yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
  const mode = entry.externalFileAttributes >>> 16;
  const isReadable = (compressionMethod === STORED || compressionMethod === DEFLATED) && !entry.isEncrypted();
  const kind = name.endsWith('/')
    ? 'folder'
    : (mode & FORMAT_BITS) === SYMBOLIC_LINK
      ? 'link'
      : isReadable
        ? 'file'
        : 'special';
  return {
    name,
    kind,
    length: entry.uncompressedSize,
    packed: entry.compressedSize,
    method: compressionMethod,
    header: entry.relativeOffsetOfLocalHeader,
  };
}

/** Where the bytes of a member begin: its own header may be longer than its copy in the directory. */
function dataOf(file: RegularFile, { header, name, kind, packed, length, method }: Entry): number {
  if (kind !== 'file') {
    throw new ContainerError(
      'unreadable-media',
      file.path,
      `has ${name} only as a link, encrypted or packed strangely.`,
    );
  }
  const bytes = file.readNow(header, HEADER_BYTES);
  const begin =
    bytes.length < HEADER_BYTES ? file.size : header + HEADER_BYTES + bytes.readUInt16LE(26) + bytes.readUInt16LE(28);
  if (begin + packed <= file.size && (method !== STORED || packed === length)) return begin;
  throw new ContainerError('broken-archive', file.path, `is damaged: ${name} ends behind its end. Copy it again.`);
}

/** Reads forward without inflating anything twice; going back further than is kept begins anew. */
function inflatedSource(path: string, { name, length, packed }: Entry, begin: number): Source {
  const open = () => new InflatingReader({ path, format: 'deflate', begin, length: packed }, KEPT_BYTES);
  let reader = open();
  return {
    size: length,
    read: async (from, wanted) => {
      if (from < reader.begin) {
        reader.close();
        reader = open();
      }
      const count = Math.max(0, Math.min(wanted, length - from));
      const bytes = await reader.read(from, count);
      if (bytes.length === count) return Buffer.from(bytes);
      const fault = `${reader.fault ?? 'holds less than it says'} in its member ${name}: copy it again.`;
      throw new ContainerError('broken-archive', path, fault);
    },
    close: () => reader.close(),
  };
}
