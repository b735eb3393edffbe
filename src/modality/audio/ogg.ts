import { type Excerpt, endOf, type HeaderReading, isWhole, longerTail } from '../excerpt.ts';
import { type Header, MediaError, unreadable } from '../modality.ts';
import { type OggPage, parsePage } from './oggPage.ts';

/** What the first packet of an Ogg stream says. */
export interface OggInfo {
  readonly codec: 'vorbis' | 'opus';
  readonly channels: number;
  /** Hertz, of the positions and of the decoded sound. */
  readonly sampleRate: number;
  /** Samples at the start that are decoded but not heard. */
  readonly preSkip: number;
}

/** Opus is always decoded to 48 kHz, and counts in it (RFC 7845, §4). */
const OPUS_RATE = 48_000;

/**
 * Ogg Vorbis and Ogg Opus: channels and rate from the first packet, duration from the position in the last page. Cut off
 * when the last page is not whole, or is not marked as the last one.
 */
export function readOggHeader(excerpt: Excerpt): HeaderReading {
  const { head, name } = excerpt;
  const first = parsePage(head, 0);
  if (first === undefined) throw unreadable(name, 'ends inside its header, so it was cut off');
  const { codec, channels, sampleRate, preSkip } = parseFirstPacket(head, first, name);
  const longer = isWhole(excerpt) ? undefined : longerTail(excerpt);
  if (longer !== undefined) return longer;
  const last = findLastPage(endOf(excerpt));
  if (last === undefined) throw unreadable(name, 'is damaged: its last page is missing');
  if (last.end > endOf(excerpt).length || !last.isLast) throw unreadable(name, 'was cut off: its last page is missing');
  const header: Header = { format: codec, channels, sampleRate };
  // One stream after the other in a file: only decoding tells how long they are together.
  if (last.serial !== first.serial || last.position === undefined) return { header };
  return { header: { ...header, seconds: Math.max(0, last.position - preSkip) / sampleRate } };
}

/** Vorbis I, §4.2.2; RFC 7845, §5.1. Throws {@link MediaError}. */
export function parseFirstPacket(bytes: Buffer, { content }: OggPage, name: string): OggInfo {
  if (bytes.toString('latin1', content, content + 8) === 'OpusHead' && content + 19 <= bytes.length) {
    const channels = bytes[content + 9] ?? 0;
    if (channels === 0) throw unreadable(name, 'has a damaged header');
    return { codec: 'opus', channels, sampleRate: OPUS_RATE, preSkip: bytes.readUInt16LE(content + 10) };
  }
  if (bytes.toString('latin1', content, content + 7) === '\x01vorbis' && content + 30 <= bytes.length) {
    const channels = bytes[content + 11] ?? 0;
    const sampleRate = bytes.readUInt32LE(content + 12);
    if (channels === 0 || sampleRate === 0) throw unreadable(name, 'has a damaged header');
    return { codec: 'vorbis', channels, sampleRate, preSkip: 0 };
  }
  if (content + 30 > bytes.length) throw unreadable(name, 'ends inside its header, so it was cut off');
  throw new MediaError(
    'unsupported-format',
    name,
    'is Ogg without Vorbis or Opus sound, which is not read: convert it.',
  );
}

/** Searched from the end; the letters of its signature may also occur in the middle of a packet. */
function findLastPage(end: Buffer): OggPage | undefined {
  for (let at = end.lastIndexOf('OggS'); at >= 0; at = at === 0 ? -1 : end.lastIndexOf('OggS', at - 1)) {
    const page = parsePage(end, at);
    if (page !== undefined) return page;
  }
  return undefined;
}
