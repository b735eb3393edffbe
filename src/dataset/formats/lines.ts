import { isUtf8 } from 'node:buffer';
import { InputError } from '../../base/errors.ts';
import { NOT_UTF8, readUtf8 } from './utf8.ts';

/** A line without its end, or why it cannot be read. The first line is 1. */
export type Line = { readonly line: number; readonly text: string } | { readonly line: number; readonly fault: string };

const LINE_FEED = 0x0a;
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/**
 * The lines of a text file in order, without those that are blank. A line that is no UTF-8 or longer than 16 MiB is named
 * instead of lost. Throws {@link InputError} when the file cannot be read.
 */
export async function* readLines(path: string, signal?: AbortSignal): AsyncGenerator<Line> {
  let line = 0;
  let start: Buffer[] = [];
  for await (const chunk of readUtf8(path, signal)) {
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

function* toLine(line: number, start: readonly Buffer[], end: Buffer): Generator<Line> {
  const bytes = start.length === 0 ? end : Buffer.concat([...start, end]);
  if (bytes.length > MAX_LINE_BYTES) yield { line, fault: 'is longer than 16 MiB, so it was not read' };
  else if (!isUtf8(bytes)) yield { line, fault: NOT_UTF8 };
  else {
    const text = bytes.toString('utf8').replace(/\r$/, '');
    if (text.trim() !== '') yield { line, text };
  }
}

function sizeOf(parts: readonly Buffer[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}
