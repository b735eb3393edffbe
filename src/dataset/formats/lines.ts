import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import * as z from 'zod';
import { errorCode, InputError, throwIfCancelled } from '../../base/errors.ts';

/** A line without its end, or why it cannot be read. The first line is 1. */
export type Line = { readonly line: number; readonly text: string } | { readonly line: number; readonly fault: string };

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = '\uFEFF';
const MAX_LINE_BYTES = 16 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;
const Chunk = z.instanceof(Buffer);

/**
 * The lines of a UTF-8 file in order, without those that are blank. A line that is no UTF-8 or longer than 16 MiB is named
 * instead of lost. Throws {@link InputError} when the file cannot be read.
 */
export async function* readLines(path: string, signal?: AbortSignal): AsyncGenerator<Line> {
  let line = 0;
  let start: Buffer[] = [];
  for await (const chunk of readChunks(path, signal)) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      yield* toLine(++line, start, chunk.subarray(from, end));
      start = [];
      from = end + 1;
    }
    if (sizeOf(start) <= MAX_LINE_BYTES) start.push(chunk.subarray(from));
  }
  yield* toLine(++line, start, Buffer.alloc(0));
}

/** The first lines that can be read; none when the file cannot. */
export async function headOf(path: string, count: number): Promise<string[]> {
  const head: string[] = [];
  try {
    for await (const line of readLines(path)) {
      if ('text' in line) head.push(line.text);
      if (head.length === count) break;
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  return head;
}

/** The bytes of a file as they are read. Throws {@link InputError} when the file cannot be read. */
export async function* readChunks(path: string, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
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

function* toLine(line: number, start: readonly Buffer[], end: Buffer): Generator<Line> {
  const bytes = start.length === 0 ? end : Buffer.concat([...start, end]);
  if (bytes.length > MAX_LINE_BYTES) yield { line, fault: 'is longer than 16 MiB, so it was not read' };
  else if (!isUtf8(bytes)) yield { line, fault: 'is not UTF-8 text: save the file as UTF-8' };
  else {
    const text = bytes.toString('utf8').replace(/\r$/, '');
    const marked = line === 1 && text.startsWith(BYTE_ORDER_MARK);
    if (text.trim() !== '') yield { line, text: marked ? text.slice(1) : text };
  }
}

function sizeOf(parts: readonly Buffer[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}
