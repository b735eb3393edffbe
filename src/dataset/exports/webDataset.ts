import { join } from 'node:path';
import { throwIfCancelled } from '../../base/errors.ts';
import type { Exporter, ExportFolder, ExportRow, ExportSource } from './export.ts';
import { extensionOf, isSegment, openMedia } from './media.ts';
import { BLOCK, memberBytes, TarFile } from './tarFile.ts';

/**
 * Shards of WebDataset, numbered within their split: `train-000000.tar`. A sample is a run of members whose key is its
 * number: the media byte for byte, `.txt` the text, `.cls` the number of the class in the order of their names, `.json`
 * the key, class, split and strength.
 */
export const webDataset: Exporter = {
  name: 'webdataset',
  summary: 'tar shards of WebDataset',
  media: ['copy'],
  write: async (source, folder, { shardBytes }, { signal }) => {
    const splits = new Map<string, Shards>();
    try {
      for await (const rows of source.rows()) {
        for (const row of rows) {
          throwIfCancelled(signal);
          if (row.items.audio !== undefined && isSegment(row.items.audio)) {
            folder.leaveOut('its sound is a segment of a longer one');
            continue;
          }
          const prefix = row.split === undefined ? '' : `${row.split.replace(/[^\p{L}\p{N}_-]/gu, '_')}-`;
          const shards = splits.get(prefix) ?? new Shards(folder.path, prefix, shardBytes);
          splits.set(prefix, shards);
          await writeSample(row, source, folder, shards, signal);
        }
      }
      for (const shards of splits.values()) await shards.end();
    } finally {
      for (const shards of splits.values()) await shards.close();
    }
  },
};

interface Member {
  readonly extension: string;
  readonly size: number;
  pieces(): Iterable<Buffer> | AsyncIterable<Buffer>;
  close?(): void;
}

async function writeSample(
  row: ExportRow,
  source: ExportSource,
  folder: ExportFolder,
  shards: Shards,
  signal: AbortSignal | undefined,
): Promise<void> {
  const members: Member[] = [];
  try {
    for (const modality of source.modalities) {
      const item = row.items[modality];
      if (item === undefined) continue;
      if (modality === 'text') members.push(textMember('.txt', await folder.textOf(item)));
      else members.push({ extension: extensionOf(item), ...(await openMedia(item, signal)) });
    }
    if (row.class !== undefined) members.push(textMember('.cls', String(source.classes.indexOf(row.class))));
    const { key, class: concept, split, strength } = row;
    members.push(textMember('.json', JSON.stringify({ key, class: concept, split, strength })));
    await shards.add(members);
  } finally {
    for (const member of members) member.close?.();
  }
}

function textMember(extension: string, text: string): Member {
  const bytes = Buffer.from(text);
  return { extension, size: bytes.length, pieces: () => [bytes] };
}

/** The shards of one split. */
class Shards {
  readonly #folder: string;
  readonly #prefix: string;
  readonly #limit: number;
  #file: TarFile | undefined;
  #shards = 0;
  #samples = 0;

  /** @param prefix of the names of its files; empty where rows have no split */
  constructor(folder: string, prefix: string, limit: number) {
    this.#folder = folder;
    this.#prefix = prefix;
    this.#limit = limit;
  }

  /** A sample never spans shards; one that is larger than a shard may be has a shard of its own. */
  async add(members: readonly Member[]): Promise<void> {
    const bytes = members.reduce((sum, { size }) => sum + memberBytes(size), 2 * BLOCK);
    if (this.#file !== undefined && this.#file.bytes + bytes > this.#limit) await this.end();
    this.#file ??= await TarFile.create(join(this.#folder, `${this.#prefix}${number(this.#shards++, 6)}.tar`));
    const key = number(this.#samples++, 9);
    for (const { extension, size, pieces } of members) await this.#file.member(`${key}${extension}`, size, pieces());
  }

  async end(): Promise<void> {
    await this.#file?.end();
    await this.close();
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }
}

function number(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
