import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { EnvironmentError } from '../../base/errors.ts';
import type { Device } from '../../protocol.ts';
import { nvidiaDevice } from './nvidia.ts';
import { requireWithOurCore } from './oneCore.ts';
import type { Opened } from './opened.ts';
import { BackendRefusal } from './refusal.ts';
import type { Runtime } from './runtimes.ts';

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|warp/i;
/** Those that the kernels of tfjs need more of than every adapter has. */
const LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
] as const;

interface AdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter?: boolean;
}

interface GpuDevice {
  readonly lost: Promise<{ readonly message: string }>;
  addEventListener(
    type: 'uncapturederror',
    listen: (event: { readonly error: { readonly message: string } }) => void,
  ): void;
}

interface Adapter {
  readonly info: AdapterInfo;
  readonly limits: Readonly<Record<string, number>>;
  requestDevice(descriptor: { requiredLimits: Record<string, number> }): Promise<GpuDevice>;
}

interface Gpu {
  requestAdapter(options: { powerPreference: 'high-performance' }): Promise<Adapter | null>;
}

const isFunction = (value: unknown): boolean => typeof value === 'function';
const Dawn = z.object({
  create: z.custom<(flags: readonly string[]) => Gpu>(isFunction),
  globals: z.record(z.string(), z.unknown()),
});
const Kernels = z.object({
  WebGPUBackend: z.custom<new (device: GpuDevice, info: AdapterInfo) => tf.KernelBackend>(isFunction),
});

/** Dawn lives as long as this object is reachable. */
let dawn: Gpu | undefined;

/**
 * Any GPU by Vulkan, Metal or Direct3D 12, through Dawn. An adapter that computes on the processor, which is slower than
 * wasm, is taken only where the variable PAIRLAB_SOFTWARE_ADAPTER is set. Throws {@link BackendRefusal}.
 */
export async function openWebgpu(runtime: Runtime): Promise<Opened> {
  if ('electron' in process.versions) {
    const reason = 'Electron, which is the Node of the editor, does not let Dawn map memory.';
    throw new BackendRefusal(reason, 'Name a Node of version 20 or newer in the setting pairlab.node.');
  }
  const [dawnFile = '', kernelsFile = ''] = runtime.packageFiles;
  const version = runtime.versions['@tensorflow/tfjs-backend-webgpu'];
  if (version !== tf.version_core) {
    const reason = `@tensorflow/tfjs-backend-webgpu is ${version}, and this PairLab works with ${tf.version_core}.`;
    throw new BackendRefusal(reason, 'Set it up again: `pairlab backend setup webgpu`.');
  }
  const { create, globals } = Dawn.parse(await loadDawn(dawnFile));
  Object.assign(globalThis, globals);
  dawn = create([]);
  const adapter = await chooseAdapter(dawn);
  const requiredLimits = Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit] ?? 0]));
  const device = await adapter.requestDevice({ requiredLimits });
  // The build for Node of this package is written for engines without classes, and slower.
  const { WebGPUBackend } = Kernels.parse(requireWithOurCore(kernelsFile)('./dist/tf-backend-webgpu.es2017.js'));
  offer(dawn);
  const backend = new WebGPUBackend(device, adapter.info);
  tf.registerBackend('webgpu', () => backend);
  await tf.setBackend('webgpu');
  return {
    device: await deviceOf(adapter.info),
    versions: { Dawn: runtime.versions['webgpu'] ?? '', 'TensorFlow.js': tf.version_core },
    failed: failureOf(device),
  };
}

/** The backend asks for a GPU where a page has it. Node has a navigator since version 21. */
function offer(gpu: Gpu): void {
  const navigator: object = Reflect.get(globalThis, 'navigator') ?? {};
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
}

async function loadDawn(packageFile: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(join(dirname(packageFile), 'index.js')).href);
  } catch (error) {
    const reason = `Dawn has no build for ${process.platform} ${process.arch}, or it cannot be loaded here.`;
    throw new BackendRefusal(reason, 'Set it up again: `pairlab backend setup webgpu`.', error);
  }
}

async function chooseAdapter(gpu: Gpu): Promise<Adapter> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) {
    const reason = 'Dawn finds no GPU by Vulkan, Metal or Direct3D 12.';
    const next = process.platform === 'linux' ? 'Install the driver of the GPU and libvulkan1.' : 'Install its driver.';
    throw new BackendRefusal(reason, next);
  }
  if (!isSoftware(adapter.info) || process.env['PAIRLAB_SOFTWARE_ADAPTER'] === '1') return adapter;
  const { description, device } = adapter.info;
  const reason = `The only adapter is software (${description || device}), which is slower than wasm.`;
  throw new BackendRefusal(reason, 'Install the driver of the GPU.');
}

function isSoftware({ device, description, isFallbackAdapter = false }: AdapterInfo): boolean {
  return isFallbackAdapter || SOFTWARE.test(`${device} ${description}`);
}

async function deviceOf(info: AdapterInfo): Promise<Device> {
  const known = info.vendor === 'nvidia' ? await nvidiaDevice() : undefined;
  if (known !== undefined) return known;
  const { device, description, vendor } = info;
  return {
    name: device || description || vendor,
    ...(description !== '' && { driver: description }),
    ...(isSoftware(info) && { software: true }),
  };
}

function failureOf(device: GpuDevice): Promise<never> {
  const failed = new Promise<never>((_, reject) => {
    // Dawn's errors are no errors of JavaScript; their class says what is wrong.
    device.addEventListener('uncapturederror', ({ error }) => {
      reject(new Error(`${error.constructor.name}: ${error.message}`));
    });
    device.lost.then(({ message }) => reject(new EnvironmentError(`The GPU was lost: ${message}`)));
  });
  // Nobody may be listening: a device that is destroyed at the end is lost as well.
  failed.catch(() => undefined);
  return failed;
}
