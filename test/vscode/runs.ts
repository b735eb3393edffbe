/** The runs of a workspace as they lie on disk, without asking the extension. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A run that a live process works on. */
export interface LiveRun {
  readonly id: string;
  readonly pid: number;
}

export async function liveRuns(workspace: string): Promise<LiveRun[]> {
  const runs = await Promise.all((await runIds(workspace)).map((id) => holderOf(workspace, id, 'owner.json')));
  return runs.filter((run) => run !== undefined);
}

/** The names of the run folders, whatever state the runs are in. */
export async function runIds(workspace: string): Promise<string[]> {
  return await readdir(runsFolder(workspace)).catch(() => []);
}

/** Runs outlive VS Code on purpose, so a test that leaves early must end its own: first the queues, then the runners. */
export async function endRuns(workspace: string): Promise<void> {
  const ids = await runIds(workspace);
  for (const file of ['queued.json', 'owner.json']) {
    const holders = await Promise.all(ids.map((id) => holderOf(workspace, id, file)));
    for (const pid of new Set(holders.map((holder) => holder?.pid)))
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
  }
}

const runsFolder = (workspace: string): string => join(workspace, '.pairlab', 'runs');

/** The live process that a file of a run's folder names. One that is half written counts as absent: callers look again. */
async function holderOf(workspace: string, id: string, file: string): Promise<LiveRun | undefined> {
  try {
    const { pid } = JSON.parse(await readFile(join(runsFolder(workspace), id, file), 'utf8'));
    process.kill(pid, 0);
    return { id, pid };
  } catch {
    return undefined;
  }
}
