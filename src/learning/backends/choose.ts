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
 * The backend that was asked for; for `auto` the first that can be used on this machine. Each is probed in a process of
 * its own, unless the answer is known.
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

/** All backends, probed. */
export async function tableOfBackends(options: StatusOptions = {}): Promise<BackendTable> {
  const backends: BackendStatus[] = [];
  // One after the other: each would slow the others down while they are measured.
  for (const name of BackendName.options) backends.push(await statusOf(name, options));
  return {
    backends,
    chosen: backends.find((status) => whyNot(status) === undefined)?.name ?? 'wasm',
    runtimes: runtimesFolder(),
    node: { path: nativeNode(), version: await nativeNodeVersion() },
  };
}

/** Why `auto` passes a backend over. */
function whyNot({ state, reason = '', measured }: BackendStatus): string | undefined {
  if (state !== 'ready') return reason;
  return measured?.device.software ? 'It computes in software; `auto` takes GPUs only.' : undefined;
}
