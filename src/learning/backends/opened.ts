import { cpus, totalmem } from 'node:os';
import type { Device } from '../../protocol.ts';

/** What a backend says of itself once it is open in this process. */
export interface Opened {
  readonly device: Device;
  /** Of the packages and libraries that compute. */
  readonly versions: Readonly<Record<string, string>>;
  /** Rejects when the device is lost or its memory is full; else it stays pending. */
  readonly failed: Promise<never>;
}

export const NEVER: Promise<never> = new Promise(() => {});

/** The processor of this machine. */
export function processor(threads: number): Device {
  const model = cpus()[0]?.model.trim() || process.arch;
  return { name: `${model}, ${threads === 1 ? 'one thread' : `${threads} threads`}`, memory: totalmem() };
}
