import { type Media, type MediaError, unreadable } from '../modality.ts';
import { OutOfBits } from './bitReader.ts';
import { type FlacInfo, parseStreamInfo } from './flac.ts';
import { DamagedFrame, decodeFlacFrame } from './flacFrame.ts';
import { tagBytes } from './id3.ts';
import { type Decoded, Recording } from './recording.ts';

/** Decodes FLAC, every frame of which is checked. Throws {@link MediaError}. */
export function decodeFlac(media: Media): Decoded {
  const { name, bytes } = media;
  const start = tagBytes(bytes, 0);
  if (start + 42 > bytes.length) throw unreadable(name, 'ends inside its header, so it was cut off');
  const info = parseStreamInfo(bytes, start, name);
  const recording = new Recording(name, info.sampleRate, media);
  for (let at = startOfFrames(bytes, start + 4); at < bytes.length && !isDone(recording, info); ) {
    at += addFrame(media, at, info, recording);
  }
  if (!isDone(recording, info) && info.frames > 0) throw cutOff(name, info, recording);
  const frames = info.frames || recording.frames;
  const header = {
    format: 'flac',
    channels: info.channels,
    sampleRate: info.sampleRate,
    seconds: frames / info.sampleRate,
  };
  return { header, sampleRate: info.sampleRate, channels: recording.channels() };
}

function isDone(recording: Recording, info: FlacInfo): boolean {
  return recording.isFull || (info.frames > 0 && recording.frames >= info.frames);
}

/** Behind the last metadata block. */
function startOfFrames(bytes: Buffer, firstBlock: number): number {
  let at = firstBlock;
  for (let isLast = false; !isLast && at + 4 <= bytes.length; ) {
    isLast = ((bytes[at] ?? 0) & 0x80) !== 0;
    at += 4 + bytes.readUIntBE(at + 1, 3);
  }
  return at;
}

/** Gives the length of the frame in bytes. */
function addFrame({ name, bytes }: Media, at: number, info: FlacInfo, recording: Recording): number {
  try {
    const frame = decodeFlacFrame(bytes.subarray(at), info);
    if (frame.channels.length !== info.channels) throw new DamagedFrame('a frame has other channels');
    const scale = 2 ** (1 - frame.bitsPerSample);
    recording.add(frame.channels.map((channel) => Float32Array.from(channel, (sample) => sample * scale)));
    return frame.bytes;
  } catch (error) {
    if (error instanceof OutOfBits) throw cutOff(name, info, recording, error);
    if (!(error instanceof DamagedFrame)) throw error;
    const second = (recording.frames / info.sampleRate).toFixed(2);
    throw unreadable(name, `is damaged at second ${second} (${error.message})`, error);
  }
}

function cutOff(name: string, { frames, sampleRate }: FlacInfo, recording: Recording, cause?: unknown): MediaError {
  const there = (recording.frames / sampleRate).toFixed(2);
  const whole = frames > 0 ? ` of ${(frames / sampleRate).toFixed(2)}` : '';
  return unreadable(name, `was cut off (${there}${whole} s are there)`, cause);
}
