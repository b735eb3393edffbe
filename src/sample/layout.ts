import { Random } from '../base/random.ts';
import type { Modality } from '../protocol.ts';
import type { Layout } from './options.ts';
import type { Instance } from './plan.ts';

/** Where the items of an instance lie, relative to the data folder with `/`; `pairs.csv#3:caption` is a cell. */
export type Places = Readonly<Record<Modality, string>>;

export interface LaidOut {
  readonly instance: Instance;
  readonly places: Places;
}

export interface Table {
  readonly path: string;
  readonly content: string;
}

const EXTENSIONS: Readonly<Record<Modality, string>> = { image: 'png', audio: 'wav', text: 'txt' };

/** The mirrored folders of the stem layout, and the media folders beside a table. */
const FOLDERS: Readonly<Record<Modality, string>> = { image: 'images', audio: 'audio', text: 'captions' };

const TABLES = { csv: 'pairs.csv', jsonl: 'pairs.jsonl' } as const;
const COLUMNS = ['id', 'image', 'audio', 'caption', 'class', 'split'] as const;

/** Gives every item its place: by stem and in class folders a file each, in a table the caption is a cell. */
export function layOut(instances: readonly Instance[], layout: Layout, seed: number): LaidOut[] {
  const place = placer(instances, layout, seed);
  return instances.map((instance, index) => ({
    instance,
    places: {
      image: place(instance, 'image', index),
      audio: place(instance, 'audio', index),
      text: place(instance, 'text', index),
    },
  }));
}

type Placer = (instance: Instance, modality: Modality, index: number) => string;

function placer(instances: readonly Instance[], layout: Layout, seed: number): Placer {
  if (layout === 'stem') {
    return ({ key, split, label }, modality) => `${split}/${FOLDERS[modality]}/${label}/${key}.${EXTENSIONS[modality]}`;
  }
  if (layout === 'class-folders') {
    const numbers = unrelatedNumbers(instances.length, seed);
    return ({ split, label }, modality, index) =>
      `${split}/${modality}/${label}/${modality}-${numbers[modality][index] ?? ''}.${EXTENSIONS[modality]}`;
  }
  return ({ key }, modality, index) =>
    modality === 'text'
      ? `${TABLES[layout]}#${index + 1}:caption`
      : `${FOLDERS[modality]}/${key}.${EXTENSIONS[modality]}`;
}

/** A number for every item such that equal numbers in two modalities mean nothing. */
function unrelatedNumbers(count: number, seed: number): Record<Modality, readonly string[]> {
  const numbers = Array.from({ length: count }, (_, index) => String(index + 1).padStart(String(count).length, '0'));
  const shuffled = (modality: Modality) => Random.of(seed, `sample/names/${modality}`).shuffle(numbers);
  return { image: shuffled('image'), audio: shuffled('audio'), text: shuffled('text') };
}

/** The table of a layout that has one; `captions` are those to write, in the order of the instances. */
export function drawTable(items: readonly LaidOut[], layout: Layout, captions: readonly string[]): Table | undefined {
  if (layout !== 'csv' && layout !== 'jsonl') return undefined;
  const rows = items.map(({ instance, places }, index) => ({
    id: instance.key,
    image: places.image,
    audio: places.audio,
    caption: captions[index] ?? '',
    class: instance.label,
    split: instance.split,
  }));
  const lines =
    layout === 'jsonl'
      ? rows.map((row) => JSON.stringify(row))
      : [COLUMNS.join(','), ...rows.map((row) => COLUMNS.map((column) => csvCell(row[column])).join(','))];
  return { path: TABLES[layout], content: `${lines.join('\n')}\n` };
}

/** RFC 4180: a cell with a comma, a quote or a line break is quoted, quotes in it are doubled. */
export function csvCell(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** True when the item is a cell of a table and has no file of its own. */
export function isCell(place: string): boolean {
  return place.includes('#');
}
