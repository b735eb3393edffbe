import { OpusDecoder } from 'opus-decoder';
import { type Media, unreadable } from '../modality.ts';
import { OutOfBits } from './bitReader.ts';
import { type OggInfo, parseFirstPacket } from './ogg.ts';
import { type OggPacket, oggPackets } from './oggPackets.ts';
import { parsePage } from './oggPage.ts';
import { type Decoded, Recording } from './recording.ts';
import { BlockDecoder } from './vorbis/blocks.ts';
import { DamagedStream } from './vorbis/damage.ts';
import { parseSetup } from './vorbis/setup.ts';

/** What the decoder has room for. A packet of the highest bit rate and the longest duration is shorter. */
const PACKET_BYTES = 3840;

/** Turns one packet into samples of each channel. */
type DecodePacket = (packet: Uint8Array) => readonly Float32Array[];

/** Decodes Ogg Vorbis. Throws {@link MediaError}. */
export async function decodeVorbis(media: Media): Promise<Decoded> {
  const packets = oggPackets(media.bytes, media.name);
  const [identification, , setup] = [packets.next().value, packets.next().value, packets.next().value];
  if (identification === undefined || setup === undefined) throw unreadable(media.name, 'ends inside its header');
  try {
    const decoder = new BlockDecoder(parseSetup(identification.bytes, setup.bytes));
    return decodePackets(media, packets, (packet) => decoder.decode(packet));
  } catch (error) {
    if (error instanceof OutOfBits) throw unreadable(media.name, 'is damaged: its setup is cut off', error);
    if (error instanceof DamagedStream) throw unreadable(media.name, `is damaged: ${error.message}`, error);
    throw error;
  }
}

/** Decodes Ogg Opus by libopus in WebAssembly, the memory of which is given back. Throws {@link MediaError}. */
export async function decodeOpus(media: Media): Promise<Decoded> {
  const { name, bytes } = media;
  const packets = oggPackets(bytes, name);
  const head = packets.next().value;
  packets.next();
  if (head === undefined) throw unreadable(name, 'ends inside its header');
  const decoder = new OpusDecoder(opusOptions(head.bytes, name));
  try {
    await decoder.ready;
    const gain = 10 ** (Buffer.from(head.bytes).readInt16LE(16) / 256 / 20);
    return decodePackets(media, packets, (packet) => {
      if (packet.length > PACKET_BYTES) throw unreadable(name, 'is damaged (a packet is too long)');
      const { channelData, errors } = decoder.decodeFrame(packet);
      const [error] = errors;
      if (error !== undefined) throw unreadable(name, `is damaged (${error.message})`);
      return gain === 1 ? channelData : channelData.map((samples) => samples.map((sample) => sample * gain));
    });
  } finally {
    decoder.free();
  }
}

/** Channel mapping (RFC 7845, §5.1.1): family 0 is mono or stereo; the others have a table. */
function opusOptions(head: Uint8Array, name: string): ConstructorParameters<typeof OpusDecoder>[0] {
  const channels = head[9] ?? 0;
  const common = { channels, preSkip: 0 };
  if (head[18] === 0 && (channels === 1 || channels === 2)) {
    return {
      ...common,
      streamCount: 1,
      coupledStreamCount: channels - 1,
      channelMappingTable: [0, 1].slice(0, channels),
    };
  }
  const [streamCount, coupledStreamCount] = [head[19] ?? 0, head[20] ?? 0];
  const channelMappingTable = [...head.subarray(21, 21 + channels)];
  const decoded = streamCount + coupledStreamCount;
  const isPossible =
    head[18] !== 0 &&
    streamCount > 0 &&
    coupledStreamCount <= streamCount &&
    channelMappingTable.every((index) => index === 255 || index < decoded);
  if (!isPossible || channelMappingTable.length < channels) throw unreadable(name, 'has a damaged header');
  return { ...common, streamCount, coupledStreamCount, channelMappingTable };
}

/** The position in the last page says how many of the last samples count. */
function decodePackets(media: Media, packets: Iterable<OggPacket>, decode: DecodePacket): Decoded {
  const { name, bytes } = media;
  const { sampleRate, channels, codec, preSkip } = infoOf(bytes, name);
  const recording = new Recording(name, sampleRate, media, preSkip);
  let last: number | undefined;
  for (const { bytes: packet, position } of packets) {
    recording.add(decode(packet));
    last = position ?? last;
    if (recording.isFull) break;
  }
  if (!recording.isFull && last !== undefined) recording.endAt(last - preSkip);
  const header = { format: codec, channels, sampleRate, seconds: recording.frames / sampleRate };
  return { header, sampleRate, channels: recording.channels() };
}

function infoOf(bytes: Buffer, name: string): OggInfo {
  const page = parsePage(bytes, 0);
  if (page === undefined) throw unreadable(name, 'ends inside its header, so it was cut off');
  return parseFirstPacket(bytes, page, name);
}
