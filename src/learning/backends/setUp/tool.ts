import { type ChildProcess, spawn } from 'node:child_process';
import { CancelledError, EnvironmentError } from '../../../base/errors.ts';

const WORDS = 4000;
const LINES = 12;

export interface ToolOptions {
  readonly cwd: string;
  readonly signal: AbortSignal | undefined;
  /** Each piece of what it writes. */
  readonly hear?: (text: string) => void;
}

/**
 * Runs a program of the machine to its end.
 * @throws EnvironmentError with its last lines when it cannot be started or fails
 * @throws CancelledError once the signal is aborted, when it has ended
 */
export async function runTool(
  program: string,
  args: readonly string[],
  { cwd, signal, hear }: ToolOptions,
): Promise<void> {
  let words = '';
  const listen = (chunk: Buffer): void => {
    words = `${words}${chunk}`.slice(-WORDS);
    hear?.(String(chunk));
  };
  // On Windows npm is a script, which only a shell runs; all arguments are ours.
  const child = spawn(program, [...args], {
    cwd,
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that what it has started can be ended with it.
    detached: process.platform !== 'win32',
  });
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const stop = (): void => endWithChildren(child);
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (signal?.aborted) throw new CancelledError();
    if (code !== 0)
      throw new EnvironmentError(`${program} failed:\n${words.trim().split('\n').slice(-LINES).join('\n')}`);
  } catch (error) {
    if (error instanceof CancelledError || error instanceof EnvironmentError) throw error;
    throw new EnvironmentError(
      `${program} cannot be started. Is it installed, and on the PATH of this program?`,
      error,
    );
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** npm starts others, which hold its output open and go on fetching when it alone is ended. */
function endWithChildren({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' }).on('error', () => undefined);
    return;
  }
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has just ended by itself.
  }
}
