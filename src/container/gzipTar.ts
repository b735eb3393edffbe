import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { errorCode } from '../base/errors.ts';
import { ContainerError } from './containerError.ts';
import { RegularFile, type Source } from './source.ts';

/** Reads forward: no place lies before the last one. */
export interface ForwardReader {
  /** How many bytes there are, once that is known. */
  readonly size: number | undefined;
  /** Why there are no more bytes, when that is not simply the end: a sentence that lacks its subject. */
  readonly fault: string | undefined;
  /** The bytes [from, from + length), fewer at the end; good until the next read. */
  read(from: number, length: number): Buffer | Promise<Buffer>;
  close(): void;
}

/** An archive that grows beyond this is inflated only while it is no more than {@link MAX_RATIO} times its file. */
const FREE_BYTES = 64 * 1024 * 1024;
/** Media hardly shrink; only an archive that is meant to fill the disk or the memory grows so much. */
const MAX_RATIO = 200;
/** Bytes that stay after they were read, so that the items of a pair can be read in any order. */
const KEPT_BYTES = 8 * 1024 * 1024;
const MAX_OPEN = 2;
const PIECE_BYTES = 256 * 1024;

/** True for the names of gzipped tar archives. */
export function isGzip(path: string): boolean {
  return /\.(tar\.gz|tgz)$/i.test(path);
}

/** Inflates a gzipped file from its start on. */
export class GunzipReader implements ForwardReader {
  size: number | undefined;
  fault: string | undefined;
  readonly #limit: number;
  readonly #keep: number;
  readonly #stream: Gunzip;
  readonly #pieces: AsyncIterator<Buffer>;
  /** What was inflated last: the bytes [begin, end). */
  #recent: Buffer[] = [];
  #begin = 0;
  #end = 0;

  /** `keep`: how many bytes before the last place stay readable. Throws {@link ContainerError}. */
  constructor(path: string, keep = 0) {
    const file = new RegularFile(path);
    file.close();
    this.#limit = Math.max(FREE_BYTES, MAX_RATIO * file.size);
    this.#keep = keep;
    this.#stream = pipeline(createReadStream(path), createGunzip({ chunkSize: PIECE_BYTES }), () => {
      // Failures reach the iterator.
    });
    this.#pieces = this.#stream[Symbol.asyncIterator]();
  }

  /** The first byte that can still be read. */
  get begin(): number {
    return this.#begin;
  }

  read(from: number, length: number): Buffer | Promise<Buffer> {
    if (from + length <= this.#end) return this.#slice(from, length);
    return this.#inflateTo(from, from + length).then(() => this.#slice(from, length));
  }

  close(): void {
    this.#stream.destroy();
  }

  async #inflateTo(from: number, end: number): Promise<void> {
    while (this.#end < end && this.size === undefined) {
      const piece = await this.#nextPiece();
      if (piece === undefined) {
        this.size = this.#end;
        return;
      }
      this.#recent.push(piece);
      this.#end += piece.length;
      this.#forgetBefore(from - this.#keep);
    }
  }

  async #nextPiece(): Promise<Buffer | undefined> {
    if (this.#end > this.#limit) {
      this.fault = `expands to more than ${MAX_RATIO} times its size, as archives that are meant to do harm do`;
      return undefined;
    }
    try {
      const { done, value } = await this.#pieces.next();
      return done === true ? undefined : value;
    } catch (error) {
      const isCut = errorCode(error) === 'Z_BUF_ERROR';
      this.fault = isCut ? 'ends in the midst of its compressed data' : 'holds compressed data that are damaged';
      return undefined;
    }
  }

  #forgetBefore(place: number): void {
    for (let first = this.#recent[0]; first !== undefined && this.#begin + first.length <= place; ) {
      this.#begin += first.length;
      this.#recent.shift();
      first = this.#recent[0];
    }
  }

  #slice(from: number, length: number): Buffer {
    const pieces: Buffer[] = [];
    let begin = this.#begin;
    for (const piece of this.#recent) {
      if (begin + piece.length > from && begin < from + length) {
        pieces.push(piece.subarray(Math.max(0, from - begin), from + length - begin));
      }
      begin += piece.length;
    }
    const [only, another] = pieces;
    return only !== undefined && another === undefined ? only : Buffer.concat(pieces);
  }
}

/** An archive that items are being read from: where its inflation stands. */
interface Cursor {
  readonly changed: number;
  reader: GunzipReader;
  /** Ends with the read that is going on: one stream serves one read at a time. */
  turn: Promise<unknown>;
}

/** The archives read last, the latest one last. */
const cursors = new Map<string, Cursor>();

/**
 * The slice [begin, begin + length) of what a gzipped archive inflates to. Reading forward continues where the last read
 * of the archive ended; reading back further than 8 MiB inflates it again from its start. Throws {@link ContainerError}.
 */
export function openGzipSlice(path: string, begin: number, length: number): Source {
  return {
    size: length,
    read: async (from, wanted) => {
      const bytes = await readInflated(path, begin + from, Math.max(0, Math.min(wanted, length - from)));
      return Buffer.from(bytes);
    },
    close: () => {},
  };
}

async function readInflated(path: string, from: number, length: number): Promise<Buffer> {
  const cursor = cursorOf(path);
  const read = cursor.turn.then(async () => {
    if (from < cursor.reader.begin) {
      cursor.reader.close();
      cursor.reader = new GunzipReader(path, KEPT_BYTES);
    }
    const bytes = await cursor.reader.read(from, length);
    if (bytes.length === length) return bytes;
    const fault = `${cursor.reader.fault ?? 'is shorter than when it was indexed'}: copy it again, then index again.`;
    throw new ContainerError('broken-archive', path, fault);
  });
  cursor.turn = read.catch(() => {});
  return await read;
}

function cursorOf(path: string): Cursor {
  const { changed } = statOf(path);
  const known = cursors.get(path);
  cursors.delete(path);
  const cursor =
    known?.changed === changed
      ? known
      : { changed, reader: new GunzipReader(path, KEPT_BYTES), turn: Promise.resolve() };
  if (known !== cursor) known?.reader.close();
  cursors.set(path, cursor);
  for (const [other, { reader }] of cursors) {
    if (cursors.size <= MAX_OPEN) break;
    cursors.delete(other);
    reader.close();
  }
  return cursor;
}

function statOf(path: string): RegularFile {
  const file = new RegularFile(path);
  file.close();
  return file;
}
