import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, explainFileError, InputError } from '../../base/errors.ts';
import type { Dataset } from '../config.ts';
import { readLines } from '../formats/lines.ts';
import { DecisionRecord } from './record.ts';

/** A line of the file: a record, or why it is none, as a clause. */
export type ReadLine = { readonly line: number } & ({ readonly record: DecisionRecord } | { readonly fault: string });

/** Opens for reading too, because the last byte is looked at. A link could lead anywhere: it is not followed. */
const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);

/** Records are written this many bytes at once, always as whole lines. */
const PIECE_BYTES = 1024 * 1024;

/** Where the decisions about a dataset stand: beside its file, to be put under version control. */
export function exclusionsFile(dataset: Dataset): string {
  return join(dataset.workspace, `${dataset.name}.exclusions.jsonl`);
}

/** Every line with its record, or with what is wrong with it. Nothing when there is no such file. */
export async function* readRecords(path: string): AsyncGenerator<ReadLine> {
  if (!(await isThere(path))) return;
  for await (const read of readLines(path)) {
    const { line } = read;
    yield 'fault' in read ? { line, fault: read.fault } : { line, ...parse(read.text) };
  }
}

/**
 * Adds records at the end and returns when they are on the disk. Two processes may do so at once: each write appends
 * whole lines. When the last line was torn by a crash, the first record starts a line of its own.
 */
export async function appendRecords(path: string, records: readonly DecisionRecord[]): Promise<void> {
  const file = await open(path, FLAGS, 0o644).catch((error: unknown) => {
    if (errorCode(error) !== 'ELOOP') throw explainFileError(error, path);
    throw new InputError(`${path} is a link, which is not followed. Put the file itself there.`, error);
  });
  try {
    let lines = (await endsInLineBreak(file)) ? '' : '\n';
    for (const record of records) {
      lines += `${JSON.stringify(record)}\n`;
      if (lines.length < PIECE_BYTES) continue;
      await append(file, lines);
      lines = '';
    }
    await append(file, lines);
    await file.sync();
  } catch (error) {
    throw explainFileError(error, path);
  } finally {
    await file.close();
  }
}

/** SHA-256 of all records, in hexadecimal digits. */
export async function digestOfRecords(path: string): Promise<string> {
  return createHash('sha256')
    .update((await isThere(path)) ? await readFile(path) : '')
    .digest('hex');
}

/** Throws {@link InputError} for a link, which could lead anywhere, and for what is no file. */
async function isThere(path: string): Promise<boolean> {
  try {
    if ((await lstat(path)).isFile()) return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
  throw new InputError(`${path} is a link or no file at all. Put the file itself there, or move it away.`);
}

function parse(text: string): { record: DecisionRecord } | { fault: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { fault: 'is not JSON, or not all of it was written' };
  }
  const parsed = DecisionRecord.safeParse(value);
  return parsed.success ? { record: parsed.data } : { fault: 'is not a decision that this version of PairLab knows' };
}

async function endsInLineBreak(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString('latin1') === '\n';
}

async function append(file: FileHandle, lines: string): Promise<void> {
  const bytes = Buffer.from(lines);
  // One call writes all of it, so that lines of two processes never mix; a full disk makes it write less, then fail.
  for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done)).bytesWritten;
}
