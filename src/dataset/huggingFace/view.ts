import { posix } from 'node:path';
import { chooseLoader, givesClass, isFolderLoader, isLoadable, isMetadata, type Loader, roleOf } from './loaders.ts';
import { readCard, readDataFiles } from './readme.ts';
import { inferSplits, isHidden, isIgnored, type SplitRule, type Splits, selectSplits } from './splits.ts';

/** Why Hugging Face `datasets` leaves a file out, without a word. */
export type DropReason =
  | 'special-folder'
  | 'not-in-data-files'
  | 'other-than-shards'
  | 'no-split-in-path'
  | 'extension'
  | 'other-loader'
  | 'split-without-metadata'
  | 'not-in-metadata';

/** What `load_dataset` of Hugging Face would do with a folder. */
export interface HuggingFaceView {
  /** `imagefolder`, `csv`, …; `archives` when the names inside zip files decide; absent when nothing can be loaded. */
  readonly loader?: string;
  readonly rule?: SplitRule;
  /** How many files each split takes its samples from; with metadata, those that its rows may name. */
  readonly splits: ReadonlyMap<string, readonly string[]>;
  /** The metadata files that are read. */
  readonly metadata: readonly string[];
  /** Classes by folder; none when metadata is read. */
  readonly classes: readonly string[];
  readonly dropped: ReadonlyMap<DropReason, readonly string[]>;
  /** Files that land in several splits. */
  readonly shared: readonly string[];
  /** Files that are loaded more than once into one split. */
  readonly repeated: readonly string[];
  /** All files but those that are settings of Hugging Face itself (README.md, config.json, …). */
  readonly files: number;
  /** Why nothing can be loaded, as a clause. */
  readonly failure?: string;
}

/** What is known beyond the names of the files. */
export interface Known {
  /** The text of README.md in the root. */
  readonly readme?: string | undefined;
  /** Paths that rows of the metadata files name; absent when they were not read. */
  readonly named?: ReadonlySet<string> | undefined;
}

/**
 * What Hugging Face `datasets` would do with the files of a folder: the loader that it chooses, the splits, the classes,
 * and every file that it leaves out with the reason. A function of the names alone; nothing is opened.
 *
 * @param paths relative to the folder, with "/"
 */
export function viewFolder(paths: readonly string[], { readme, named }: Known = {}): HuggingFaceView {
  const dropped = new Map<DropReason, string[]>();
  const drop = (reason: DropReason, path: string): void => {
    const list = dropped.get(reason);
    if (list === undefined) dropped.set(reason, [path]);
    else list.push(path);
  };
  const files = paths.filter((path) => !isIgnored(path));
  const empty = {
    splits: new Map(),
    metadata: [],
    classes: [],
    dropped,
    shared: [],
    repeated: [],
    files: files.length,
  };
  const splits = findSplits(paths, readme);
  if ('failure' in splits) return { ...empty, failure: splits.failure };

  const inSplit = new Set([...splits.files.values()].flat());
  for (const path of files) if (!inSplit.has(path)) drop(reasonOutside(path, splits.rule), path);
  for (const path of inSplit) if (!isLoadable(path)) drop('extension', path);
  const loadable = mapValues(splits.files, (list) => list.filter(isLoadable));
  const loader = agreeOnLoader(loadable);
  if ('failure' in loader) return { ...empty, rule: splits.rule, failure: loader.failure };
  for (const path of inSplit) if (isLoadable(path) && roleOf(loader, path) === 'none') drop('other-loader', path);

  const metadata = isFolderLoader(loader) ? [...inSplit].filter((path) => isMetadata(path)) : [];
  const common = { ...empty, loader: loader.name, rule: splits.rule, metadata, shared: sharedOf(splits) };
  const extensions = new Set(metadata.map((path) => posix.extname(path)));
  if (extensions.size > 1) {
    return { ...common, failure: `its metadata files have several formats (${[...extensions].sort().join(', ')})` };
  }
  const listed = mapValues(loadable, (list) => list.filter((path) => roleOf(loader, path) === 'data'));
  const data = mapValues(listed, (list) => [...new Set(list)]);
  if (metadata.length === 0) {
    const classes = classesOf(loader, [...data.values()].flat());
    return { ...common, splits: data, classes, repeated: repeatedOf(listed) };
  }
  const kept = new Map<string, string[]>();
  for (const [split, list] of data) {
    const hasMetadata = (splits.files.get(split) ?? []).some((path) => isMetadata(path));
    kept.set(split, hasMetadata ? list.filter((path) => named?.has(path) ?? true) : []);
  }
  const keptAnywhere = new Set([...kept.values()].flat());
  for (const path of new Set([...data.values()].flat())) {
    if (keptAnywhere.has(path)) continue;
    drop(named?.has(path) === false ? 'not-in-metadata' : 'split-without-metadata', path);
  }
  return { ...common, splits: kept };
}

/** {@link viewFolder} of a folder on disk, with its README.md. Metadata files are not read. */
export async function huggingFaceView(root: string, paths: readonly string[]): Promise<HuggingFaceView> {
  return viewFolder(paths, { readme: paths.includes('README.md') ? await readCard(root) : undefined });
}

/** The split of each file when anything tells splits apart; the first one of a file in several. */
export function splitsByPath(paths: readonly string[], readme: string | undefined): Map<string, string> {
  const splits = findSplits(paths, readme);
  const byPath = new Map<string, string>();
  if ('failure' in splits || splits.rule === 'none') return byPath;
  for (const [split, files] of splits.files) {
    for (const path of files) if (!byPath.has(path)) byPath.set(path, split);
  }
  return byPath;
}

function findSplits(paths: readonly string[], readme: string | undefined): Splits | { readonly failure: string } {
  const asked = readme === undefined ? undefined : readDataFiles(readme);
  if (asked === undefined) return inferSplits(paths);
  const { folder, patterns } = asked;
  const below = paths.filter((path) => path.startsWith(folder)).map((path) => path.slice(folder.length));
  const splits = patterns === undefined ? inferSplits(below) : selectSplits(below, patterns);
  if ('failure' in splits) return splits;
  return { rule: splits.rule, files: mapValues(splits.files, (list) => list.map((path) => folder + path)) };
}

function agreeOnLoader(splits: ReadonlyMap<string, readonly string[]>): Loader | { readonly failure: string } {
  const [first, ...others] = [...splits].map(([split, files]) => ({ split, loader: chooseLoader(files) }));
  const archives = [first, ...others].find((split) => split?.loader?.name === 'archives')?.loader;
  if (archives !== undefined) return archives;
  const other = others.find(
    ({ loader }) => loader?.name !== first?.loader?.name || loader?.variant !== first?.loader?.variant,
  );
  if (other !== undefined) {
    const inWords = ({ split, loader }: typeof other): string => `${split} (${loader?.name ?? 'no known format'})`;
    return { failure: `its splits need different loaders: ${[first ?? other, other].map(inWords).join(' and ')}` };
  }
  return first?.loader ?? { failure: 'it holds no file in a format that it knows' };
}

/** A folder loader names classes only when all files lie equally deep and in more than one folder. */
function classesOf(loader: Loader, files: readonly string[]): string[] {
  if (!isFolderLoader(loader)) return [];
  const labelled = files.filter((path) => givesClass(loader, path));
  const depths = new Set(labelled.map((path) => path.split('/').length));
  const classes = new Set(labelled.map((path) => posix.basename(posix.dirname(path))));
  return classes.size > 1 && depths.size === 1 ? [...classes].sort() : [];
}

function reasonOutside(path: string, rule: SplitRule): DropReason {
  if (rule === 'data_files') return 'not-in-data-files';
  if (isHidden(path)) return 'special-folder';
  return rule === 'shard names' ? 'other-than-shards' : 'no-split-in-path';
}

function sharedOf({ files }: Splits): string[] {
  if (files.size === 1) return [];
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const list of files.values()) {
    for (const path of new Set(list)) {
      if (seen.has(path)) shared.add(path);
      seen.add(path);
    }
  }
  return [...shared];
}

function repeatedOf(splits: ReadonlyMap<string, readonly string[]>): string[] {
  const repeated = new Set<string>();
  for (const list of splits.values()) {
    const seen = new Set<string>();
    for (const path of list) {
      if (seen.has(path)) repeated.add(path);
      seen.add(path);
    }
  }
  return [...repeated];
}

function mapValues<V, W>(map: ReadonlyMap<string, V>, change: (value: V) => W): Map<string, W> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}
