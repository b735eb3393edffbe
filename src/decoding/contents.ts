import * as z from 'zod';
import { PairLabError } from '../base/errors.ts';
import { ContainerError } from '../container/containerError.ts';
import type { Location } from '../container/location.ts';
import type { Features } from '../modality/features.ts';
import { type Header, MediaError } from '../modality/modality.ts';
import type { Modality, ProblemKind } from '../protocol.ts';

/** An item to read. */
export interface Reading {
  readonly modality: Modality;
  readonly location: Location;
  /** Also hash all bytes of an item that is larger than {@link WHOLE_BYTES}. */
  readonly whole?: boolean;
}

/** A reading on its way to the thread that does it, as JSON. */
export interface NumberedReading extends Reading {
  readonly number: number;
}

/** What the header pass tells of a reading: its number, and its {@link Content}, flat. */
export const HEADER_CELLS = [
  'number',
  'bytes',
  'sha256',
  'fingerprint',
  'format',
  'width',
  'height',
  'channels',
  'sampleRate',
  'seconds',
  'characters',
  'problem',
  'fault',
] as const satisfies ('number' | Exclude<keyof Content, 'header' | 'features'> | keyof Header)[];

/** What reading an item gave. What cannot be read is a content too: it has a problem. */
export interface Content {
  /** Size; 0 when the bytes cannot be had. */
  readonly bytes: number;
  /** SHA-256 of all bytes, hexadecimal: of an item of at most {@link WHOLE_BYTES}, and where it was asked for. */
  readonly sha256?: string;
  /** Of an item larger than that: SHA-256 of its size, its first 64 KiB and its last 64 KiB, hexadecimal. */
  readonly fingerprint?: string;
  readonly header: Header;
  /** Present when the item was decoded as a whole. */
  readonly features?: Features;
  /** Why the item cannot be used: a kind, and a sentence that lacks its subject. */
  readonly problem?: ProblemKind;
  readonly fault?: string;
}

/** Bytes up to which an item is hashed as a whole: 1 MiB. */
export const WHOLE_BYTES = 1024 * 1024;

/** Why an item cannot be used, as it crosses between processes. */
export const Fault = z.object({
  problem: z.enum([
    'unreadable-media',
    'empty-item',
    'too-large',
    'unsupported-format',
    'missing-file',
    'broken-archive',
  ]),
  /** A sentence that lacks its subject, the item. */
  fault: z.string(),
});
export type Fault = z.infer<typeof Fault>;

/**
 * The fault of an item that made its reader throw. Anything but an error of ours comes from bytes that the author of a
 * decoder did not think of. What the machine refused is no fault of the item and is thrown again.
 */
export function faultOf(thrown: unknown): Fault {
  if (thrown instanceof MediaError || thrown instanceof ContainerError) {
    return { problem: thrown.problem, fault: thrown.fault };
  }
  if (thrown instanceof PairLabError) throw thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return { problem: 'unreadable-media', fault: `cannot be decoded (${reason}): replace or delete it.` };
}

/** The fault as an error whose sentence names the item. */
export function errorOf({ problem, fault }: Fault, { path, member, row }: Location): MediaError | ContainerError {
  const part = member ?? row;
  const place = part === undefined ? path : `${path}#${part}`;
  return problem === 'broken-archive'
    ? new ContainerError(problem, place, fault)
    : new MediaError(problem, place, fault);
}
