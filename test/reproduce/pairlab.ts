import { spawnSync } from 'node:child_process';

/** The command line of this build, in a process of its own: what it prints as JSON. Progress goes to the terminal. */
export type Pairlab = (...args: readonly string[]) => unknown;

export function pairlabAt(cli: string): Pairlab {
  return (...args) => {
    const { status, stdout } = spawnSync(process.execPath, [cli, ...args, '--json'], {
      encoding: 'utf8',
      maxBuffer: 1 << 30,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // 1 says that problems were found: the datasets have some, and a run may fail without the others.
    if (status !== 0 && status !== 1) throw new Error(`pairlab ${args.join(' ')} ended with ${status}.`);
    return JSON.parse(stdout);
  };
}
