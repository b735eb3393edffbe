/** Sounds made byte by byte, and what is wrong with them. */

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export interface WavOptions {
  /** The data, as it lies in the file. */
  readonly data?: Buffer;
  readonly tag?: number;
  readonly bits?: number;
  readonly channels?: number;
  readonly extensible?: boolean;
  /** Before the samples. */
  readonly chunk?: Buffer;
  /** What the header says instead of the truth. */
  readonly dataSize?: number;
  readonly riffSize?: number;
  readonly signature?: string;
}

/** 8 kHz; 16-bit PCM in mono, unless told otherwise. */
export function wav(options: WavOptions = {}): Buffer {
  const { data = Buffer.from(Int16Array.of(0, 1000, -1000, 500).buffer), tag = 1, channels = 1 } = options;
  const { bits = tag === 3 ? 32 : 16, extensible = false, signature = 'RIFF' } = options;
  const format = Buffer.alloc(extensible ? 40 : 16);
  format.writeUInt16LE(extensible ? 0xfffe : tag, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(8000, 4);
  format.writeUInt32LE(1000 * channels * bits, 8);
  format.writeUInt16LE((channels * bits) / 8, 12);
  format.writeUInt16LE(bits, 14);
  if (extensible) format.writeUInt16LE(tag, 24);
  const chunk = options.chunk ?? Buffer.from('LIST\x03\0\0\0odd\0', 'latin1');
  const long =
    signature === 'RIFF' ? [] : [Buffer.from('ds64'), u32(28), u32(0), u32(0), u32(data.length), Buffer.alloc(16)];
  const body = Buffer.concat([
    Buffer.from('WAVE'),
    ...long,
    Buffer.from('fmt '),
    u32(format.length),
    format,
    chunk,
    Buffer.from('data'),
    u32(options.dataSize ?? (signature === 'RIFF' ? data.length : 0xffffffff)),
    data,
  ]);
  return Buffer.concat([Buffer.from(signature), u32(options.riffSize ?? body.length), body]);
}

/** 128 kbit/s, 44.1 kHz, stereo, layer III of version 1: frames of 417 bytes and 1152 samples. */
const MP3_HEADER = Buffer.from([0xff, 0xfb, 0x90, 0x00]);
const MP3_FRAME_BYTES = 417;

export function mp3Frames(count: number): Buffer {
  const frame = Buffer.alloc(MP3_FRAME_BYTES, 0x11);
  MP3_HEADER.copy(frame);
  return Buffer.concat(Array.from({ length: count }, () => frame));
}

/** The first frame of an encoder that counts `frames` frames after it and cuts off `delay` and `padding` samples. */
export function mp3Counts(frames: number, { delay = 0, padding = 0 } = {}): Buffer {
  const frame = Buffer.alloc(MP3_FRAME_BYTES);
  MP3_HEADER.copy(frame);
  frame.write('Xing', 36, 'latin1');
  frame.writeUInt32BE(3, 40);
  frame.writeUInt32BE(frames, 44);
  frame.writeUInt32BE((frames + 1) * MP3_FRAME_BYTES, 48);
  frame.write('LAME3.100', 52, 'latin1');
  frame.writeUIntBE((delay << 12) | padding, 73, 3);
  return frame;
}

/** Fraunhofer's counts. */
export function mp3Vbri(frames: number): Buffer {
  const frame = Buffer.alloc(MP3_FRAME_BYTES);
  MP3_HEADER.copy(frame);
  frame.write('VBRI', 36, 'latin1');
  frame.writeUInt32BE((frames + 1) * MP3_FRAME_BYTES, 46);
  frame.writeUInt32BE(frames, 50);
  return frame;
}

/** An ID3v2 tag with so many bytes of content. */
export function id3(bytes: number): Buffer {
  const header = Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1');
  for (let digit = 0; digit < 4; digit++) header[9 - digit] = (bytes >> (7 * digit)) & 0x7f;
  return Buffer.concat([header, Buffer.alloc(bytes)]);
}

export interface PageOptions {
  readonly position?: number;
  readonly flags?: number;
  readonly serial?: number;
}

/** An Ogg page of one packet; without a check sum, which the header pass does not read. */
export function oggPage(packet: Buffer, { position = 0, flags = 0, serial = 7 }: PageOptions = {}): Buffer {
  const lacing = [...Array.from({ length: Math.floor(packet.length / 255) }, () => 255), packet.length % 255];
  const header = Buffer.alloc(27);
  header.write('OggS', 'latin1');
  header[5] = flags;
  header.writeBigUInt64LE(BigInt(position), 6);
  header.writeUInt32LE(serial, 14);
  header[26] = lacing.length;
  return Buffer.concat([header, Buffer.from(lacing), packet]);
}

export function vorbisIdentification(): Buffer {
  const packet = Buffer.alloc(30);
  packet.write('\x01vorbis', 'latin1');
  packet[11] = 2;
  packet.writeUInt32LE(44_100, 12);
  packet[28] = 0xb8;
  packet[29] = 1;
  return packet;
}

export function opusHead(preSkip: number): Buffer {
  const packet = Buffer.alloc(19);
  packet.write('OpusHead\x01\x01', 'latin1');
  packet.writeUInt16LE(preSkip, 10);
  packet.writeUInt32LE(16_000, 12);
  return packet;
}

/** 16 kHz, stereo, 16 bits. */
export function flacHeader(frames: number): Buffer {
  const info = Buffer.alloc(34);
  info.writeUInt16BE(4096, 0);
  info.writeUInt16BE(4096, 2);
  info.writeUInt32BE(((16_000 << 12) | (1 << 9) | (15 << 4)) >>> 0, 10);
  info.writeUInt32BE(frames, 14);
  return Buffer.concat([Buffer.from('fLaC\x80\0\0\x22', 'latin1'), info]);
}
