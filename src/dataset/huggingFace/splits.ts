import { globToRegExp, hasWildcard } from './glob.ts';

/**
 * Which files Hugging Face `datasets` reads and into which splits it puts them, by their paths alone: `data_files.py`
 * (July 2026) with the globs of fsspec 2023.12 and later.
 */

/** What told the splits apart, in the order in which it is tried. */
export type SplitRule = 'data_files' | 'shard names' | 'logs' | 'folder names' | 'file names' | 'none';

export interface Splits {
  readonly rule: SplitRule;
  /** Files by split; a file may be in several, or several times in a pattern of one. */
  readonly files: ReadonlyMap<string, readonly string[]>;
}

const KEYWORDS: Readonly<Record<string, string>> = {
  train: 'train|training',
  validation: 'validation|valid|dev|val',
  test: 'test|testing|eval|evaluation',
};
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
  for (const [rule, expressions] of [
    ['folder names', FOLDER_EXPRESSIONS],
    ['file names', FILE_EXPRESSIONS],
  ] as const) {
    const found = expressions.map(([split, expression]): [string, string[]] => [
      split,
      files.filter((path) => expression.test(path)),
    ]);
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
    const found = new Set<string>();
    for (const pattern of list) {
      const expression = globToRegExp(pattern);
      if (expression === undefined) return { failure: `the pattern "${pattern}" has "**" beside other characters` };
      const matching = paths.filter((path) => expression.test(path) && isAskedFor(path, pattern));
      if (matching.length === 0 && !hasWildcard(pattern)) return { failure: `"${pattern}" is not there` };
      for (const path of matching) found.add(path);
    }
    files.set(split, [...found]);
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

/** A keyword is a whole word of a folder's name; words end at `-`, `.`, `_`, a space or a digit. */
const FOLDER_EXPRESSIONS = Object.entries(KEYWORDS).map(([split, words]): [string, RegExp] => [
  split,
  new RegExp(`(?:^|/)(?:[^/]*${BORDER})?(?:${words})(?:${BORDER}[^/]*)?/.`, 's'),
]);

/** In a file's name, something must follow the keyword. */
const FILE_EXPRESSIONS = Object.entries(KEYWORDS).map(([split, words]): [string, RegExp] => [
  split,
  new RegExp(`(?:^|/)(?:[^/]*${BORDER})?(?:${words})${BORDER}[^/]*$`),
]);
