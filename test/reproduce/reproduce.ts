import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { exists } from '../../src/base/files.ts';
import { adviseOn } from '../../src/experiment/advice.ts';
import { loadExperiment } from '../../src/experiment/config.ts';
import { planRuns } from '../../src/experiment/plan.ts';
import { type Accuracy, accuraciesOf, readAccuracies, withEarlierAccuracies, writeAccuracies } from './accuracies.ts';
import { datasets, type ReproducedDataset } from './datasets.ts';
import { readFindings, withEarlier, writeFindings } from './findings.ts';
import { type Pairlab, pairlabAt } from './pairlab.ts';
import { Results } from './results.ts';
import { GRID_OF_ADVICE, rowsOf } from './rows.ts';
import { nameOfSettings, settingsOfExperiment } from './settings.ts';
import type { Advised } from './statements/advice.ts';
import { renderReproduction } from './table.ts';
import { measureTrials, readTrials, type TrialResults } from './trials/measure.ts';

const RunList = z.object({ runs: z.array(z.object({ id: z.string(), state: z.string() })) });
const ReportFiles = z.object({ files: z.object({ csv: z.string(), json: z.string() }) });

const SUFFIX = '.experiment.yaml';
/** Ends the name of a direction's experiment with all methods. */
const METHODS = '-methods';
/** The experiments that compare all methods of a family. */
const COMPARISONS = /-(methods|transfer)$/;

export interface Places {
  readonly cli: string;
  /** The folder of the files of the wasm backend. */
  readonly wasm: string;
  /** The experiment files: a folder for each dataset. */
  readonly experiments: string;
  /** Where datasets and runs are kept; what is there is used again, so a stopped reproduction goes on. */
  readonly work: string;
  /** The file to write. */
  readonly output: string;
  /** The file of what was found so far, on any machine. */
  readonly findings: string;
  /** The file of the accuracies of all methods so far, on any machine. */
  readonly accuracies: string;
  /** A line for who waits. */
  readonly tell: (line: string) => void;
}

/** What there is to judge by. */
interface Gathered {
  readonly names: string[];
  /** Of each experiment. */
  readonly settings: Map<string, string>;
  readonly results: Map<string, Results>;
  readonly trials: Map<string, TrialResults>;
  readonly advised: Advised[];
  /** About the datasets and what has not finished, in sentences. */
  readonly facts: string[];
}

interface Visit extends Places {
  readonly pairlab: Pairlab;
  readonly isChosen: (name: string) => boolean;
  readonly gathered: Gathered;
}

/**
 * Makes the datasets, runs the experiments and trials that are not finished, and writes the table of all statements.
 * @param chosen beginnings of experiments' names ("sample/text-image"), or of trials' ("sample/text-image-trials"); all when
 * empty. The table has what was ever run.
 */
export async function reproduce(places: Places, chosen: readonly string[]): Promise<void> {
  const isChosen = (name: string) => chosen.length === 0 || chosen.some((beginning) => name.startsWith(beginning));
  const gathered: Gathered = {
    names: [],
    settings: new Map(),
    results: new Map(),
    trials: new Map(),
    advised: [],
    facts: [],
  };
  const visit = { ...places, pairlab: pairlabAt(places.cli), isChosen, gathered };
  for (const dataset of datasets) await visitDataset(dataset, visit);
  const here = rowsOf({
    ...gathered,
    resultsOf: (name) => gathered.results.get(name),
    settingsOf: (names) => nameOfSettings(names.map((name) => gathered.settings.get(name) ?? '')),
  });
  const today = new Date().toISOString().slice(0, 10);
  const rows = withEarlier(here, await readFindings(places.findings), today);
  await writeFindings(places.findings, rows);
  const accuracies = await updateAccuracies(places.accuracies, gathered, today);
  await writeFile(places.output, renderReproduction(rows, accuracies, gathered.facts));
  for (const { id, data, verdict, effect } of rows) places.tell(`${id} ${data}: ${verdict} (${effect})`);
  places.tell(`Written: ${places.output}`);
}

/** Adds those of the experiments that compare methods to the ones that were found before. */
async function updateAccuracies(path: string, { settings, results }: Gathered, today: string): Promise<Accuracy[]> {
  const compared = new Map([...settings].filter(([name]) => COMPARISONS.test(name)));
  const here = [...compared].flatMap(([name, own]) => {
    const found = results.get(name);
    return found === undefined ? [] : accuraciesOf(name, own, found, today);
  });
  const accuracies = withEarlierAccuracies(here, await readAccuracies(path), compared);
  await writeAccuracies(path, accuracies);
  return accuracies;
}

async function visitDataset(dataset: ReproducedDataset, visit: Visit): Promise<void> {
  const { work, pairlab, gathered } = visit;
  const experiments = join(visit.experiments, dataset.name);
  const files = (await exists(experiments)) ? await readdir(experiments) : [];
  const names = files.map((file) => file.replace(SUFFIX, '')).sort();
  for (const name of names) {
    gathered.names.push(`${dataset.name}/${name}`);
    gathered.settings.set(`${dataset.name}/${name}`, await settingsOfExperiment(join(experiments, `${name}${SUFFIX}`)));
  }
  const folder = join(work, dataset.name);
  if (!(await prepare(dataset, folder, pairlab))) {
    gathered.facts.push(`${dataset.name}: not there. Set DATA to the folder that holds it.`);
    return;
  }
  gathered.facts.push(`${dataset.name}: ${dataset.what}.`);
  if (files.length > 0) await cp(experiments, folder, { recursive: true });
  for (const name of names) {
    await visitExperiment(`${dataset.name}/${name}`, join(folder, `${name}${SUFFIX}`), visit);
    if (dataset.hasTrials && name.endsWith(METHODS)) await visitTrials(dataset.name, name, folder, visit);
  }
}

async function visitExperiment(name: string, path: string, visit: Visit): Promise<void> {
  const { pairlab, isChosen, tell, gathered } = visit;
  if (isChosen(name)) {
    tell(`── ${name} ──`);
    pairlab('run', path);
  }
  const found = await read(path, pairlab);
  if (found === undefined) return;
  gathered.results.set(name, found);
  if (GRID_OF_ADVICE.test(name)) gathered.advised.push(...(await adviceOn(name, path, found)));
  const unfinished = found.report.notes.filter((note) => note.includes('not finished'));
  gathered.facts.push(...unfinished.map((note) => `${name}: ${note}`));
}

/** The trials on the data of the experiment with all methods of a direction. */
async function visitTrials(dataset: string, name: string, folder: string, visit: Visit): Promise<void> {
  const direction = name.slice(0, -METHODS.length);
  const stored = join(folder, 'trials', `${direction}.json`);
  if (visit.isChosen(`${dataset}/${direction}-trials`)) {
    await measureTrials(stored, join(folder, `${name}${SUFFIX}`), visit);
  }
  visit.gathered.trials.set(`${dataset}/${direction}`, await readTrials(stored));
}

async function prepare(dataset: ReproducedDataset, folder: string, pairlab: Pairlab): Promise<boolean> {
  if (await exists(join(folder, 'pairlab.yaml'))) return true;
  await mkdir(folder, { recursive: true });
  if (!(await dataset.make(folder, pairlab))) return false;
  pairlab('index', folder);
  return true;
}

/** What is said before training about an experiment with CROMA and scratch, and how that came out. */
async function adviceOn(name: string, path: string, results: Results): Promise<Advised[]> {
  if (!results.has('croma') || !results.has('scratch')) return [];
  const { verdict } = await adviseOn(path);
  return [{ name, advice: verdict, gain: results.differenceOverShots('croma', 'scratch') }];
}

/** What its finished runs have shown; nothing before the first one with the settings that the file has now. */
async function read(path: string, pairlab: Pairlab): Promise<Results | undefined> {
  const { records, snapshots } = await planRuns(await loadExperiment(path));
  snapshots.close();
  const planned = new Set(records.map(({ id }) => id));
  const { runs } = RunList.parse(pairlab('runs', dirname(path)));
  if (!runs.some(({ id, state }) => planned.has(id) && state === 'finished')) return undefined;
  const { files } = ReportFiles.parse(pairlab('report', path));
  return Results.read(await readFile(files.csv, 'utf8'), JSON.parse(await readFile(files.json, 'utf8')));
}
