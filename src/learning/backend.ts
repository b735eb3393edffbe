import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import type { BackendName, Device } from '../protocol.ts';
import type { Opened } from './backends/opened.ts';
import { BackendRefusal } from './backends/refusal.ts';
import { findRuntime, runtimeIn } from './backends/runtimes.ts';
import { openTensorflow } from './backends/tensorflow.ts';
import { openWasm } from './backends/wasm.ts';
import { openWebgpu } from './backends/webgpu.ts';

/** What trains in this process. */
export interface Backend extends Opened {
  readonly name: BackendName;
}

/** Where a backend is loaded from. */
export interface BackendPlaces {
  /** The folder of the tfjs-backend-wasm*.wasm files. */
  readonly wasmFolder: string;
  /** A set-up that is not the current one: for a look before it becomes so. */
  readonly runtimeFolder?: string | undefined;
}

/**
 * Opens a backend in this process and makes it the one that computes.
 * @throws BackendRefusal when it is not set up or cannot be used on this machine
 * @throws EnvironmentError when a file of wasm is missing or WebAssembly is not to be had
 */
export async function openBackend(name: BackendName, places: BackendPlaces): Promise<Backend> {
  return { name, ...(await open(name, places)) };
}

/** "tensorflow on AMD EPYC 9354, 16 threads (TensorFlow 2.21.0, TensorFlow.js 4.22.0)". */
export function describeBackend({ name, device, versions }: Pick<Backend, 'name' | 'device' | 'versions'>): string {
  const computedBy = Object.entries(versions).map(([what, version]) => `${what} ${version}`);
  return `${name} on ${nameOfDevice(device)} (${computedBy.join(', ')})`;
}

export function nameOfDevice({ name, driver }: Device): string {
  return driver === undefined ? name : `${name}, driver ${driver}`;
}

async function open(name: BackendName, { wasmFolder, runtimeFolder }: BackendPlaces): Promise<Opened> {
  if (name === 'wasm') return await openWasm(wasmFolder);
  const runtime = await (runtimeFolder === undefined ? findRuntime(name) : runtimeIn(name, runtimeFolder));
  if (runtime === undefined) {
    throw new BackendRefusal(`${name} is not set up.`, `Set it up with \`pairlab backend setup ${name}\`.`);
  }
  return name === 'webgpu' ? await openWebgpu(runtime) : await openTensorflow(name, runtime);
}
