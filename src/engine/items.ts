import { InputError, toSentence } from '../base/errors.ts';
import { encodeWav } from '../base/wav.ts';
import type { Location } from '../container/location.ts';
import type { ItemRow } from '../dataset/snapshot.ts';
import type { DecoderPool } from '../decoding/decoderPool.ts';
import { waveform } from '../modality/audio/waveform.ts';
import type { Fact, ItemDetail, Problem } from '../protocol.ts';

/** Parts of a waveform: about one a pixel in a panel of usual width. */
const WAVEFORM_PARTS = 400;
const LONGEST_TEXT = 100_000;
/** A message to a panel carries the bytes of an item up to this size. */
const MAX_CARRIED_BYTES = 8_000_000;

/** The media types that differ from the format's name. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  mp3: 'audio/mpeg',
  vorbis: 'audio/ogg',
  opus: 'audio/ogg',
};

/** An item as a panel shows it. What cannot be read says why in `error`; this never throws. */
export async function describeItem(
  item: ItemRow,
  problems: readonly Problem[],
  decoders: DecoderPool,
): Promise<ItemDetail> {
  const detail = { id: item.id, modality: item.modality, path: item.location.path, facts: factsOf(item) };
  if (!item.readable) {
    const problem = problems.find(({ items }) => items.includes(item.id));
    return { ...detail, error: problem?.sentence ?? `${item.path} could not be read when the dataset was indexed.` };
  }
  try {
    return { ...detail, ...(await contentOf(item, decoders)) };
  } catch (error) {
    return { ...detail, error: toSentence(error) };
  }
}

type Content = Pick<ItemDetail, 'text' | 'waveform' | 'uri'>;

async function contentOf(item: ItemRow, decoders: DecoderPool): Promise<Content> {
  switch (item.modality) {
    case 'image':
      return await addressOf(item, decoders);
    case 'audio':
      return await soundOf(item, decoders);
    case 'text':
      return { text: (item.text ?? (await decoders.text(item.location))).slice(0, LONGEST_TEXT) };
  }
}

/** A segment is a sound of its own: the panel could not play a part of a file. */
async function soundOf(item: ItemRow, decoders: DecoderPool): Promise<Content> {
  const { location } = item;
  if (location.start === undefined && location.end === undefined) {
    const parts = await decoders.waveform(location, WAVEFORM_PARTS);
    return { waveform: parts, ...(await addressOf(item, decoders)) };
  }
  const { samples, channels, sampleRate } = await decoders.sound(location);
  const uri = carry(item, encodeWav(channels, sampleRate), 'audio/wav');
  return { waveform: waveform(samples, WAVEFORM_PARTS), uri };
}

/** The bytes of an item that lies inside another file; the editor gives a file of its own an address. */
async function addressOf(item: ItemRow, decoders: DecoderPool): Promise<Pick<ItemDetail, 'uri'>> {
  const { location, modality, format = '', bytes } = item;
  if (isWholeFile(location)) return {};
  refuseLarge(item, bytes);
  const type = MEDIA_TYPES[format] ?? `${modality}/${format}`;
  return { uri: carry(item, await decoders.bytes(location, MAX_CARRIED_BYTES), type) };
}

function carry(item: ItemRow, bytes: Uint8Array, type: string): string {
  refuseLarge(item, bytes.length);
  return `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
}

function refuseLarge({ id }: ItemRow, bytes: number): void {
  if (bytes <= MAX_CARRIED_BYTES) return;
  throw new InputError(`${id} has ${byteCount(bytes)} and is a part of a file: too large to be shown here.`);
}

function isWholeFile({ begin, member, row, column }: Location): boolean {
  return begin === undefined && member === undefined && row === undefined && column === undefined;
}

/** What the snapshot knows of an item, in the words of the panel. */
export function factsOf(item: ItemRow): Fact[] {
  const facts: Fact[] = [];
  if (item.width !== undefined && item.height !== undefined) {
    facts.push({ label: 'Size', value: `${item.width} × ${item.height} px` });
  }
  if (item.seconds !== undefined) facts.push({ label: 'Duration', value: `${item.seconds.toFixed(2)} s` });
  if (item.sampleRate !== undefined) facts.push({ label: 'Sample rate', value: `${item.sampleRate} Hz` });
  if (item.channels !== undefined) facts.push({ label: 'Channels', value: String(item.channels) });
  if (item.characters !== undefined) facts.push({ label: 'Characters', value: String(item.characters) });
  facts.push({ label: 'On disk', value: byteCount(item.bytes) });
  return facts;
}

/** Decimal units, as file managers show them: "512 B", "1.2 kB", "34 MB". */
function byteCount(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
