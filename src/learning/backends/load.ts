import { availableParallelism } from 'node:os';
import { memory } from '@tensorflow/tfjs-core';
import type { BackendName, DeviceLoad } from '../../protocol.ts';
import { nvidiaLoad } from './nvidia.ts';

/** Asking the driver starts a program. */
const INTERVAL_MS = 5000;

/** How busy the device of this process is. Looks at it in the background; {@link now} never waits. */
export class LoadMeter {
  readonly #onGpu: boolean;
  #processor = process.cpuUsage();
  #at = performance.now();
  #known: DeviceLoad | undefined;
  #asked = Number.NEGATIVE_INFINITY;

  constructor(name: BackendName) {
    this.#onGpu = name === 'tensorflow-gpu' || name === 'webgpu';
  }

  /** As of the last look. */
  get now(): DeviceLoad | undefined {
    const now = performance.now();
    if (now - this.#asked >= INTERVAL_MS) {
      this.#asked = now;
      if (this.#onGpu) void this.#askDriver();
      else this.#known = this.#ofProcess(now);
    }
    return this.#known;
  }

  async #askDriver(): Promise<void> {
    this.#known = (await nvidiaLoad()) ?? { memory: memory().numBytes };
  }

  #ofProcess(now: number): DeviceLoad {
    const { user, system } = process.cpuUsage(this.#processor);
    const share = (user + system) / 1000 / Math.max(1, now - this.#at) / availableParallelism();
    this.#processor = process.cpuUsage();
    this.#at = now;
    return { memory: process.memoryUsage().rss, utilisation: Math.min(1, share) };
  }
}
