import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { errorCode, InputError } from '../../base/errors.ts';

export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** Absent when it is longer than a line may be. */
  readonly text: string | undefined;
  /** False for a last line that no line break ends. */
  readonly ended: boolean;
}

const PIECE_BYTES = 64 * 1024;
const LONGEST_LINE_BYTES = 1024 * 1024;
const LINE_FEED = 10;

/** A link could lead anywhere, and opening a pipe could wait for ever. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** The lines of a file without their line breaks, empty ones left out; none when there is no file. */
export async function* readLines(path: string): AsyncGenerator<Line> {
  const file = await open(path, FLAGS).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new InputError(`${path} cannot be read (${errorCode(error) ?? 'unknown reason'}).`, error);
  });
  if (file === undefined) return;
  try {
    if (!(await file.stat()).isFile()) throw new InputError(`${path} is not a file: move it away.`);
    const pieces = file.createReadStream({ autoClose: false, highWaterMark: PIECE_BYTES });
    yield* splitLines(pieces);
  } finally {
    await file.close();
  }
}

async function* splitLines(pieces: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let bytes = 0;
  let number = 1;
  const take = (ended: boolean): Line[] => {
    const text = bytes > LONGEST_LINE_BYTES ? undefined : Buffer.concat(parts).toString('utf8');
    const line = { number, text, ended };
    parts = [];
    bytes = 0;
    number += 1;
    return text?.trim() === '' ? [] : [line];
  };
  const keep = (part: Buffer): void => {
    bytes += part.length;
    if (bytes <= LONGEST_LINE_BYTES) parts.push(part);
  };
  for await (const piece of pieces) {
    let from = 0;
    for (let to = piece.indexOf(LINE_FEED); to >= 0; to = piece.indexOf(LINE_FEED, from)) {
      keep(piece.subarray(from, to));
      yield* take(true);
      from = to + 1;
    }
    keep(piece.subarray(from));
  }
  if (bytes > 0) yield* take(false);
}
