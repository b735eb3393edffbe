import { closeSync, constants, fstatSync, openSync, read, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { ContainerError, explainOpening } from './containerError.ts';

const readLater = promisify(read);

/** Without O_NONBLOCK, opening a named pipe waits until someone writes. */
const OPENING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Bytes that can be read at any place. Whoever opens one closes it. */
export interface Source {
  /** Bytes. */
  readonly size: number;
  /** The bytes [from, from + length); fewer at the end. */
  read(from: number, length: number): Promise<Buffer>;
  close(): void;
}

/**
 * Opens a regular file, or the slice [begin, begin + length) of one. Reads block: media are read in workers, where four
 * round trips to the thread pool would cost more than the reading. Pipes, devices and folders are refused, because
 * reading one may never end. Throws {@link ContainerError}.
 */
export function openFile(path: string, slice?: { readonly begin: number; readonly length: number }): Source {
  const file = new RegularFile(path);
  if (slice === undefined) return file;
  try {
    return { ...sliceOf(file, slice.begin, slice.length), close: () => file.close() };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** The slice [begin, begin + length) of an open file, which stays open. Throws {@link ContainerError}. */
export function sliceOf(file: RegularFile, begin: number, length: number): Source {
  if (begin + length > file.size) {
    const fault = `ends at byte ${file.size}, but byte ${begin + length} was wanted: index again.`;
    throw new ContainerError('unreadable-media', file.path, fault);
  }
  return {
    size: length,
    read: (from, wanted) => file.read(begin + from, Math.max(0, Math.min(wanted, length - from))),
    close: () => {},
  };
}

/** Bytes that are in memory already. */
export function sourceOf(bytes: Buffer): Source {
  return {
    size: bytes.length,
    read: async (from, length) => bytes.subarray(from, from + length),
    close: () => {},
  };
}

/** A regular file that is read synchronously but for {@link RegularFile.fillMeanwhile}. */
export class RegularFile implements Source {
  readonly size: number;
  readonly path: string;
  /** When it was last changed, in milliseconds since 1970. */
  readonly changed: number;
  readonly #descriptor: number;

  constructor(path: string) {
    this.path = path;
    try {
      this.#descriptor = openSync(path, OPENING);
    } catch (error) {
      throw explainOpening(error, path);
    }
    const stats = fstatSync(this.#descriptor);
    this.size = stats.size;
    this.changed = stats.mtimeMs;
    if (stats.isFile()) return;
    this.close();
    throw new ContainerError('unreadable-media', path, 'is not a regular file: it was not read.');
  }

  async read(from: number, length: number): Promise<Buffer> {
    return this.readNow(from, length);
  }

  /** The bytes [from, from + length); fewer at the end. */
  readNow(from: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, this.size - from)));
    return bytes.subarray(0, this.fill(bytes, from));
  }

  /** Fills `bytes` from a place on and returns how many were there. */
  fill(bytes: Buffer, from: number): number {
    let done = 0;
    try {
      while (done < bytes.length) {
        const count = readSync(this.#descriptor, bytes, done, bytes.length - done, from + done);
        if (count === 0) break;
        done += count;
      }
    } catch (error) {
      throw explainOpening(error, this.path);
    }
    return done;
  }

  /** {@link fill}, but nobody waits: for who has something to compute meanwhile. */
  async fillMeanwhile(bytes: Buffer, from: number): Promise<number> {
    let done = 0;
    try {
      while (done < bytes.length) {
        const { bytesRead } = await readLater(this.#descriptor, bytes, done, bytes.length - done, from + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
    } catch (error) {
      throw explainOpening(error, this.path);
    }
    return done;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/**
 * The bytes of a file that is shorter than `into`, which holds them until it is filled again; two calls of the system
 * fewer than {@link openFile}. `undefined` for a longer file, an empty one, and whatever cannot be read so plainly:
 * `openFile` tells what it is.
 */
export function readShortFile(path: string, into: Buffer): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, OPENING);
    const count = readSync(descriptor, into, 0, into.length, 0);
    const isAll =
      count > 0 && count < into.length && readSync(descriptor, into, count, into.length - count, count) === 0;
    return isAll ? into.subarray(0, count) : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
