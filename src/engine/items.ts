import { toSentence } from '../base/errors.ts';
import type { ItemRow } from '../dataset/snapshot.ts';
import { decodeAudio, waveform } from '../modality/audio.ts';
import { readText } from '../modality/text.ts';
import type { Fact, ItemDetail, Problem } from '../protocol.ts';

/** Parts of a waveform: about one a pixel in a panel of usual width. */
const WAVEFORM_PARTS = 400;
const LONGEST_TEXT = 100_000;

/** An item as a panel shows it. What cannot be read says why in `error`; this never throws. */
export async function describeItem(item: ItemRow, problems: readonly Problem[]): Promise<ItemDetail> {
  const detail = { id: item.id, modality: item.modality, path: item.absolutePath, facts: factsOf(item) };
  if (!item.readable) {
    const problem = problems.find(({ items }) => items.includes(item.id));
    return { ...detail, error: problem?.sentence ?? `${item.path} could not be read when the dataset was indexed.` };
  }
  try {
    return { ...detail, ...(await contentOf(item)) };
  } catch (error) {
    return { ...detail, error: toSentence(error) };
  }
}

async function contentOf(item: ItemRow): Promise<Pick<ItemDetail, 'text' | 'waveform'>> {
  switch (item.modality) {
    case 'image':
      return {};
    case 'audio':
      return { waveform: waveform((await decodeAudio(item.absolutePath)).samples, WAVEFORM_PARTS) };
    case 'text':
      return { text: (item.text ?? (await readText(item.absolutePath))).slice(0, LONGEST_TEXT) };
  }
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
