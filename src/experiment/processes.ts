import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import * as z from 'zod';
import { EnvironmentError, errorCode } from '../base/errors.ts';

const run = promisify(execFile);

/** Names one process for good: the number alone is given to another process later. */
export const ProcessIdentity = z.object({
  pid: z.int().positive(),
  /** When it started, in the words of its operating system. Compared, never interpreted. */
  started: z.string().min(1),
  host: z.string(),
});
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

/** The identity of the calling process. */
export async function thisProcess(): Promise<ProcessIdentity> {
  const started = await startTimeOf(process.pid);
  if (started === undefined) {
    throw new EnvironmentError('The operating system did not tell when this process started. Is `ps` installed?');
  }
  return { pid: process.pid, started, host: hostname() };
}

/** Whether that very process still runs; `undefined` when it belongs to another machine and cannot be asked. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean | undefined> {
  if (identity.host !== hostname()) return undefined;
  return (await startTimeOf(identity.pid)) === identity.started;
}

/**
 * Signals the whole group of a detached process of ours, after checking that the number still means that process.
 * Returns false when it is gone or belongs to another machine: then nobody is signalled.
 */
export async function signalGroup(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<boolean> {
  if ((await isAlive(identity)) !== true) return false;
  try {
    // Windows has no process groups: the runner has no children there, so that its own number is enough.
    process.kill(process.platform === 'win32' ? identity.pid : -identity.pid, signal);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return false;
    throw error;
  }
}

/** The start time of a process that runs, as text; `undefined` when there is none (a zombie is none). */
export async function startTimeOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return await linuxStartTime(pid);
  if (process.platform === 'win32') return await windowsStartTime(pid);
  return await firstLine('ps', ['-o', 'lstart=', '-p', String(pid)]);
}

/** Field 22 of /proc/<pid>/stat (clock ticks since boot, see proc(5)), after the name of the machine's boot. */
async function linuxStartTime(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field, the command in brackets, may hold spaces and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    if (state === 'Z' || state === 'X') return undefined;
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${boot.trim()}+${fields[19]}`;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ESRCH') return undefined;
    throw error;
  }
}

async function windowsStartTime(pid: number): Promise<string | undefined> {
  const command = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
  return await firstLine('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', command]);
}

/** What a system tool answers; `undefined` when it fails, which is how these tools say "no such process". */
async function firstLine(file: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run(file, [...args]);
    return stdout.trim() === '' ? undefined : stdout.trim();
  } catch {
    return undefined;
  }
}
