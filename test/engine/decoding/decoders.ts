import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { vi } from 'vitest';

/** The process ids of the decoders that are children of this process. */
export async function decoders(): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,stat=,args=']);
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  return rows
    .filter(([, parent]) => parent === String(process.pid))
    .filter(([, , state, ...command]) => !state?.startsWith('Z') && command.some((word) => word.endsWith('decoder.js')))
    .map(([pid]) => Number(pid));
}

export async function noDecoderIsLeft(): Promise<void> {
  await vi.waitFor(async () => {
    const left = await decoders();
    if (left.length > 0) throw new Error(`decoders ${left.join(', ')} are left`);
  }, 20_000);
}

/** Kills every decoder that has had two seconds to start and to take up its task, until the work is settled. */
export async function killDecodersDuring<T>(work: Promise<T>): Promise<{ result: T; killed: number }> {
  const seen = new Map<number, number>();
  let killed = 0;
  const kill = setInterval(async () => {
    for (const pid of await decoders()) {
      const since = seen.get(pid) ?? Date.now();
      seen.set(pid, since);
      if (Date.now() - since < 2000) continue;
      seen.set(pid, Number.POSITIVE_INFINITY);
      process.kill(pid, 'SIGKILL');
      killed++;
    }
  }, 100);
  try {
    return { result: await work, killed };
  } finally {
    clearInterval(kill);
  }
}
