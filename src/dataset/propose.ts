import { stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { InputError, throwIfCancelled } from '../base/errors.ts';
import { writeAtomically } from '../base/files.ts';
import type { Job } from '../base/progress.ts';
import { mediaTypeOf } from '../modality/modality.ts';
import { Modality } from '../protocol.ts';
import { DATASET_FILE, DatasetConfig, isOwnFile, modalitiesOf } from './config.ts';
import { type Found, find, lonersOf } from './find.ts';
import type { FoundPair } from './formats/format.ts';
import { isTable } from './formats/rows.ts';
import { byFrequency, type Candidate } from './guess/candidate.ts';
import { folderCandidates } from './guess/folders.ts';
import { tableCandidates } from './guess/tables.ts';
import { writeYaml } from './guess/yaml.ts';
import { compareClasses, compareSplits, distinctLabels } from './labels.ts';
import { type FileEntry, listFiles } from './walk.ts';

export interface Alternative {
  readonly description: string;
  readonly matchRate: number;
}

/** A dataset file that fits what a folder holds, and how well. */
export interface Proposal {
  readonly yaml: string;
  readonly description: string;
  readonly layout: string;
  readonly modalities: Modality[];
  /** Share of the items and other media files of these modalities that take part in a pair, in [0, 1]. */
  readonly matchRate: number;
  readonly matched: number;
  readonly unmatched: number;
  /** The first ten. */
  readonly examples: { key: string; items: string[] }[];
  /** What else was tried, best first. */
  readonly alternatives: Alternative[];
  readonly classes: string[];
  readonly splits: string[];
}

const EXAMPLES = 10;
const ALTERNATIVES = 5;
/** Media in a folder of this name, with nothing else around, make it the root. */
const DATA_FOLDER = 'data';

/**
 * Looks at a folder and proposes its pairlab.yaml: every layout that names and tables suggest is tried, and the one that
 * pairs most is taken. Reads no media. Throws {@link InputError} when there is nothing to pair.
 */
export async function proposeDataset(folder: string, job: Job = {}): Promise<Proposal> {
  const workspace = resolve(folder);
  const { files } = await listFiles(workspace, job);
  const media = files.filter(({ path }) => mediaTypeOf(path) !== undefined && !isOwnFile(path));
  checkMedia(workspace, files, media);
  const root = media.every(({ path }) => path.startsWith(`${DATA_FOLDER}/`)) ? DATA_FOLDER : '.';
  const tries = await tryAll(join(workspace, root), filesBelow(files, root), job);
  const [best, ...others] = tries;
  if (best === undefined) {
    throw new InputError(
      `${workspace} holds ${inCounts(media)}, but no two files pair by name, class folder or table. Give paired files the same name, or write a table (CSV) with a column for each modality.`,
    );
  }
  return toProposal(nameOf(workspace), root, best, others);
}

/** Proposes and writes `<folder>/pairlab.yaml`; refuses to overwrite one without `force`. */
export async function initDataset(
  folder: string,
  options: { force?: boolean } = {},
  job: Job = {},
): Promise<Proposal & { written: string }> {
  const written = join(resolve(folder), DATASET_FILE);
  if (options.force !== true && (await stat(written).catch(() => undefined)) !== undefined) {
    throw new InputError(`${written} is there already. Use --force to overwrite it.`);
  }
  const proposal = await proposeDataset(folder, job);
  throwIfCancelled(job.signal);
  await writeAtomically(written, proposal.yaml);
  return { ...proposal, written };
}

function checkMedia(workspace: string, files: readonly FileEntry[], media: readonly FileEntry[]): void {
  if (files.length === 0) throw new InputError(`${workspace} is empty: put pictures, sounds or texts into it.`);
  if (media.length === 0) {
    const extensions = byFrequency(files.map(({ path }) => extname(path) || 'no extension'));
    const seen = extensions.slice(0, 5).map(({ value, count }) => `${count} ${value}`);
    throw new InputError(`${workspace} holds no picture, sound or text, only other files: ${seen.join(', ')}.`);
  }
  const [only, another] = new Set(media.map(({ path }) => mediaTypeOf(path)?.modality));
  if (another === undefined && !files.some(({ path }) => isTable(path))) {
    throw new InputError(
      `${workspace} holds ${only} only (${media.length} files), but a pair links two modalities. Put its counterparts there, or a table (CSV) that describes the files.`,
    );
  }
}

function filesBelow(files: readonly FileEntry[], root: string): FileEntry[] {
  const prefix = root === '.' ? '' : `${root}/`;
  return files
    .filter(({ path }) => path.startsWith(prefix) && !isOwnFile(path))
    .map((file) => ({ ...file, path: file.path.slice(prefix.length) }));
}

interface Try {
  readonly candidate: Candidate;
  readonly found: Found;
  readonly matched: number;
  readonly unmatched: number;
  readonly matchRate: number;
  readonly score: number;
}

/** Every candidate that gives a pair, best first. */
async function tryAll(root: string, files: readonly FileEntry[], job: Job): Promise<Try[]> {
  const candidates = distinct([...(await tableCandidates(root, files)), ...folderCandidates(files)]);
  const place = { root, files, refused: new Set<string>() };
  const tries: Try[] = [];
  for (const [index, candidate] of candidates.entries()) {
    job.progress?.({ stage: 'trying layouts', done: index, total: candidates.length });
    const found = await find(candidate.pairing, place, job.signal);
    if (found.pairs.length > 0) tries.push(judge(candidate, found, files));
  }
  job.progress?.({ stage: 'trying layouts', done: candidates.length, total: candidates.length });
  return tries.sort((a, b) => b.score - a.score);
}

function distinct(candidates: readonly Candidate[]): Candidate[] {
  return [...new Map(candidates.map((candidate) => [JSON.stringify(candidate.pairing), candidate])).values()];
}

/**
 * Counts the items in pairs against all items and the files of the same modalities that the layout leaves out. Of layouts
 * that match as much, one that tells more (modalities, classes, splits) is better; a table says how things pair, names
 * only suggest it, and class folders give weak pairs only.
 */
function judge(candidate: Candidate, found: Found, files: readonly FileEntry[]): Try {
  const modalities = new Set<Modality>(modalitiesOf({ name: '', root: '', pairing: candidate.pairing }));
  const covered = new Set(found.items.map((item) => item.path));
  const leftOut = files.filter(({ path }) => {
    const modality = mediaTypeOf(path)?.modality;
    return modality !== undefined && modalities.has(modality) && !covered.has(path);
  });
  const loners = lonersOf(found).length;
  const matched = found.items.length - loners;
  const unmatched = loners + leftOut.length;
  const matchRate = matched / (matched + unmatched);
  const tells = (label: 'class' | 'split'): number =>
    found.pairs.some((pair) => pair[label] !== undefined) ? 0.05 : 0;
  const layoutBonus = { table: 0.05, stem: 0, 'class-folders': -0.3 }[candidate.pairing.layout];
  const score = matchRate + 0.1 * modalities.size + tells('class') + tells('split') + layoutBonus;
  return { candidate, found, matched, unmatched, matchRate, score };
}

function toProposal(name: string, root: string, best: Try, others: readonly Try[]): Proposal {
  const { candidate, found, matched, unmatched, matchRate } = best;
  const alternatives = others
    .slice(0, ALTERNATIVES)
    .map((other) => ({ description: other.candidate.description, matchRate: other.matchRate }));
  const classes = distinctLabels(
    found.pairs.map((pair) => pair.class),
    compareClasses,
  );
  const splits = distinctLabels(
    found.pairs.map((pair) => pair.split),
    compareSplits,
  );
  const findings = [
    `Proposed from what lies here: ${percent(matchRate)} of ${matched + unmatched} items pair, ${classes.length} classes, ${splits.length} splits.`,
    ...alternatives.map((other) => `Also possible: ${other.description} (${percent(other.matchRate)}).`),
  ];
  const config = DatasetConfig.parse({ name, root, pairing: candidate.pairing });
  return {
    yaml: writeYaml(config, candidate, findings),
    description: candidate.description,
    layout: candidate.pairing.layout,
    modalities: modalitiesOf(config),
    matchRate,
    matched,
    unmatched,
    examples: examplesOf(found.pairs),
    alternatives,
    classes,
    splits,
  };
}

function examplesOf(pairs: readonly FoundPair[]): { key: string; items: string[] }[] {
  const groups = new Map<string, Set<string>>();
  for (const { key, first, second } of pairs) {
    const group = groups.get(key) ?? new Set();
    if (!groups.has(key) && groups.size === EXAMPLES) break;
    groups.set(key, group.add(first.item).add(second.item));
  }
  return [...groups].map(([key, items]) => ({ key, items: [...items] }));
}

/** The folder's name, without what a dataset's name may not hold. */
function nameOf(folder: string): string {
  const name = basename(folder)
    .replace(/[^\p{L}\p{N}\p{M} ._-]/gu, '_')
    .replace(/^[^\p{L}\p{N}_]+/u, '');
  return name === '' ? 'dataset' : name;
}

function inCounts(media: readonly FileEntry[]): string {
  const counts = Modality.options.map((modality) => {
    const count = media.filter(({ path }) => mediaTypeOf(path)?.modality === modality).length;
    return `${count} ${modality}`;
  });
  return `${counts.join(', ')} files`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
