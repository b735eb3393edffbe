import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { errorCode, InputError } from '../base/errors.ts';
import { Modality } from '../protocol.ts';
import { COLOURS, PLACES, SHAPES, SIZES, TEXTURES } from './concepts.ts';
import type { LaidOut } from './layout.ts';
import { SampleSettings } from './options.ts';

const Concept = z.object({ shape: z.enum(SHAPES), colour: z.enum(COLOURS) });

/** First line of `truth.jsonl`. It also marks a folder as one that holds a sample of ours. */
export const TruthHeader = z.object({
  record: z.literal('sample'),
  generator: z.literal('pairlab sample'),
  version: z.literal(1),
  settings: SampleSettings,
});
export type TruthHeader = z.infer<typeof TruthHeader>;

const TrueItem = z.object({
  /** Relative to the data folder; `pairs.csv#3:caption` is the caption in the third row after the header. */
  path: z.string(),
  /** Key of the instance that it belongs to in truth. */
  shows: z.string(),
  /** Class of what it shows. */
  class: z.string(),
});

const Defect = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('wrong-pair') }),
  z.object({ kind: z.literal('wrong-label') }),
  z.object({
    kind: z.enum(['corrupt', 'missing']),
    modality: Modality,
    damage: z.enum(['cut', 'foreign', 'empty', 'missing']),
  }),
  z.object({ kind: z.enum(['duplicate', 'leak']), of: z.string() }),
]);

/** Every other line of `truth.jsonl`: what an instance is, what it is filed as, and what is wrong with it. */
export const TrueInstance = z.object({
  record: z.literal('instance'),
  key: z.string(),
  split: z.enum(['train', 'validation', 'test']),
  class: z.string(),
  /** The class it is filed under; another one than `class` is a wrong label. */
  label: z.string(),
  items: z.object({ image: TrueItem, audio: TrueItem, text: TrueItem }),
  scene: z.object({
    concept: Concept,
    size: z.enum(SIZES),
    texture: z.enum(TEXTURES),
    place: z.enum(PLACES),
    bystander: z.object({ concept: Concept, place: z.enum(PLACES) }).optional(),
  }),
  defect: Defect.optional(),
});
export type TrueInstance = z.infer<typeof TrueInstance>;

/** The text of `truth.jsonl`. */
export function writeTruth(settings: SampleSettings, items: readonly LaidOut[]): string {
  const header: TruthHeader = { record: 'sample', generator: 'pairlab sample', version: 1, settings };
  const classes = new Map(items.map(({ instance }) => [instance.key, instance.class]));
  const lines = items.map((item) => JSON.stringify(truthOf(item, classes)));
  return `${[JSON.stringify(header), ...lines].join('\n')}\n`;
}

function truthOf({ instance, places }: LaidOut, classes: ReadonlyMap<string, string>) {
  const { key, split, label, scene, shows, defect } = instance;
  const item = (modality: Modality) => ({
    path: places[modality],
    shows: shows[modality],
    class: classes.get(shows[modality]) ?? instance.class,
  });
  const items = { image: item('image'), audio: item('audio'), text: item('text') };
  return { record: 'instance', key, split, class: instance.class, label, items, scene, ...(defect && { defect }) };
}

/**
 * Reads a `truth.jsonl` back.
 * @returns undefined when there is none, or when the file there is not of ours.
 */
export async function readTruth(path: string): Promise<{ header: TruthHeader; instances: TrueInstance[] } | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new InputError(`${path} cannot be read (${errorCode(error) ?? 'unknown reason'}).`, error);
  }
  const [first, ...rest] = text.trimEnd().split('\n').map(parseLine);
  const header = TruthHeader.safeParse(first);
  const instances = z.array(TrueInstance).safeParse(rest);
  return header.success && instances.success ? { header: header.data, instances: instances.data } : undefined;
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The files that a sample consists of, relative to its data folder. */
export function filesOf(instances: readonly TrueInstance[]): Set<string> {
  const paths = instances.flatMap(({ items }) => Modality.options.map((modality) => items[modality].path));
  return new Set(paths.map((path) => path.replace(/#.*$/, '')));
}
