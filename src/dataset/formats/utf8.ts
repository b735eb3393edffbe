import { createReadStream } from 'node:fs';
import * as z from 'zod';
import { errorCode, InputError, throwIfCancelled } from '../../base/errors.ts';
import { encodingOf } from '../../modality/text.ts';

/** What is wrong with text in another encoding, as a sentence that lacks its subject. */
export const NOT_UTF8 =
  'is not UTF-8 text: save the file as UTF-8 (`iconv -f latin1 -t utf-8` converts what Western Windows programs write)';

const CHUNK_BYTES = 1024 * 1024;
const MARK_BYTES = 3;
const Chunk = z.instanceof(Buffer);

/**
 * The bytes of a text file in UTF-8, without a byte-order mark; UTF-16 that has one is converted. Bytes of a file without
 * a mark are given as they are. Throws {@link InputError} when the file cannot be read.
 */
export async function* readUtf8(path: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const chunks = readChunks(path, signal);
  const { value: first = Buffer.alloc(0) } = await chunks.next();
  const encoding = encodingOf(first);
  if (encoding === 'utf-8') {
    yield hasMark(first) ? first.subarray(MARK_BYTES) : first;
    yield* chunks;
    return;
  }
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    yield Buffer.from(decoder.decode(first, { stream: true }));
    for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
    yield Buffer.from(decoder.decode());
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new InputError(`The file ${path} begins as UTF-16 text, but is none. Save it as UTF-8.`, error);
  }
}

/** The first bytes of {@link readUtf8}. */
export async function headInUtf8(path: string, bytes: number): Promise<Buffer> {
  const head: Buffer[] = [];
  let length = 0;
  for await (const chunk of readUtf8(path)) {
    head.push(chunk);
    length += chunk.length;
    if (length >= bytes) break;
  }
  return Buffer.concat(head).subarray(0, bytes);
}

/** True when the bytes of the file are text in UTF-16. */
export async function isUtf16(path: string): Promise<boolean> {
  for await (const first of readChunks(path)) return encodingOf(first) !== 'utf-8';
  return false;
}

function hasMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

async function* readChunks(path: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
      throwIfCancelled(signal);
      yield Chunk.parse(chunk);
    }
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    throw new InputError(`The file ${path} ${reason}. Correct the dataset file.`, error);
  }
}
