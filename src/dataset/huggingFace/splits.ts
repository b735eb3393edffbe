import { compileGlob, hasWildcard } from '../glob.ts';

/**
 * Which files Hugging Face `datasets` reads and into which splits it puts them, by their paths alone: `data_files.py`
 * (July 2026) with the globs of fsspec 2023.12 and later.
 */

/** What told the splits apart, in the order in which it is tried. */
export type SplitRule = 'data_files' | 'shard names' | 'logs' | 'folder names' | 'file names' | 'none';

export interface Splits {
  readonly rule: SplitRule;
  /** Files by split. A file may be in several, and it stands as often in one as there are patterns that match it. */
  readonly files: ReadonlyMap<string, readonly string[]>;
}

const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  train: ['train', 'training'],
  validation: ['validation', 'valid', 'dev', 'val'],
  test: ['test', 'testing', 'eval', 'evaluation'],
};
/** What a keyword stands between. */
const BORDER = '[-._ 0-9]';
const IGNORED_NAMES: ReadonlySet<string> = new Set([
  'README.md',
  'config.json',
  'dataset_info.json',
  'dataset_infos.json',
  'dummy_data.zip',
  'dataset_dict.json',
]);

const SHARD = /^data\/[^/]*-[0-9]{5}-of-[0-9]{5}[^/]*\.[^/]*$/;
const SPLIT_OF_SHARD = /^(.+)-[0-9]{5}-of-[0-9]{4}/;
const SPLIT_NAME = /^[\p{L}\p{N}_]+(\.[\p{L}\p{N}_]+)*$/u;

/** Names that it never takes for data: it looks for settings in them, or for nothing at all. */
export function isIgnored(path: string): boolean {
  return IGNORED_NAMES.has(path.slice(path.lastIndexOf('/') + 1));
}

/** Names that begin with a dot and folders that begin with `__`. */
export function isHidden(path: string): boolean {
  const parts = path.split('/');
  return parts.some((part) => part.startsWith('.')) || parts.slice(0, -1).some((part) => part.startsWith('__'));
}

/** The splits of a folder without settings of its own. Returns the reason when it cannot be loaded. */
export function inferSplits(paths: readonly string[]): Splits | { readonly failure: string } {
  const files = paths.filter((path) => !isIgnored(path) && !isHidden(path));
  if (files.length === 0) return { failure: 'it holds no data file' };
  const shards = files.filter((path) => SHARD.test(path));
  if (shards.length > 0) return splitsOfShards(shards);
  const logs = files.filter((path) => path.endsWith('.eval'));
  if (logs.length > 0) return { rule: 'logs', files: new Map([['logs', logs]]) };
  for (const [rule, timesOf] of [
    ['folder names', countByFolder],
    ['file names', countByName],
  ] as const) {
    const found = Object.entries(KEYWORDS).map(([split, words]): [string, string[]] => {
      const count = timesOf(words);
      return [split, files.flatMap((path) => Array.from({ length: count(path) }, () => path))];
    });
    const filled = found.filter(([, list]) => list.length > 0);
    if (filled.length > 0) return { rule, files: new Map(filled) };
  }
  return { rule: 'none', files: new Map([['train', files]]) };
}

/** The splits that patterns give, as in the `data_files` of a README. Returns the reason when it cannot be loaded. */
export function selectSplits(
  paths: readonly string[],
  patterns: ReadonlyMap<string, readonly string[]>,
): Splits | { readonly failure: string } {
  const files = new Map<string, string[]>();
  for (const [split, list] of patterns) {
    const found: string[] = [];
    for (const pattern of list) {
      const fits = compileGlob(pattern);
      if (fits === undefined) return { failure: `the pattern "${pattern}" has "**" beside other characters` };
      const matching = paths.filter((path) => fits(path) && isAskedFor(path, pattern));
      if (matching.length === 0 && !hasWildcard(pattern)) return { failure: `"${pattern}" is not there` };
      found.push(...matching);
    }
    files.set(split, found);
  }
  return { rule: 'data_files', files };
}

/** Hidden and ignored names count only when the pattern itself names them. */
function isAskedFor(path: string, pattern: string): boolean {
  const name = (text: string): string => text.slice(text.lastIndexOf('/') + 1);
  if (isIgnored(path) && name(path) !== name(pattern)) return false;
  const count = (text: string, start: string): number =>
    text.split('/').filter((part) => part.startsWith(start) && !/^\.+$/.test(part)).length;
  const folders = (text: string): string => text.slice(0, Math.max(0, text.lastIndexOf('/')));
  return count(path, '.') === count(pattern, '.') && count(folders(path), '__') === count(folders(pattern), '__');
}

function splitsOfShards(shards: readonly string[]): Splits | { readonly failure: string } {
  const files = new Map<string, string[]>();
  for (const path of shards) {
    const split = SPLIT_OF_SHARD.exec(path.slice('data/'.length))?.[1] ?? '';
    if (!SPLIT_NAME.test(split)) return { failure: `"${split}" of ${path} cannot be the name of a split` };
    files.set(split, [...(files.get(split) ?? []), path]);
  }
  const usual = Object.keys(KEYWORDS);
  const rank = (split: string): number => usual.indexOf(split) >>> 0;
  const ordered = [...files].sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return { rule: 'shard names', files: new Map(ordered) };
}

/**
 * How many of the patterns for a split match a path by a folder of it. There are four for each keyword: the whole name,
 * its start, its end, or a word within it; words end at `-`, `.`, `_`, a space or a digit.
 */
function countByFolder(words: readonly string[]): (path: string) => number {
  const any = new RegExp(`(?:^|/)(?:[^/]*${BORDER})?(?:${words.join('|')})(?:${BORDER}[^/]*)?/`);
  const patterns = words.flatMap((word) =>
    ['', `${BORDER}[^/]*`].flatMap((end) =>
      ['', `[^/]*${BORDER}`].map((start) => new RegExp(`(?:^|/)${start}${word}${end}/`)),
    ),
  );
  const counts = new Map<string, number>();
  return (path) => {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const known = counts.get(folder);
    if (known !== undefined) return known;
    const count = any.test(folder) ? patterns.filter((pattern) => pattern.test(folder)).length : 0;
    counts.set(folder, count);
    return count;
  };
}

/** The same for the name of the file; there, something must follow the keyword. */
function countByName(words: readonly string[]): (path: string) => number {
  const any = new RegExp(`^(?:.*${BORDER})?(?:${words.join('|')})${BORDER}`, 's');
  const patterns = words.flatMap((word) =>
    ['', `.*${BORDER}`].map((start) => new RegExp(`^${start}${word}${BORDER}`, 's')),
  );
  return (path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return any.test(name) ? patterns.filter((pattern) => pattern.test(name)).length : 0;
  };
}
