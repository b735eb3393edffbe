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

/** What trains, and why. */
export interface Choice {
  readonly asked: BackendChoice;
  readonly name: BackendName;
  /** As it was found; wasm that was asked for by name is not looked at. */
  readonly status?: BackendStatus;
  /** What `auto` passed over; nothing when a backend was asked for by name. */
  readonly refused: readonly RefusedBackend[];
}

/**
 * The backend that was asked for; for `auto` a GPU where there is one, else the faster one of `tensorflow` and `wasm`. Each is
 * probed in a process of its own, unless the answer is known.
 * @throws BackendRefusal when the one that was asked for by name cannot be used
 * @throws CancelledError once the signal is aborted
 */
export async function chooseBackend(asked: BackendChoice, options: StatusOptions = {}): Promise<Choice> {
  if (asked === 'auto') return await bestAfter(undefined, [], options);
  if (asked === 'wasm') return { asked, name: asked, refused: [] };
  const status = await statusOf(asked, options);
  if (status.state === 'ready') return { asked, name: asked, status, refused: [] };
  throw new BackendRefusal(`The backend ${asked} cannot be used. ${status.reason ?? ''}`, status.next);
}

/**
 * What `auto` takes where its choice turns out to be of no use.
 * @param reason why, as a sentence
 * @throws CancelledError once the signal is aborted
 */
export async function chooseNext(
  { name, status, refused }: Choice,
  reason: string,
  options: StatusOptions = {},
): Promise<Choice> {
  return await bestAfter(name, [...refused, { ...status, name, state: 'refused', reason }], options);
}

/** The last of them is wasm, which is taken whatever its probe says. */
async function bestAfter(
  last: BackendName | undefined,
  before: readonly RefusedBackend[],
  options: StatusOptions,
): Promise<Choice> {
  const refused = [...before];
  const names = BackendName.options;
  for (const name of last === undefined ? names : names.slice(names.indexOf(last) + 1)) {
    if (name === 'wasm') break;
    const status = await statusOf(name, options);
    const reason = whyNot(status);
    if (reason === undefined) return { asked: 'auto', name, status, refused };
    refused.push({ ...status, reason });
  }
  return { asked: 'auto', name: 'wasm', status: await statusOf('wasm', options), refused };
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
