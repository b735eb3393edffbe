import { setTimeout } from 'node:timers/promises';
import { EnvironmentError } from '../base/errors.ts';
import { exists, writeAtomically } from '../base/files.ts';
import type { Method } from '../protocol.ts';
import { loadExperiment } from './config.ts';
import { type Owner, readOwner } from './owner.ts';
import { planRuns } from './plan.ts';
import { isAlive, signalGroup } from './processes.ts';
import { runFiles } from './runFolder.ts';
import { isLiving, summariseRun } from './summary.ts';

const POLL_MS = 100;
/** How long a runner may take to store its checkpoint before the next, less polite step. */
const PATIENCE_MS = 10_000;

/** Asks the living runs of an experiment file as it stands to stop, and waits until they have. */
export async function stopExperiment(path: string, method?: Method): Promise<{ stopping: number }> {
  const { folders, snapshots } = await planRuns(await loadExperiment(path), method);
  snapshots.close();
  const there = await Promise.all(folders.map((folder) => exists(runFiles(folder).record)));
  const runs = await Promise.all(folders.filter((_, index) => there[index]).map(summariseRun));
  const living = runs.filter(isLiving);
  await Promise.all(living.map(({ folder }) => stopRun(folder)));
  return { stopping: living.length };
}

/**
 * Stops a run and waits until it has ended: by the stop file, after ten seconds by SIGTERM, after ten more by SIGKILL.
 * A run that does not live is left as it is. Only a process that is surely the run's own is ever signalled.
 */
export async function stopRun(folder: string): Promise<void> {
  if (!isLiving(await summariseRun(folder))) return;
  const files = runFiles(folder);
  await writeAtomically(files.stop, '');
  const owner = await readOwner(files.owner);
  if (owner === undefined) return;
  if (await endsInTime(files.owner, owner)) return;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    await signalGroup(owner, signal);
    if (await endsInTime(files.owner, owner)) return;
  }
  throw new EnvironmentError(
    `The run in ${folder} did not stop. It runs as process ${owner.pid} on ${owner.host}: end it there.`,
  );
}

/** Whether the runner gives its folder back, or dies, within the patience. */
async function endsInTime(path: string, owner: Owner): Promise<boolean> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const released = (await readOwner(path))?.token !== owner.token;
    if (released || (await isAlive(owner)) === false) return true;
    await setTimeout(POLL_MS);
  }
  return false;
}
