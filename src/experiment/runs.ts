import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mapConcurrently } from '../base/concurrency.ts';
import { errorCode, InputError, toSentence } from '../base/errors.ts';
import { exists } from '../base/files.ts';
import { findDatasets } from '../dataset/config.ts';
import type { RunSummary } from '../protocol.ts';
import { loadExperiment } from './config.ts';
import { planRuns } from './plan.ts';
import { runFiles, runsFolder } from './runFolder.ts';
import { summariseRun } from './summary.ts';

const POLL_MS = 500;
/** A new dataset in a subfolder brings a new place for runs; looking for one walks the folders, so it is done seldom. */
const POLLS_PER_DISCOVERY = 120;
/** Runs of all datasets in a workspace folder, newest first, and a sentence for each folder that cannot be read. */
export async function scanRuns(workspace: string): Promise<{ runs: RunSummary[]; damaged: string[] }> {
  return await scanFolders(await runsFoldersOf(workspace));
}

/** Runs of all datasets in a workspace folder, newest first. */
export async function listRuns(workspace: string): Promise<RunSummary[]> {
  return (await scanRuns(workspace)).runs;
}

/** The runs that belong to an experiment file as it stands, in the order of its methods and seeds; only those begun. */
export async function runsOf(experimentPath: string): Promise<RunSummary[]> {
  const { folders } = await planRuns(await loadExperiment(experimentPath));
  const there = await Promise.all(folders.map((folder) => exists(runFiles(folder).record)));
  return await Promise.all(folders.filter((_, index) => there[index]).map(summariseRun));
}

/**
 * Tells of all runs of a workspace folder at once and after each change. It looks at the folders twice a second: a
 * runner that is killed leaves no file event, and shared file systems have none.
 */
export function watchRuns(workspace: string, onChange: (runs: RunSummary[]) => void): { dispose(): void } {
  let disposed = false;
  let timer: NodeJS.Timeout | undefined;
  let folders: readonly string[] = [];
  let last = '';
  let polls = 0;
  const finished = new Map<string, RunSummary>();
  const poll = async (): Promise<void> => {
    if (polls++ % POLLS_PER_DISCOVERY === 0) folders = await runsFoldersOf(workspace);
    const { runs } = await scanFolders(folders, finished);
    const now = JSON.stringify(runs);
    if (!disposed && now !== last) {
      last = now;
      onChange(runs);
    }
  };
  const loop = (): void => {
    // A folder that vanishes while it is read is seen again, or not, by the next look.
    const again = (): void => {
      if (!disposed) timer = setTimeout(loop, POLL_MS);
    };
    poll().then(again, again);
  };
  loop();
  return {
    dispose: () => {
      disposed = true;
      clearTimeout(timer);
    },
  };
}

async function runsFoldersOf(workspace: string): Promise<string[]> {
  const datasets = await findDatasets(workspace);
  return [...new Set([workspace, ...datasets.map((path) => dirname(path))])].map(runsFolder);
}

/** `finished` remembers runs that cannot change any more, so that they are read once. */
async function scanFolders(
  folders: readonly string[],
  finished = new Map<string, RunSummary>(),
): Promise<{ runs: RunSummary[]; damaged: string[] }> {
  const names = (await Promise.all(folders.map(subfolders))).flat();
  const found = await mapConcurrently(
    names,
    16,
    async (name) => finished.get(name) ?? (await summariseOrExplain(name)),
  );
  const runs = found.filter((entry) => typeof entry === 'object');
  for (const run of runs) if (run.state === 'finished') finished.set(run.folder, run);
  const newestFirst = (a: RunSummary, b: RunSummary): number => (b.started ?? '~').localeCompare(a.started ?? '~');
  return {
    runs: runs.sort((a, b) => newestFirst(a, b) || a.id.localeCompare(b.id)),
    damaged: found.filter((entry) => typeof entry === 'string'),
  };
}

/** The run, or why it cannot be read; nothing for a folder that never was a run. */
async function summariseOrExplain(folder: string): Promise<RunSummary | string | undefined> {
  try {
    return await summariseRun(folder);
  } catch (error) {
    return error instanceof InputError ? undefined : toSentence(error);
  }
}

async function subfolders(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
