import { posix } from 'node:path';
import { mediaTypeOf } from '../../modality/modality.ts';
import { Modality } from '../../protocol.ts';
import { resolvePath } from '../formats/paths.ts';
import type { FileEntry } from '../walk.ts';
import { byFrequency, isSplitName } from './names.ts';

/** What the values of a column look like. */
export type Guess =
  | { readonly kind: 'path'; readonly modality: Modality; readonly folder: string }
  | {
      readonly kind: 'text' | 'class' | 'split' | 'id' | 'speaker' | 'source';
      readonly rank: number;
      readonly distinct: number;
    }
  | { readonly kind: 'other' };

/** A column holds paths when this share of them lead to files; others are missing. */
const PATHS = 0.5;
const NAMES = {
  text: 'text caption sentence transcript transcription description utterance title prompt question'.split(' '),
  class: 'class label category class_name concept genre species topic group subclass subcategory subgroup'.split(' '),
  split: 'split subset partition set fold'.split(' '),
  speaker: 'speaker speaker_id speakerid client_id spk voice'.split(' '),
  source: 'source source_id recording recording_id video video_id youtube_id session session_id'.split(' '),
  id: 'pair_id id key uid uuid sample_id utt_id utterance_id name'.split(' '),
};
const WORDS_OF_A_TEXT = 3;

export class ColumnGuesser {
  readonly #files: ReadonlySet<string>;
  readonly #byName = new Map<string, string>();

  constructor(files: readonly FileEntry[]) {
    this.#files = new Set(files.map(({ path }) => path));
    for (const { path } of files) this.#byName.set(posix.basename(path), path);
  }

  /** `tableFolder` is relative to the root; `values` are those that are there. */
  guess(name: string, values: readonly string[], tableFolder: string): Guess {
    if (values.length === 0) return { kind: 'other' };
    const path = this.#guessPath(values, tableFolder);
    if (path !== undefined) return path;
    const distinct = new Set(values).size;
    const rankIn = (kind: keyof typeof NAMES): number => NAMES[kind].indexOf(name.toLowerCase());
    if (rankIn('split') >= 0 || (distinct > 1 && values.every(isSplitName))) {
      return { kind: 'split', rank: Math.max(0, rankIn('split')), distinct };
    }
    const repeats = distinct > 1 && distinct <= values.length / 2;
    for (const kind of ['speaker', 'source'] as const) {
      if (rankIn(kind) >= 0 && distinct > 1 && distinct < values.length) return { kind, rank: rankIn(kind), distinct };
    }
    if (rankIn('class') >= 0 && repeats) return { kind: 'class', rank: rankIn('class'), distinct };
    if (rankIn('id') >= 0 && distinct === values.length) return { kind: 'id', rank: rankIn('id'), distinct };
    if (rankIn('text') >= 0) return { kind: 'text', rank: rankIn('text'), distinct };
    if (isProse(values) && !repeats) return { kind: 'text', rank: NAMES.text.length, distinct };
    return { kind: 'other' };
  }

  /** True when a value leads from the folder to a file. */
  leadsToFile(value: string, folder: string): boolean {
    return this.#resolved([value], folder).length > 0;
  }

  #guessPath(values: readonly string[], tableFolder: string): Guess | undefined {
    const folders = [tableFolder, '.', ...this.#foldersOf(values)];
    const best = folders
      .map((folder) => ({ folder, found: this.#resolved(values, folder) }))
      .reduce((a, b) => (b.found.length > a.found.length ? b : a));
    const share = best.found.length / values.length;
    const [commonest] = byFrequency(best.found.map((path) => mediaTypeOf(path)?.modality ?? 'other'));
    const modality = Modality.safeParse(commonest?.value).data;
    return share < PATHS || modality === undefined ? undefined : { kind: 'path', modality, folder: best.folder };
  }

  #resolved(values: readonly string[], folder: string): string[] {
    return values.flatMap((value) => {
      const path = resolvePath(value, folder);
      return path !== undefined && this.#files.has(path) ? [path] : [];
    });
  }

  /** Folders below which files of these names lie: `clips` for `a.wav` and `clips/a.wav`. */
  #foldersOf(values: readonly string[]): string[] {
    const folders = values.slice(0, 20).flatMap((value) => {
      const path = this.#byName.get(posix.basename(value));
      return path?.endsWith(`/${value}`) ? [path.slice(0, -value.length - 1)] : [];
    });
    return byFrequency(folders)
      .slice(0, 2)
      .map(({ value }) => value);
  }
}

function isProse(values: readonly string[]): boolean {
  if (values.every((value) => /^[[{]/.test(value))) return false;
  const words = values.map(
    (value) =>
      value
        .trim()
        .split(/\s+/)
        .filter((word) => /\p{L}/u.test(word)).length,
  );
  return words.reduce((sum, count) => sum + count, 0) >= WORDS_OF_A_TEXT * values.length;
}
