import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Device } from '../../protocol.ts';

const run = promisify(execFile);
const LIMIT_MS = 5000;
const MEBIBYTE = 2 ** 20;

/** The first NVIDIA GPU that programs may see, as its own tool tells; undefined without the tool. */
export async function nvidiaDevice(): Promise<Device | undefined> {
  const [name, memory, driver] = await query('name', 'memory.total', 'driver_version');
  if (name === undefined) return undefined;
  return { name, ...(Number(memory) > 0 && { memory: Number(memory) * MEBIBYTE }), ...(driver && { driver }) };
}

/** How busy it is: memory in use in bytes, and the share of time in [0, 1] that it computes; undefined where it does not say. */
export async function nvidiaLoad(): Promise<{ memory: number; utilisation: number } | undefined> {
  const [memory, utilisation] = (await query('memory.used', 'utilization.gpu')).map(Number);
  // A part of a GPU, or one that shares the machine's memory, answers "[N/A]".
  if (!Number.isFinite(memory) || !Number.isFinite(utilisation)) return undefined;
  return { memory: (memory ?? 0) * MEBIBYTE, utilisation: (utilisation ?? 0) / 100 };
}

async function query(...fields: readonly string[]): Promise<readonly string[]> {
  try {
    const [visible = ''] = (process.env['CUDA_VISIBLE_DEVICES'] ?? '').split(',');
    const chosen = visible === '' ? [] : [`--id=${visible}`];
    const args = [`--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits', ...chosen];
    const { stdout } = await run('nvidia-smi', args, { timeout: LIMIT_MS });
    return stdout.split('\n')[0]?.split(', ') ?? [];
  } catch {
    return [];
  }
}
