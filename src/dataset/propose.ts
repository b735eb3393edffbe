import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import * as z from 'zod';
import { InputError, throwIfCancelled } from '../base/errors.ts';
import { writeAtomically } from '../base/files.ts';
import type { Job } from '../base/progress.ts';
import { mediaTypeOf } from '../modality/modality.ts';
import type { Modality } from '../protocol.ts';
import { DatasetConfig, modalitiesOf } from './config.ts';
import type { Candidate, Folder } from './formats/format.ts';
import { type Pairing, proposePairings, readPairing } from './formats/formats.ts';
import { nothingPairs } from './guess/nothing.ts';
import { writeYaml } from './guess/yaml.ts';
import { summarise as inOneSentence } from './huggingFace/describe.ts';
import { huggingFaceView } from './huggingFace/view.ts';
import { compareClasses, compareSplits, distinctLabels } from './labels.ts';
import { stageFiles } from './listing.ts';
import { DATASET_FILE } from './ownFiles.ts';
import { resolveFindings } from './resolve.ts';
import { firstErrors, Staging } from './staging.ts';
import { FileEntry } from './walk.ts';

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
  /** Groups of items that could pair in more than one way, so that none of them does. */
  readonly ambiguous: number;
  /** The first ten. */
  readonly examples: { key: string; items: string[] }[];
  readonly classes: string[];
  readonly splits: string[];
  /** What Hugging Face `datasets` itself would load of this folder, and what it would leave out. */
  readonly huggingFace: string;
}

const EXAMPLES = 10;
const ALTERNATIVES = 5;
/** Media in a folder of this name, with nothing else around, make it the root. */
const DATA_FOLDER = 'data';

/**
 * Looks at a folder and proposes its pairlab.yaml: every layout that names and tables suggest is tried, and those that
 * pair anything are given, the one that fits best first. Reads no media. Throws {@link InputError} when there is nothing
 * to pair.
 */
export async function proposeDatasets(folder: string, job: Job = {}): Promise<Proposal[]> {
  const workspace = resolve(folder);
  const files = await filesOf(workspace, job);
  const media = files.filter(({ path }) => mediaTypeOf(path) !== undefined);
  const root = media.length > 0 && media.every(({ path }) => path.startsWith(`${DATA_FOLDER}/`)) ? DATA_FOLDER : '.';
  const refused = new Set<string>();
  const below = {
    root: join(workspace, root),
    files: filesBelow(files, root),
    refuse: (why: string) => refused.add(why),
  };
  const tries = await tryAll(below, job);
  if (tries.length === 0) throw nothingPairs(workspace, files, [...refused]);
  const name = nameOf(workspace);
  const view = await huggingFaceView(
    workspace,
    files.map(({ path }) => path),
  );
  const huggingFace = inOneSentence(view);
  return tries
    .slice(0, 1 + ALTERNATIVES)
    .map((own) =>
      toProposal(name, root, own, tries.filter((other) => other !== own).slice(0, ALTERNATIVES), huggingFace),
    );
}

/** Proposes and writes `<folder>/pairlab.yaml` of the best proposal, or of another; refuses to overwrite one without `force`. */
export async function initDataset(
  folder: string,
  options: { force?: boolean; choice?: number } = {},
  job: Job = {},
): Promise<Proposal & { written: string; alternatives: Proposal[] }> {
  const written = join(resolve(folder), DATASET_FILE);
  if (options.force !== true && (await stat(written).catch(() => undefined)) !== undefined) {
    throw new InputError(`${written} is there already. Use --force to overwrite it.`);
  }
  const proposals = await proposeDatasets(folder, job);
  const { choice = 1 } = options;
  const chosen = proposals[choice - 1];
  if (chosen === undefined) {
    throw new InputError(
      `There is no proposal ${choice}: there are ${proposals.length}. \`pairlab init --list\` shows them.`,
    );
  }
  throwIfCancelled(job.signal);
  await writeAtomically(written, chosen.yaml);
  return { ...chosen, written, alternatives: proposals.filter((proposal) => proposal !== chosen) };
}

async function filesOf(folder: string, job: Job): Promise<FileEntry[]> {
  const staging = await Staging.create(folder);
  try {
    await stageFiles(staging, job);
    return await staging.database.query('SELECT path, bytes, modified FROM files ORDER BY path', {}, FileEntry);
  } finally {
    await staging.close();
  }
}

function filesBelow(files: readonly FileEntry[], root: string): FileEntry[] {
  const prefix = root === '.' ? '' : `${root}/`;
  return files
    .filter(({ path }) => path.startsWith(prefix))
    .map((file) => ({ ...file, path: file.path.slice(prefix.length) }));
}

interface Try {
  readonly candidate: Candidate<Pairing>;
  readonly matched: number;
  readonly unmatched: number;
  readonly matchRate: number;
  readonly ambiguous: number;
  readonly score: number;
  readonly classes: string[];
  readonly splits: string[];
  readonly examples: { key: string; items: string[] }[];
}

/** Every candidate that gives a pair, best first; the others are refused. */
async function tryAll(folder: Folder, job: Job): Promise<Try[]> {
  const candidates = distinct(await proposePairings(folder, job));
  const tries: Try[] = [];
  const staging = await Staging.create(folder.root);
  try {
    for (const file of folder.files) staging.file(file);
    for (const [index, candidate] of candidates.entries()) {
      job.progress?.({ stage: 'trying layouts', done: index, total: candidates.length });
      await staging.clear();
      try {
        await readPairing(candidate.pairing, staging, job);
        await resolveFindings(staging, candidate.pairing, job);
        const judged = await judge(candidate, staging);
        if (judged.matched > 0) tries.push(judged);
        else for (const sentence of await firstErrors(staging)) folder.refuse(sentence);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        folder.refuse(error.message);
      }
    }
  } finally {
    await staging.close();
  }
  job.progress?.({ stage: 'trying layouts', done: candidates.length, total: candidates.length });
  return tries.sort((a, b) => b.score - a.score);
}

function distinct(candidates: readonly Candidate<Pairing>[]): Candidate<Pairing>[] {
  return [...new Map(candidates.map((candidate) => [JSON.stringify(candidate.pairing), candidate])).values()];
}

/** How much of the score a layout is worth by itself: one that says how things pair is better than names that suggest it. */
const LAYOUT_SCORES: Readonly<Partial<Record<Pairing['layout'], number>>> = {
  stem: 0,
  'class-folders': -0.3,
  table: 0.05,
  vectors: 0.05,
};
const NAMED_LAYOUT_SCORE = 0.1;

const Judged = z.object({ matched: z.number(), alone: z.number(), leftOut: z.number(), ambiguous: z.number() });
const Labels = z.object({ classes: z.array(z.string()), splits: z.array(z.string()) });
const Example = z.object({ key: z.string(), items: z.array(z.string()) });

/**
 * Counts the items in pairs against all items and the files of the same modalities that the layout leaves out. Of layouts
 * that match as much, one that tells more (modalities, classes, splits) is better.
 */
async function judge(candidate: Candidate<Pairing>, { database }: Staging): Promise<Try> {
  database.flush();
  const modalities = modalitiesOf({ name: '', root: '', pairing: candidate.pairing });
  const inList = modalities.map((modality) => `'${modality}'`).join(', ');
  const [judged] = await database.query(
    `WITH paired AS (SELECT firstItem AS id FROM pairs UNION SELECT secondItem FROM pairs)
      SELECT (SELECT count(*) FROM paired) AS matched,
        (SELECT count(*) FROM items ANTI JOIN paired USING (id)) AS alone,
        (SELECT count(*) FROM files ANTI JOIN items USING (path) ANTI JOIN claims USING (path)
          WHERE files.modality IN (${inList})) AS leftOut,
        (SELECT count(*) FROM problems WHERE kind = 'ambiguous-pairing') AS ambiguous`,
    {},
    Judged,
  );
  const [labels] = await database.query(
    `SELECT coalesce(list(DISTINCT class) FILTER (class IS NOT NULL), []) AS classes,
      coalesce(list(DISTINCT split) FILTER (split IS NOT NULL), []) AS splits FROM pairs`,
    {},
    Labels,
  );
  const examples = await database.query(
    `SELECT key, list_distinct(list_concat(list(firstItem), list(secondItem))) AS items
      FROM pairs GROUP BY key ORDER BY key LIMIT ${EXAMPLES}`,
    {},
    Example,
  );
  const { matched, alone, leftOut, ambiguous } = judged ?? { matched: 0, alone: 0, leftOut: 0, ambiguous: 0 };
  const unmatched = alone + leftOut;
  const matchRate = matched === 0 ? 0 : matched / (matched + unmatched);
  const classes = distinctLabels(labels?.classes ?? [], compareClasses);
  const splits = distinctLabels(labels?.splits ?? [], compareSplits);
  const tells = 0.1 * modalities.length + (classes.length > 0 ? 0.05 : 0) + (splits.length > 0 ? 0.05 : 0);
  const score = matchRate + tells + (LAYOUT_SCORES[candidate.pairing.layout] ?? NAMED_LAYOUT_SCORE);
  return { candidate, matched, unmatched, matchRate, ambiguous, score, classes, splits, examples };
}

function toProposal(name: string, root: string, own: Try, others: readonly Try[], huggingFace: string): Proposal {
  const { candidate, matched, unmatched, matchRate, ambiguous, classes, splits, examples } = own;
  const findings = [
    `Proposed from what lies here: ${percent(matchRate)} of ${matched + unmatched} items pair, ${classes.length} classes, ${splits.length} splits.`,
    huggingFace,
    ...others.map((other) => `Also possible: ${other.candidate.description} (${percent(other.matchRate)}).`),
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
    ambiguous,
    examples,
    classes,
    splits,
    huggingFace,
  };
}

/** The folder's name, without what a dataset's name may not hold. */
function nameOf(folder: string): string {
  const name = basename(folder)
    .replace(/[^\p{L}\p{N}\p{M} ._-]/gu, '_')
    .replace(/^[^\p{L}\p{N}_]+/u, '');
  return name === '' ? 'dataset' : name;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
