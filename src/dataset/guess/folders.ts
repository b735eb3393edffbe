import { posix } from 'node:path';
import { mediaTypeOf } from '../../modality/modality.ts';
import { Modality } from '../../protocol.ts';
import type { ClassFolderPairing } from '../formats/classFolders.ts';
import type { Candidate } from '../formats/format.ts';
import type { StemRule } from '../formats/pattern.ts';
import type { StemPairing } from '../formats/stem.ts';
import type { FileEntry } from '../walk.ts';
import { byFrequency, isSplitName } from './names.ts';

type Patterns = Partial<Record<Modality, string>>;

/** A modality with fewer files than this share of the largest one is taken for stray files. */
const SUBSTANTIAL = 0.02;
/** A name that this share of the files has at a level of folders is a fixed part of their path. */
const FIXED = 0.9;

/** Folders by stem that the names of the files suggest, for every choice of modalities. */
export function stemCandidates(files: readonly FileEntry[]): Candidate<StemPairing>[] {
  return shapesOf(files).flatMap(({ modalities, shapes, manyDots }) => {
    const withFolders = patternsOf(modalities, shapes, (shape) => shape.labelled);
    const bare = patternsOf(modalities, shapes, (shape) => shape.bare);
    const affixed = patternsOf(modalities, shapes, (shape) => shape.affixed);
    const affixedBare = patternsOf(modalities, shapes, (shape) => shape.affixedBare);
    return [
      ...[withFolders, bare, affixed, affixedBare].map((items) => byStem(items, 'up-to-last-dot')),
      ...(manyDots ? [withFolders, bare].map((items) => byStem(items, 'up-to-first-dot')) : []),
    ];
  });
}

/** Class folders that the names of the files suggest, for every choice of modalities. */
export function classFolderCandidates(files: readonly FileEntry[]): Candidate<ClassFolderPairing>[] {
  return shapesOf(files)
    .filter(({ shapes }) => shapes.every((shape) => shape.labelled.includes('{class}')))
    .map(({ modalities, shapes }) => byClass(patternsOf(modalities, shapes, (shape) => shape.labelled)));
}

interface Shapes {
  readonly modalities: readonly Modality[];
  readonly shapes: readonly Shape[];
  /** Some name has a dot in its stem. */
  readonly manyDots: boolean;
}

function shapesOf(files: readonly FileEntry[]): Shapes[] {
  const paths = new Map(Modality.options.map((modality) => [modality, pathsOf(files, modality)]));
  const most = Math.max(...[...paths.values()].map((list) => list.length));
  const present = Modality.options.filter((modality) => (paths.get(modality)?.length ?? 0) > SUBSTANTIAL * most);
  const manyDots = [...paths.values()].flat().some((path) => posix.basename(path).split('.').length > 2);
  const shapes = new Map(present.map((modality) => [modality, shapeOf(paths.get(modality) ?? [])]));
  return choices(present).map((modalities) => ({
    modalities,
    shapes: modalities.flatMap((modality) => shapes.get(modality) ?? []),
    manyDots,
  }));
}

/** Paths of a modality; those in formats that can be read, unless there are none. */
function pathsOf(files: readonly FileEntry[], modality: Modality): string[] {
  const own = files.filter(({ path }) => mediaTypeOf(path)?.modality === modality).map(({ path }) => path);
  const readable = own.filter((path) => mediaTypeOf(path)?.readable === true);
  return readable.length > 0 ? readable : own;
}

/** All of the modalities, and every two of them. */
function choices(modalities: readonly Modality[]): Modality[][] {
  const twos = modalities.flatMap((first, index) => modalities.slice(index + 1).map((second) => [first, second]));
  return modalities.length > 2 ? [[...modalities], ...twos] : twos;
}

interface Shape {
  /** Folders named as split and class: `{split}/images/{class}/{stem}`. */
  readonly labelled: string;
  /** Only the folders that all files have in common: `images/{stem}`. */
  readonly bare: string;
  /** The same two with what all file names begin or end with: `images/{class}/{stem}_image`. */
  readonly affixed: string;
  readonly affixedBare: string;
}

function shapeOf(paths: readonly string[]): Shape {
  const depth = Number(byFrequency(paths.map((path) => String(path.split('/').length - 1)))[0]?.value ?? 0);
  const typical = paths.filter((path) => path.split('/').length - 1 === depth);
  const folders: string[] = [];
  for (let level = 0; level < depth; level++) {
    const names = typical.map((path) => path.split('/')[level] ?? '');
    const part = describeLevel(names, folders);
    if (part === undefined) break;
    folders.push(part);
  }
  const fixed = folders.slice(0, folders.findIndex((part) => part.startsWith('{')) >>> 0);
  const [prefix, suffix] = affixesOf(typical.map((path) => posix.basename(path, posix.extname(path))));
  const pattern = (parts: readonly string[], name: string): string => [...parts, name].join('/');
  return {
    labelled: pattern(folders, '{stem}'),
    bare: pattern(fixed, '{stem}'),
    affixed: pattern(folders, `${prefix}{stem}${suffix}`),
    affixedBare: pattern(fixed, `${prefix}{stem}${suffix}`),
  };
}

/** What a level of folders stands for; `undefined` when it belongs to the stem. */
function describeLevel(names: readonly string[], above: readonly string[]): string | undefined {
  const values = byFrequency(names);
  if (!above.includes('{split}') && values.every(({ value }) => isSplitName(value))) return '{split}';
  const [first] = values;
  if (first !== undefined && first.count >= FIXED * names.length && !/[{}]/.test(first.value)) return first.value;
  return !above.includes('{class}') && values.length <= names.length / 2 ? '{class}' : undefined;
}

/** `image_` of `image_001`, `image_002` and `_image` of `001_image`, `002_image`: up to a separator. */
function affixesOf(names: readonly string[]): [string, string] {
  const [first = ''] = names;
  const prefix = /^[\p{L}]+[_. -]/u.exec(first)?.[0] ?? '';
  const suffix = /[_. -][\p{L}]+$/u.exec(first)?.[0] ?? '';
  return [
    names.every((name) => name.startsWith(prefix)) ? prefix : '',
    names.every((name) => name.endsWith(suffix)) ? suffix : '',
  ];
}

function patternsOf(
  modalities: readonly Modality[],
  shapes: readonly Shape[],
  choose: (shape: Shape) => string,
): Patterns {
  return Object.fromEntries(
    modalities.flatMap((modality, index) => {
      const shape = shapes[index];
      return shape === undefined ? [] : [[modality, choose(shape)]];
    }),
  );
}

function byStem(items: Patterns, stem: StemRule): Candidate<StemPairing> {
  const dot = stem === 'up-to-first-dot' ? ' up to the first dot' : '';
  return {
    pairing: { layout: 'stem', items, stem, strength: 'strong' },
    description: `same name${dot}: ${inWords(items)}`,
    reasons: {
      layout: 'Files pair that have the same name, up to their extension, in the folders below.',
      items: 'Where the items of each modality lie, without the extension. {stem} names the pair.',
      strength: 'strong: files of one name show the same thing. Write weak if they only share a class.',
    },
  };
}

function byClass(items: Patterns): Candidate<ClassFolderPairing> {
  return {
    pairing: { layout: 'class-folders', items },
    description: `same class folder: ${inWords(items)}`,
    reasons: {
      layout: 'Files share a class but no name, so each one is paired with some file of its class: the pairs are weak.',
      items: 'Where the items of each modality lie, without the extension.',
    },
  };
}

function inWords(items: Patterns): string {
  return Object.values(items).join(' ↔ ');
}
