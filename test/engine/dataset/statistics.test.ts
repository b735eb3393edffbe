import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Columns, Row } from '../../../src/base/database.ts';
import { writeParquet } from '../../../src/base/table.ts';
import { statisticsOf } from '../../../src/dataset/statistics.ts';
import { DatasetStatistics } from '../../../src/protocol.ts';

const COLUMNS = {
  id: 'text',
  modality: 'text',
  split: 'text',
  class: 'text',
  bytes: 'count',
  readable: 'boolean',
  format: 'text',
  width: 'integer',
  height: 'integer',
  channels: 'integer',
  sampleRate: 'integer',
  seconds: 'number',
  characters: 'integer',
  language: 'text',
} as const satisfies Columns;

async function itemsFile(rows: readonly Row<typeof COLUMNS>[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pairlab-statistics-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'items.parquet');
  await writeParquet(path, COLUMNS, rows);
  return path;
}

describe('the statistics of a dataset', () => {
  it('describe items by modality, split and class, in the order of their use', async () => {
    const image = { modality: 'image', format: 'png', height: 10, readable: true, bytes: 100 };
    const path = await itemsFile([
      { ...image, id: 'a', split: 'test', class: 'dog', width: 40 },
      { ...image, id: 'b', split: 'train', class: 'item 10', width: 10 },
      { ...image, id: 'c', split: 'train', class: 'item 2', width: 20 },
      { ...image, id: 'd', split: 'train', class: 'item 2', width: 90, format: 'jpeg' },
      { id: 'e', modality: 'image', bytes: 7, readable: false },
      { id: 'f', modality: 'audio', bytes: 50, readable: true, seconds: 1.5, sampleRate: 16000, channels: 1 },
      { id: 'g', modality: 'audio', bytes: 50, readable: true, seconds: 0.5, sampleRate: 16000, channels: 2 },
      { id: 'h', modality: 'text', bytes: 5, readable: true, characters: 5, language: 'en' },
    ]);
    const statistics = DatasetStatistics.parse(await statisticsOf(path));

    const none = { channels: [], sampleRates: [], languages: [] };
    expect(statistics.modalities).toEqual([
      {
        ...none,
        modality: 'image',
        items: 5,
        unreadable: 1,
        bytes: 407,
        width: { minimum: 10, median: 30, maximum: 90 },
        height: { minimum: 10, median: 10, maximum: 10 },
        formats: [
          { value: 'png', items: 3 },
          { value: 'jpeg', items: 1 },
        ],
      },
      {
        modality: 'audio',
        items: 2,
        unreadable: 0,
        bytes: 100,
        seconds: { minimum: 0.5, median: 1, maximum: 1.5, total: 2 },
        formats: [],
        channels: [
          { value: '1', items: 1 },
          { value: '2', items: 1 },
        ],
        sampleRates: [{ value: '16000', items: 2 }],
        languages: [],
      },
      {
        ...none,
        modality: 'text',
        items: 1,
        unreadable: 0,
        bytes: 5,
        characters: { minimum: 5, median: 5, maximum: 5 },
        formats: [],
        languages: [{ value: 'en', items: 1 }],
      },
    ]);
    const places = statistics.classes.map(({ modality, split, class: name, items }) => [modality, split, name, items]);
    expect(places.slice(0, 4)).toEqual([
      ['image', 'train', 'item 2', 2],
      ['image', 'train', 'item 10', 1],
      ['image', 'test', 'dog', 1],
      ['image', '', '', 1],
    ]);
    expect(statistics.splits.map(({ modality, split, items }) => `${modality} ${split} ${items}`)).toEqual([
      'image train 3',
      'image test 1',
      'image  1',
      'audio  2',
      'text  1',
    ]);
  });

  it('stop when they are asked to', async () => {
    await expect(statisticsOf('items.parquet', { signal: AbortSignal.abort() })).rejects.toThrow('Stopped as asked.');
  });
});
