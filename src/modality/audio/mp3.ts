import { type Excerpt, type HeaderReading, isWhole, longerHead } from '../excerpt.ts';
import { type Header, type MediaError, unreadable } from '../modality.ts';
import {
  FRAME_HEADER_BYTES,
  findFrame,
  type Mp3Frame,
  type Mp3Info,
  parseFrame,
  parseInfo,
  startOfAudio,
} from './mp3Frame.ts';

/** Room for the first frame and for the start of the second one. */
const FIRST_FRAMES_BYTES = 4096;
/** Encoders do not agree on whether the frame with the counts counts itself. */
const TOLERATED_FRAMES = 2;

/**
 * MP3: format and duration from the first frame and the counts in it. Without counts, from the frames of a small file
 * and from the bit rate of a large one, if that does not change. Cut off when frames or bytes are fewer than counted, or
 * the last frame of a small file is not whole.
 */
export function readMp3Header(excerpt: Excerpt): HeaderReading {
  const { head, name, size } = excerpt;
  const tagged = startOfAudio(head);
  if (tagged >= size) throw unreadable(name, 'holds a tag but no sound, so it was cut off');
  if (!isWhole(excerpt) && tagged + FIRST_FRAMES_BYTES > head.length) {
    return longerHead(excerpt, tagged + FIRST_FRAMES_BYTES) ?? { header: { format: 'mp3' } };
  }
  const start = findFrame(head, tagged, size);
  const frame = start === undefined ? undefined : parseFrame(head, start);
  if (start === undefined || frame === undefined) throw unreadable(name, 'holds no MP3 frames');
  const info = parseInfo(head, start, frame);
  const { channels, sampleRate } = frame;
  const header: Header = { format: 'mp3', channels, sampleRate };
  const seconds = isWhole(excerpt)
    ? secondsOf(scanMp3(head, name), frame)
    : estimateSeconds(excerpt, start, frame, info);
  return { header: seconds === undefined ? header : { ...header, seconds } };
}

/** Where the frames of sound are, and what to leave out of the samples that they give. */
export interface Mp3Scan {
  readonly frame: Mp3Frame;
  /** Positions of the frames of sound in order, without the one that holds the counts. */
  readonly frames: readonly number[];
  readonly info: Mp3Info | undefined;
}

/** Walks all frames of a whole file. Throws {@link MediaError} when it was cut off. */
export function scanMp3(bytes: Buffer, name: string): Mp3Scan {
  const frames: number[] = [];
  let first: Mp3Frame | undefined;
  let end = 0;
  for (let at = findFrame(bytes, startOfAudio(bytes)); at !== undefined; ) {
    const frame = parseFrame(bytes, at);
    if (frame === undefined) {
      if (isTrailer(bytes, at)) break;
      at = findFrame(bytes, at);
      continue;
    }
    first ??= frame;
    end = at + frame.bytes;
    if (end <= bytes.length) frames.push(at);
    at = end;
  }
  const [start] = frames;
  if (first === undefined || start === undefined) throw unreadable(name, 'holds no MP3 frames');
  const info = parseInfo(bytes, start, first);
  const sound = info === undefined ? frames : frames.slice(1);
  refuseCut(name, first, sound.length, info, end > bytes.length);
  return { frame: first, frames: sound, info };
}

/** What stands behind the last frame: ID3v1, APE or Lyrics3 tags, and padding. */
function isTrailer(bytes: Buffer, at: number): boolean {
  if (bytes.length - at < FRAME_HEADER_BYTES) return true;
  return /^(TAG|APETAGEX|LYRICS|ID3|\0\0\0\0)/.test(bytes.toString('latin1', at, at + 8));
}

function refuseCut(name: string, frame: Mp3Frame, found: number, info: Mp3Info | undefined, incomplete: boolean): void {
  if (info === undefined || info.frames === 0) {
    if (incomplete) throw unreadable(name, 'was cut off in the middle of a frame');
  } else if (found < info.frames - TOLERATED_FRAMES) {
    throw cutOff(name, found, info.frames, frame);
  }
}

function cutOff(name: string, found: number, announced: number, { samples, sampleRate }: Mp3Frame): MediaError {
  const [there, whole] = [found, announced].map((frames) => ((frames * samples) / sampleRate).toFixed(2));
  return unreadable(name, `was cut off (${there} of ${whole} s are there)`);
}

/** Seconds without what the encoder added. */
function secondsOf({ frames, info }: Mp3Scan, { samples, sampleRate }: Mp3Frame): number {
  return Math.max(0, frames.length * samples - (info?.delay ?? 0) - (info?.padding ?? 0)) / sampleRate;
}

function estimateSeconds(
  excerpt: Excerpt,
  start: number,
  frame: Mp3Frame,
  info: Mp3Info | undefined,
): number | undefined {
  const { head, name, size } = excerpt;
  const { samples, sampleRate } = frame;
  const available = size - start;
  if (info !== undefined && info.frames > 0) {
    const missing = info.bytes - available;
    if (missing > TOLERATED_FRAMES * frame.bytes) {
      throw cutOff(name, Math.floor((info.frames * available) / info.bytes), info.frames, frame);
    }
    return Math.max(0, info.frames * samples - info.delay - info.padding) / sampleRate;
  }
  for (let at = start; at + FRAME_HEADER_BYTES <= head.length; ) {
    const next = parseFrame(head, at);
    if (next?.bitrate !== frame.bitrate) return undefined;
    at += next.bytes;
  }
  return available / ((frame.bitrate * 1000) / 8);
}
