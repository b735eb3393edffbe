import type { FileHandle } from 'node:fs/promises';

/** What a RIFF/WAVE header says, and which bytes of the file are samples. */
export interface WavHeader {
  readonly encoding: 'integer' | 'float';
  readonly channels: number;
  /** Hertz. */
  readonly sampleRate: number;
  /** Of one sample of one channel. */
  readonly bytesPerSample: number;
  readonly dataStart: number;
  /** Frames (one sample of every channel) that are in the file. */
  readonly frames: number;
  /** Frames that the header announces; more than `frames` when the file was cut off. */
  readonly announcedFrames: number;
}

/** Why a file is no WAV that can be read. */
export class WavError extends Error {
  readonly problem: 'unreadable-media' | 'unsupported-format';

  constructor(problem: 'unreadable-media' | 'unsupported-format', fault: string) {
    super(fault);
    this.problem = problem;
  }
}

/** Size of a chunk that a streaming writer never came back to fill in. */
const UNKNOWN_SIZE = 0xffffffff;
const FORMAT_CHUNK_BYTES = 40;
const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
const CODECS: Readonly<Record<number, string>> = {
  2: 'Microsoft ADPCM',
  6: 'A-law',
  7: 'µ-law',
  17: 'IMA ADPCM',
  49: 'GSM 6.10',
  85: 'MP3',
};

/**
 * Walks the chunks up to the samples (Multimedia Programming Interface and Data Specifications 1.0, IBM and Microsoft,
 * 1991; WAVE_FORMAT_EXTENSIBLE: Microsoft, "Multiple channel audio data and WAVE files"). The size of the file decides,
 * not the size in the RIFF header, which many writers leave wrong. Throws {@link WavError}.
 */
export async function readWavHeader(file: FileHandle): Promise<WavHeader> {
  const { size } = await file.stat();
  const riff = await read(file, 0, 12);
  const name = ascii(riff, 0);
  if (name === 'RF64' || name === 'RIFX' || name === 'BW64') {
    throw new WavError('unsupported-format', `is a ${name} file, which is not read yet: convert it to WAV.`);
  }
  if (name !== 'RIFF' || ascii(riff, 8) !== 'WAVE') throw new WavError('unreadable-media', 'is not a WAV file');
  let format: Format | undefined;
  for (let position = 12; position + 8 <= size; ) {
    const chunk = await read(file, position, 8);
    const length = chunk.getUint32(4, true);
    const start = position + 8;
    if (ascii(chunk, 0) === 'fmt ') format = parseFormat(await read(file, start, Math.min(length, FORMAT_CHUNK_BYTES)));
    if (ascii(chunk, 0) === 'data') return locateSamples(format, start, length, size, riff.getUint32(4, true));
    position = start + length + (length % 2);
  }
  throw new WavError('unreadable-media', 'ends before its samples begin, so it was cut off');
}

type Format = Pick<WavHeader, 'encoding' | 'channels' | 'sampleRate' | 'bytesPerSample'>;

function parseFormat(chunk: DataView): Format {
  if (chunk.byteLength < 16) throw new WavError('unreadable-media', 'has a damaged format chunk');
  const tag = chunk.getUint16(0, true);
  const codec = tag === EXTENSIBLE && chunk.byteLength >= 26 ? chunk.getUint16(24, true) : tag;
  if (codec !== PCM && codec !== FLOAT) {
    throw new WavError('unsupported-format', `is coded as ${CODECS[codec] ?? `format ${codec}`}: convert it to PCM.`);
  }
  const channels = chunk.getUint16(2, true);
  const sampleRate = chunk.getUint32(4, true);
  const bytesPerSample = chunk.getUint16(12, true) / channels;
  const possible = codec === PCM ? [1, 2, 3, 4] : [4, 8];
  if (channels === 0 || sampleRate === 0 || !possible.includes(bytesPerSample)) {
    const found = `${channels} channels, ${sampleRate} Hz, ${chunk.getUint16(14, true)} bits`;
    throw new WavError('unreadable-media', `has a damaged format chunk (${found})`);
  }
  return { encoding: codec === PCM ? 'integer' : 'float', channels, sampleRate, bytesPerSample };
}

function locateSamples(
  format: Format | undefined,
  dataStart: number,
  length: number,
  fileSize: number,
  riffSize: number,
): WavHeader {
  if (format === undefined) throw new WavError('unreadable-media', 'has samples but no format chunk before them');
  const available = fileSize - dataStart;
  const neverFilledIn = length === UNKNOWN_SIZE || (length === 0 && (riffSize === 0 || riffSize === UNKNOWN_SIZE));
  const announced = neverFilledIn ? available : length;
  const frameBytes = format.channels * format.bytesPerSample;
  return {
    ...format,
    dataStart,
    frames: Math.floor(Math.min(available, announced) / frameBytes),
    announcedFrames: Math.floor(announced / frameBytes),
  };
}

/** Samples of each channel in [−1, 1]; what is not a number becomes silence. `bytes` starts at the first sample. */
export function decodeSamples(bytes: Uint8Array, header: WavHeader): Float32Array[] {
  const { channels, frames, bytesPerSample } = header;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sampleAt = sampleReader(view, header);
  return Array.from({ length: channels }, (_, channel) => {
    const samples = new Float32Array(frames);
    for (let frame = 0; frame < frames; frame++) {
      const value = sampleAt((frame * channels + channel) * bytesPerSample);
      samples[frame] = Number.isNaN(value) ? 0 : Math.max(-1, Math.min(1, value));
    }
    return samples;
  });
}

function sampleReader(view: DataView, { encoding, bytesPerSample }: WavHeader): (offset: number) => number {
  if (encoding === 'float') {
    return bytesPerSample === 4 ? (offset) => view.getFloat32(offset, true) : (offset) => view.getFloat64(offset, true);
  }
  switch (bytesPerSample) {
    case 1:
      return (offset) => (view.getUint8(offset) - 128) / 2 ** 7;
    case 2:
      return (offset) => view.getInt16(offset, true) / 2 ** 15;
    case 3:
      return (offset) => (view.getUint16(offset, true) + view.getInt8(offset + 2) * 2 ** 16) / 2 ** 23;
    default:
      return (offset) => view.getInt32(offset, true) / 2 ** 31;
  }
}

/** Up to `length` bytes; fewer at the end of the file, but never less than asked for a header. */
async function read(file: FileHandle, position: number, length: number): Promise<DataView> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await file.read(bytes, 0, length, position);
  if (bytesRead < length) throw new WavError('unreadable-media', 'ends inside its header, so it was cut off');
  return new DataView(bytes.buffer);
}

function ascii(view: DataView, offset: number): string {
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + offset, 4));
}
