import { type Excerpt, type HeaderReading, isWhole, longerHead, type Wants } from '../excerpt.ts';
import { type Header, MediaError, unreadable } from '../modality.ts';

/** What a RIFF/WAVE header says, and which bytes of the file are samples. */
export interface WavHeader {
  readonly encoding: 'integer' | 'float' | 'A-law' | 'µ-law';
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

type Format = Pick<WavHeader, 'encoding' | 'channels' | 'sampleRate' | 'bytesPerSample'>;

/** Streaming writers never come back to fill in a size: they leave the largest number, or one just below 2³¹. */
const UNFILLED_SIZE = 0x7ffff000;
const FORMAT_CHUNK_BYTES = 16;
const EXTENSIBLE = 0xfffe;
const ENCODINGS: Readonly<Record<number, { encoding: WavHeader['encoding']; bytesPerSample: readonly number[] }>> = {
  1: { encoding: 'integer', bytesPerSample: [1, 2, 3, 4] },
  3: { encoding: 'float', bytesPerSample: [4, 8] },
  6: { encoding: 'A-law', bytesPerSample: [1] },
  7: { encoding: 'µ-law', bytesPerSample: [1] },
};
const OTHER_CODECS: Readonly<Record<number, string>> = {
  2: 'Microsoft ADPCM',
  17: 'IMA ADPCM',
  49: 'GSM 6.10',
  80: 'MPEG layer I or II',
  85: 'MP3',
};

export function readWavHeader(excerpt: Excerpt): HeaderReading {
  const parsed = parseWav(excerpt);
  if ('dataStart' in parsed) {
    const { name } = excerpt;
    const { frames, announcedFrames, channels, sampleRate } = parsed;
    if (announcedFrames === 0) throw new MediaError('empty-item', name, 'holds no samples: replace or delete it.');
    if (frames < announcedFrames) {
      const [there, whole] = [frames, announcedFrames].map((count) => (count / sampleRate).toFixed(2));
      throw unreadable(name, `was cut off (${there} of ${whole} s are there)`);
    }
    return { header: { format: 'wav', channels, sampleRate, seconds: frames / sampleRate } };
  }
  return parsed;
}

/**
 * Walks the chunks up to the samples (Multimedia Programming Interface and Data Specifications 1.0, IBM and Microsoft,
 * 1991; WAVE_FORMAT_EXTENSIBLE: Microsoft, "Multiple channel audio data and WAVE files"; RF64 and BW64: ITU-R BS.2088).
 * The size of the file decides, not the size in the RIFF header, which many writers leave wrong. Samples that begin
 * beyond what the header pass reads leave the duration unknown. Throws {@link MediaError}.
 */
export function parseWav(excerpt: Excerpt): WavHeader | { wants: Wants } | { header: Header } {
  const { head, name } = excerpt;
  if (head.toString('latin1', 0, 4) === 'RIFX') {
    throw new MediaError('unsupported-format', name, 'is big-endian WAV (RIFX), which is not read: convert it to WAV.');
  }
  let format: Format | undefined;
  let longSize: number | undefined;
  for (let position = 12; ; ) {
    const missing = missingBytes(excerpt, position + 8, format);
    if (missing !== undefined) return missing;
    const chunk = head.toString('latin1', position, position + 4);
    const length = head.readUInt32LE(position + 4);
    const start = position + 8;
    if (chunk === 'data') return locateSamples(excerpt, format, start, longSize ?? length);
    if (chunk === 'fmt ' || chunk === 'ds64') {
      const cut = missingBytes(excerpt, start + Math.min(length, 40), format);
      if (cut !== undefined) return cut;
      const content = head.subarray(start, start + length);
      if (chunk === 'fmt ') format = parseFormat(content, name);
      else if (content.length >= 16) longSize = Number(content.readBigUInt64LE(8));
    }
    position = start + length + (length % 2);
  }
}

function missingBytes(
  excerpt: Excerpt,
  end: number,
  format: Format | undefined,
): { wants: Wants } | { header: Header } | undefined {
  if (end <= excerpt.head.length) return undefined;
  if (end > excerpt.size || isWhole(excerpt)) {
    throw unreadable(excerpt.name, 'ends before its samples begin, so it was cut off');
  }
  const known = format && { channels: format.channels, sampleRate: format.sampleRate };
  return longerHead(excerpt, end) ?? { header: { format: 'wav', ...known } };
}

function parseFormat(chunk: Buffer, name: string): Format {
  if (chunk.length < FORMAT_CHUNK_BYTES) throw unreadable(name, 'has a damaged format chunk');
  const tag = chunk.readUInt16LE(0);
  const codec = tag === EXTENSIBLE && chunk.length >= 26 ? chunk.readUInt16LE(24) : tag;
  const known = ENCODINGS[codec];
  if (known === undefined) {
    const codecName = OTHER_CODECS[codec] ?? `format ${codec}`;
    throw new MediaError(
      'unsupported-format',
      name,
      `is WAV coded as ${codecName}, which is not read: convert it to PCM.`,
    );
  }
  const channels = chunk.readUInt16LE(2);
  const sampleRate = chunk.readUInt32LE(4);
  const bytesPerSample = chunk.readUInt16LE(12) / channels;
  if (channels === 0 || sampleRate === 0 || !known.bytesPerSample.includes(bytesPerSample)) {
    const found = `${channels} channels, ${sampleRate} Hz, ${chunk.readUInt16LE(14)} bits`;
    throw unreadable(name, `has a damaged format chunk (${found})`);
  }
  return { encoding: known.encoding, channels, sampleRate, bytesPerSample };
}

function locateSamples(
  { name, size, head }: Excerpt,
  format: Format | undefined,
  dataStart: number,
  length: number,
): WavHeader {
  if (format === undefined) throw unreadable(name, 'has samples but no format chunk before them');
  const available = size - dataStart;
  const riffSize = head.readUInt32LE(4);
  const neverFilledIn =
    (length >= UNFILLED_SIZE && length > available) || (length === 0 && (riffSize === 0 || riffSize >= UNFILLED_SIZE));
  const announced = neverFilledIn ? available : length;
  const frameBytes = format.channels * format.bytesPerSample;
  return {
    ...format,
    dataStart,
    frames: Math.floor(Math.min(available, announced) / frameBytes),
    announcedFrames: Math.floor(announced / frameBytes),
  };
}

/**
 * Samples of each channel in [−1, 1], of the frames `from` to `to`; what is not a number becomes silence. `bytes` starts
 * at the first sample of the file.
 */
export function decodeSamples(bytes: Buffer, header: WavHeader, from = 0, to = header.frames): Float32Array[] {
  const { channels, bytesPerSample } = header;
  const sampleAt = sampleReader(bytes, header);
  return Array.from({ length: channels }, (_, channel) => {
    const samples = new Float32Array(to - from);
    for (let frame = from; frame < to; frame++) {
      const value = sampleAt((frame * channels + channel) * bytesPerSample);
      samples[frame - from] = Number.isNaN(value) ? 0 : Math.max(-1, Math.min(1, value));
    }
    return samples;
  });
}

function sampleReader(bytes: Buffer, { encoding, bytesPerSample }: WavHeader): (offset: number) => number {
  switch (encoding) {
    case 'A-law':
      return (offset) => expandALaw(bytes.readUInt8(offset));
    case 'µ-law':
      return (offset) => expandMuLaw(bytes.readUInt8(offset));
    case 'float':
      return bytesPerSample === 4 ? (offset) => bytes.readFloatLE(offset) : (offset) => bytes.readDoubleLE(offset);
    case 'integer':
      if (bytesPerSample === 1) return (offset) => (bytes.readUInt8(offset) - 128) / 2 ** 7;
      return (offset) => bytes.readIntLE(offset, bytesPerSample) / 2 ** (8 * bytesPerSample - 1);
  }
}

/** ITU-T G.711, table 1a: sign, 3 bits of exponent, 4 of mantissa; even bits inverted. 13 bits, scaled to [−1, 1]. */
function expandALaw(code: number): number {
  const bits = code ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const mantissa = ((bits & 15) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return (bits & 0x80 ? magnitude : -magnitude) / 2 ** 15;
}

/** ITU-T G.711, table 2a: all bits inverted, a bias of 33 on 14 bits. */
function expandMuLaw(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 15) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
  return (bits & 0x80 ? -magnitude : magnitude) / 2 ** 15;
}
