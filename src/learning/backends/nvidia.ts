import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Device } from '../../protocol.ts';

const run = promisify(execFile);
const LIMIT_MS = 5000;
const MEBIBYTE = 2 ** 20;

/** The first NVIDIA GPU as its own tool tells; undefined without the tool. */
export async function nvidiaDevice(): Promise<Device | undefined> {
  const [name, memory, driver] = await query('name', 'memory.total', 'driver_version');
  if (name === undefined) return undefined;
  return { name, ...(Number(memory) > 0 && { memory: Number(memory) * MEBIBYTE }), ...(driver && { driver }) };
}

/** How busy the first NVIDIA GPU is: memory in use in bytes, and the share of time in [0, 1] that it computes. */
export async function nvidiaLoad(): Promise<{ memory: number; utilisation: number } | undefined> {
  const [memory, utilisation] = await query('memory.used', 'utilization.gpu');
  if (memory === undefined || utilisation === undefined) return undefined;
  return { memory: Number(memory) * MEBIBYTE, utilisation: Number(utilisation) / 100 };
}

async function query(...fields: readonly string[]): Promise<readonly string[]> {
  try {
    const args = [`--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits'];
    const { stdout } = await run('nvidia-smi', args, { timeout: LIMIT_MS });
    return stdout.split('\n')[0]?.split(', ') ?? [];
  } catch {
    return [];
  }
}
