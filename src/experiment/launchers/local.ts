import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { dirname } from 'node:path';
import { EnvironmentError, explainFileError } from '../../base/errors.ts';
import { nativeNode, programEnvironment, programPath } from '../../base/programs.ts';

/** Of runners: the editor goes first, and they still get on beside other work. Without effect on Windows. */
const NICENESS = 5;

/**
 * Starts one of our programs as a background process on this machine: a group of its own, its output appended to a
 * file, nothing shared with the caller. It lives on when the caller, the terminal or the editor's window ends.
 *
 * @param environment what it gets besides ours
 */
export async function launchDetached(
  program: 'cli' | 'runner',
  args: readonly string[],
  log: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ChildProcess> {
  const script = programPath(program);
  const node = program === 'runner' ? nativeNode() : process.execPath;
  const output = await openLog(log);
  try {
    const child = spawn(node, [script, ...args], {
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
      env: { ...programEnvironment(), ...environment },
    });
    await new Promise<void>((started, failed) => {
      child.once('spawn', started);
      child.once('error', (error) => {
        failed(new EnvironmentError(`A background process could not be started (${node} ${script}).`, error));
      });
    });
    if (program === 'runner') giveWay(child);
    child.unref();
    return child;
  } finally {
    await output.close();
  }
}

/** Runners take what nobody else wants of the cores, so that there may be as many of them as cores. */
function giveWay({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, NICENESS);
  } catch {
    // It has ended already, or the system does not let us: it runs as any other.
  }
}

/** Resolves when the process ends. Ask before anything else is awaited, or the end may be missed. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolveEnd) => child.once('exit', () => resolveEnd()));
}

async function openLog(path: string) {
  try {
    await mkdir(dirname(path), { recursive: true });
    return await open(path, 'a');
  } catch (error) {
    throw explainFileError(error, path);
  }
}
