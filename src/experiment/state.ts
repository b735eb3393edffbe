import { exists, readJson } from '../base/files.ts';
import type { RunState } from '../protocol.ts';
import { readOwner } from './owner.ts';
import { isAlive, ProcessIdentity } from './processes.ts';
import { type Heartbeat, runFiles } from './runFolder.ts';

/** A runner beats at least this often unless it hangs; a sleeping machine beats again as soon as it wakes. */
const HEARTBEAT_LIMIT_MS = 120_000;

/** What a folder and the process table say about a run. */
export interface Facts {
  readonly finished: boolean;
  readonly failed: boolean;
  readonly stopAsked: boolean;
  /** Somebody claimed the folder and did not give it back: does that process live? */
  readonly runner: 'alive' | 'dead' | 'none';
  /** A living queue is going to start it. */
  readonly queued: boolean;
}

export function deriveState({ finished, failed, stopAsked, runner, queued }: Facts): RunState {
  if (finished) return 'finished';
  if (runner === 'alive') return stopAsked ? 'stopping' : 'running';
  if (stopAsked) return 'stopped';
  if (queued) return 'queued';
  return failed ? 'failed' : 'interrupted';
}

/** Looks at a run's folder and at the processes that it names. */
export async function readFacts(folder: string, heartbeat: Heartbeat | undefined): Promise<Facts> {
  const files = runFiles(folder);
  const [finished, failed, stopAsked, runner, queued] = await Promise.all([
    exists(files.report),
    exists(files.failure),
    exists(files.stop),
    runnerOf(files.owner, heartbeat),
    isQueued(files.queued),
  ]);
  return { finished, failed, stopAsked, runner, queued };
}

async function runnerOf(path: string, heartbeat: Heartbeat | undefined): Promise<Facts['runner']> {
  const owner = await readOwner(path);
  if (owner === undefined) return 'none';
  const alive = await isAlive(owner);
  const silent = heartbeat !== undefined && Date.now() - Date.parse(heartbeat.at) > HEARTBEAT_LIMIT_MS;
  // The process of another machine cannot be asked: its heartbeat is all there is.
  return alive === false || silent ? 'dead' : 'alive';
}

async function isQueued(path: string): Promise<boolean> {
  const queue = await readJson(path, ProcessIdentity);
  return queue !== undefined && (await isAlive(queue)) !== false;
}
