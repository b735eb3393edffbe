import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { release } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { version } from '../../../package.json';
import { InputError } from '../../base/errors.ts';
import { readJson, readTextIfThere, writeJson } from '../../base/files.ts';
import { nativeNode } from '../../base/programs.ts';
import { type BackendName, BackendStatus } from '../../protocol.ts';
import { probe } from './probe.ts';
import { findRuntime, type Runtime, runtimesFolder } from './runtimes.ts';
import { stampsOfAddons } from './tensorflow/linked.ts';

const run = promisify(execFile);

const OLDEST_NODE = [20, 12] as const;
const CORRECT = 'Correct the variable PAIRLAB_NODE, or pairlab.node in the editor.';
/** A backend that was refused is looked at again after so long: a driver may have come. */
const REFUSAL_MS = 60 * 60 * 1000;
/** Of the environment, what decides which devices libraries see. */
const VARIABLES = ['CUDA_VISIBLE_DEVICES', 'VK_ICD_FILENAMES', 'LD_LIBRARY_PATH', 'PAIRLAB_SOFTWARE_ADAPTER'];

export interface StatusOptions {
  /** Probe, whatever an earlier probe said. */
  readonly fresh?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Whether a backend can be used on this machine, as a probe found it out: now, or when everything that its answer depends
 * on was the same.
 * @throws CancelledError once the signal is aborted
 */
export async function statusOf(
  name: BackendName,
  { fresh = false, signal }: StatusOptions = {},
): Promise<BackendStatus> {
  const runtime = name === 'wasm' ? undefined : await findRuntime(name);
  if (name !== 'wasm' && runtime === undefined) {
    const next = `Set it up: \`pairlab backend setup ${name}\`.`;
    return { name, state: 'not set up', reason: 'It is not set up.', next };
  }
  const file = join(runtimesFolder(), 'probes', `${name}-${await digestOfSurroundings(runtime)}.json`);
  const before = fresh ? undefined : await readJson(file, BackendStatus).catch(() => undefined);
  if (before !== undefined && isValid(before)) return before;
  const answer = await probe({ name }, signal);
  const about = { name, probed: new Date().toISOString(), ...(runtime !== undefined && { folder: folderOf(runtime) }) };
  const { outcome, ...rest } = answer;
  const status: BackendStatus = { ...about, state: outcome, ...rest };
  // Kept where that is possible: on a full or read-only disk the next one probes again.
  await writeJson(file, status).catch(() => undefined);
  return status;
}

/**
 * The version of the Node that loads native libraries.
 * @throws InputError when it cannot be started or is too old
 */
export async function nativeNodeVersion(): Promise<string> {
  const node = nativeNode();
  const version = node === process.execPath ? process.version : await versionOf(node);
  if (!isTooOld(version)) return version;
  throw new InputError(`The Node ${node} is ${version}. PairLab needs ${OLDEST_NODE.join('.')} or newer. ${CORRECT}`);
}

async function versionOf(node: string): Promise<string> {
  try {
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    return (await run(node, ['--version'], { timeout: 10_000, env })).stdout.trim();
  } catch (error) {
    throw new InputError(`The Node ${node} cannot be started. ${CORRECT}`, error);
  }
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.replace('v', '').split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}

function isValid({ state, probed }: BackendStatus): boolean {
  return state === 'ready' || (probed !== undefined && Date.now() - Date.parse(probed) < REFUSAL_MS);
}

/** Of all versions, files and settings that a probe's answer depends on. */
async function digestOfSurroundings(runtime: Runtime | undefined): Promise<string> {
  const surroundings = {
    pairlab: version,
    node: [nativeNode(), await nativeNodeVersion()],
    system: [process.platform, process.arch, release()],
    driver: await readTextIfThere('/proc/driver/nvidia/version'),
    runtime,
    addons: runtime === undefined ? [] : await stampsOfAddons(runtime),
    variables: VARIABLES.map((name) => process.env[name]),
  };
  return createHash('sha256').update(JSON.stringify(surroundings)).digest('hex').slice(0, 8);
}

function folderOf({ packageFiles: [file = ''] }: Runtime): string {
  return file.slice(0, file.lastIndexOf('node_modules') - 1);
}
