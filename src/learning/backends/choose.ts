import { nativeNode } from '../../base/programs.ts';
import {
  type BackendChoice,
  BackendName,
  type BackendStatus,
  type BackendTable,
  type RefusedBackend,
} from '../../protocol.ts';
import { BackendRefusal } from './refusal.ts';
import { runtimesFolder } from './runtimes.ts';
import { nativeNodeVersion, type StatusOptions, statusOf } from './status.ts';

/** What trains, and why each better one does not; nothing is refused when a backend was asked for by name. */
export interface Choice {
  readonly name: BackendName;
  readonly refused: readonly RefusedBackend[];
}

/**
 * The backend that was asked for; for `auto` a GPU where there is one, else the faster one of `tensorflow` and `wasm`. Each is
 * probed in a process of its own, unless the answer is known.
 * @throws BackendRefusal when the one that was asked for by name cannot be used
 * @throws CancelledError once the signal is aborted
 */
export async function chooseBackend(choice: BackendChoice, options: StatusOptions = {}): Promise<Choice> {
  if (choice === 'wasm') return { name: 'wasm', refused: [] };
  if (choice !== 'auto') {
    const { state, reason = '', next } = await statusOf(choice, options);
    if (state === 'ready') return { name: choice, refused: [] };
    throw new BackendRefusal(`The backend ${choice} cannot be used. ${reason}`, next);
  }
  const refused: RefusedBackend[] = [];
  for (const name of BackendName.options) {
    if (name === 'wasm') break;
    const status = await statusOf(name, options);
    const reason = whyNot(status);
    if (reason === undefined) return { name, refused };
    refused.push({ name, reason });
  }
  return { name: 'wasm', refused };
}

/** All backends, probed, with the reason why `auto` passes one over. */
export async function tableOfBackends(options: StatusOptions = {}): Promise<BackendTable> {
  const backends: BackendStatus[] = [];
  // One after the other: each would slow the others down while they are measured.
  for (const name of BackendName.options) {
    const status = await statusOf(name, options);
    const reason = whyNot(status);
    backends.push({ ...status, ...(reason !== undefined && { reason }) });
  }
  return {
    backends,
    chosen: backends.find(({ reason }) => reason === undefined)?.name ?? 'wasm',
    runtimes: runtimesFolder(),
    node: { path: nativeNode(), version: await nativeNodeVersion() },
  };
}

/** Why `auto` passes a backend over. A GPU is taken anyway: it is there for networks larger than the one that was timed. */
export function whyNot({ name, state, reason = '', measured }: BackendStatus): string | undefined {
  if (state !== 'ready') return reason;
  if (measured?.device.software) return 'It computes in software; `auto` takes GPUs only.';
  if (name !== 'tensorflow' || measured === undefined || measured.stepMs <= measured.wasmStepMs) return undefined;
  const [own, other] = [measured.stepMs, measured.wasmStepMs].map((milliseconds) => milliseconds.toFixed(1));
  return `A training step takes ${own} ms, on wasm ${other} ms. It may pay for larger networks: name it in the experiment.`;
}
