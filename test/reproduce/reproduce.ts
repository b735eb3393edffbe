import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { exists } from '../../src/base/files.ts';
import { datasets, type ReproducedDataset } from './datasets.ts';
import { type Pairlab, pairlabAt } from './pairlab.ts';
import { Results } from './results.ts';
import { rowsOf } from './rows.ts';
import { renderReproduction } from './table.ts';

const RunList = z.object({ runs: z.array(z.object({ experiment: z.string(), state: z.string() })) });
const ReportFiles = z.object({ files: z.object({ csv: z.string(), json: z.string() }) });

const SUFFIX = '.experiment.yaml';

export interface Places {
  readonly cli: string;
  /** The experiment files: a folder for each dataset. */
  readonly experiments: string;
  /** Where datasets and runs are kept; what is there is used again, so a stopped reproduction goes on. */
  readonly work: string;
  /** The file to write. */
  readonly output: string;
  /** A line for who waits. */
  readonly tell: (line: string) => void;
}

/**
 * Makes the datasets, runs the experiments that are not finished, and writes the table of all statements.
 * @param chosen beginnings of experiments' names ("sample/text-image"); all when empty. The table has what was ever run.
 */
export async function reproduce(
  { cli, experiments, work, output, tell }: Places,
  chosen: readonly string[],
): Promise<void> {
  const pairlab = pairlabAt(cli);
  const results = new Map<string, Results>();
  const facts: string[] = [];
  const names: string[] = [];
  for (const dataset of datasets) {
    const own = (await readdir(join(experiments, dataset.name))).map((file) => file.replace(SUFFIX, '')).sort();
    names.push(...own.map((name) => `${dataset.name}/${name}`));
    const folder = join(work, dataset.name);
    if (!(await prepare(dataset, folder, pairlab))) {
      facts.push(`${dataset.name}: not there. Set DATA to the folder that holds it.`);
      continue;
    }
    facts.push(`${dataset.name}: ${dataset.what}.`);
    await cp(join(experiments, dataset.name), folder, { recursive: true });
    for (const name of own) {
      const path = join(folder, `${name}${SUFFIX}`);
      const full = `${dataset.name}/${name}`;
      if (chosen.length === 0 || chosen.some((beginning) => full.startsWith(beginning))) {
        tell(`── ${full} ──`);
        pairlab('run', path);
      }
      const found = await read(path, pairlab);
      if (found === undefined) continue;
      results.set(full, found);
      facts.push(
        ...found.report.notes.filter((note) => note.includes('not finished')).map((note) => `${full}: ${note}`),
      );
    }
  }
  const rows = rowsOf(names, (name) => results.get(name));
  await writeFile(output, renderReproduction(rows, facts));
  for (const { id, data, verdict, effect } of rows) tell(`${id} ${data}: ${verdict} (${effect})`);
  tell(`Written: ${output}`);
}

async function prepare(dataset: ReproducedDataset, folder: string, pairlab: Pairlab): Promise<boolean> {
  if (await exists(join(folder, 'pairlab.yaml'))) return true;
  await mkdir(folder, { recursive: true });
  if (!(await dataset.make(folder, pairlab))) return false;
  pairlab('index', folder);
  return true;
}

/** What its finished runs have shown; nothing before the first one. */
async function read(path: string, pairlab: Pairlab): Promise<Results | undefined> {
  const { runs } = RunList.parse(pairlab('runs', dirname(path)));
  if (!runs.some(({ experiment, state }) => experiment === path && state === 'finished')) return undefined;
  const { files } = ReportFiles.parse(pairlab('report', path));
  return new Results(await readFile(files.csv, 'utf8'), JSON.parse(await readFile(files.json, 'utf8')));
}
