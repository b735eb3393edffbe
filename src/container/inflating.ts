import { createReadStream, type ReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip, createInflateRaw, type Gunzip, type InflateRaw } from 'node:zlib';
import { errorCode } from '../base/errors.ts';
import { RegularFile } from './source.ts';

/** Reads forward: a place too far before the last one cannot be read any more. */
export interface ForwardReader {
  /** How many bytes there are, once that is known. */
  readonly size: number | undefined;
  /** Why there are no more bytes, when that is not simply the end: a sentence that lacks its subject. */
  readonly fault: string | undefined;
  /** The bytes [from, from + length), fewer at the end; good until the next read. */
  read(from: number, length: number): Buffer | Promise<Buffer>;
  close(): void;
}

/** What grows beyond this is inflated only while it is no more than {@link MAX_RATIO} times as large as it was packed. */
const FREE_BYTES = 64 * 1024 * 1024;
/** Media hardly shrink; only an archive that is meant to fill the disk or the memory grows so much. */
const MAX_RATIO = 200;
const PIECE_BYTES = 256 * 1024;

/** What is wrong with such bytes, as a sentence that lacks its subject. */
export const TOO_MUCH_GROWTH = `expands to more than ${MAX_RATIO} times its size, as archives that are meant to do harm do`;

/** True for bytes that grow as only what is meant to do harm does. @param size after inflating */
export function growsTooMuch(packed: number, size: number): boolean {
  return size < 0 || size > limitOf(packed);
}

/** Throws for bytes of which {@link growsTooMuch} is true. */
export function checkGrowth(packed: number, size: number): void {
  if (growsTooMuch(packed, size)) throw new RangeError(`it ${TOO_MUCH_GROWTH}`);
}

function limitOf(packed: number): number {
  return Math.max(FREE_BYTES, MAX_RATIO * packed);
}

/** Compressed bytes: a whole gzipped file, or a slice of a file that holds a bare DEFLATE stream. */
export type Packed =
  | { readonly path: string; readonly format: 'gzip' }
  | { readonly path: string; readonly format: 'deflate'; readonly begin: number; readonly length: number };

/** Inflates from the start on. */
export class InflatingReader implements ForwardReader {
  size: number | undefined;
  fault: string | undefined;
  readonly #limit: number;
  readonly #keep: number;
  readonly #stream: Gunzip | InflateRaw;
  readonly #pieces: AsyncIterator<Buffer>;
  /** What was inflated last: the bytes [begin, end). */
  #recent: Buffer[] = [];
  #begin = 0;
  #end = 0;

  /** `keep`: how many bytes before the last place stay readable. Throws {@link ContainerError}. */
  constructor(packed: Packed, keep = 0) {
    this.#limit = limitOf(sizeOfPacked(packed));
    this.#keep = keep;
    this.#stream = pipeline(openPacked(packed), inflaterOf(packed), () => {
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
      this.fault = TOO_MUCH_GROWTH;
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

function sizeOfPacked(packed: Packed): number {
  if (packed.format === 'deflate') return packed.length;
  const file = new RegularFile(packed.path);
  file.close();
  return file.size;
}

function openPacked(packed: Packed): ReadStream {
  if (packed.format === 'gzip') return createReadStream(packed.path);
  const { path, begin, length } = packed;
  return createReadStream(path, { start: begin, end: begin + length - 1 });
}

function inflaterOf({ format }: Packed): Gunzip | InflateRaw {
  const options = { chunkSize: PIECE_BYTES };
  return format === 'gzip' ? createGunzip(options) : createInflateRaw(options);
}
