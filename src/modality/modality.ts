import { InputError } from '../base/errors.ts';
import type { Modality, ProblemKind } from '../protocol.ts';
import { promisedFormat } from './formats.ts';

/** What the header of an item tells. Pixels as shown, hertz, seconds, Unicode code points. */
export interface Header {
  /** What the bytes are, whatever the name says: `extensionFits` compares the two. */
  readonly format?: string;
  readonly width?: number;
  readonly height?: number;
  readonly channels?: number;
  readonly sampleRate?: number;
  readonly seconds?: number;
  readonly characters?: number;
}

/** All bytes of an item. */
export interface Media {
  /** File name or member name: for its extension, and for sentences. */
  readonly name: string;
  readonly bytes: Buffer;
  /** Seconds: of a sound, only this part. */
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

type MediaProblemKind = Extract<
  ProblemKind,
  'unreadable-media' | 'empty-item' | 'too-large' | 'unsupported-format' | 'missing-file'
>;

/** A media file that cannot be used. The kind becomes the kind of the problem at indexing. */
export class MediaError extends InputError {
  readonly problem: MediaProblemKind;
  /** What is wrong and what to do, as a sentence that lacks its subject, the file: "is empty: …". */
  readonly fault: string;

  constructor(problem: MediaProblemKind, path: string, fault: string, cause?: unknown) {
    super(`${path} ${fault}`, cause);
    this.problem = problem;
    this.fault = fault;
  }
}

/** Bytes that are not what they should be: damaged, cut off, or something else. `what` lacks its subject. */
export function unreadable(name: string, what: string, cause?: unknown): MediaError {
  return new MediaError('unreadable-media', name, `${what}: replace or delete it.`, cause);
}

/** True when the bytes are UTF-8 text, or begin with the mark of UTF-16: what a broken download leaves in place of a picture or a sound. */
export function looksLikeText(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, 1024);
  if ((start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff)) return true;
  if (start.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** What a file name promises. */
export interface MediaType {
  readonly modality: Modality;
  /** False for a media format that PairLab knows by name but cannot decode. */
  readonly readable: boolean;
}

/** The media type that a file name promises, by its last extension in any case; `undefined` for anything else. */
export function mediaTypeOf(path: string): MediaType | undefined {
  return promisedFormat(path);
}
