import { setImmediate } from 'node:timers/promises';
import { exists, writeJson } from '../base/files.ts';
import type { DeviceLoad } from '../protocol.ts';
import { type Heartbeat, runFiles } from './runFolder.ts';

const INTERVAL_MS = 300;

/** Tells the world that a runner lives and how far it is, and listens whether it is asked to stop. */
export class Pulse {
  readonly #files: ReturnType<typeof runFiles>;
  readonly #started = Date.now();
  #first: number | undefined;
  #last = 0;
  #stop = false;
  #meter: { readonly now: DeviceLoad | undefined } | undefined;

  constructor(folder: string) {
    this.#files = runFiles(folder);
  }

  /** From now on the heartbeat tells how busy the device is. */
  measure(meter: { readonly now: DeviceLoad | undefined }): void {
    this.#meter = meter;
  }

  /** From now on {@link beat} answers true. For signals. */
  askToStop(): void {
    this.#stop = true;
  }

  /**
   * Writes the heartbeat when it is time to. Call it between two pieces of work; it lets signals and timers through.
   * @returns whether the run is asked to stop.
   */
  async beat(stage: string, progress: number): Promise<boolean> {
    await setImmediate();
    this.#first ??= progress;
    const now = Date.now();
    if (now - this.#last < INTERVAL_MS) return this.#stop;
    this.#last = now;
    await this.write(stage, progress);
    this.#stop ||= await exists(this.#files.stop);
    return this.#stop;
  }

  /** Writes the heartbeat now; `progress` is from 0 to 1 over the whole run. */
  async write(stage: string, progress: number): Promise<void> {
    const gained = progress - (this.#first ?? progress);
    const seconds = (Date.now() - this.#started) / 1000;
    const load = this.#meter?.now;
    const heartbeat: Heartbeat = {
      at: new Date().toISOString(),
      stage,
      progress,
      ...(gained > 0 && { secondsLeft: ((1 - progress) * seconds) / gained }),
      ...(load !== undefined && { load }),
    };
    await writeJson(this.#files.heartbeat, heartbeat);
  }
}
