import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { exists, namesIn } from '../../base/files.ts';
import type { Device, NativeBackend } from '../../protocol.ts';
import { useCompiler } from '../compute.ts';
import { nvidiaDevice } from './nvidia.ts';
import { requireWithOurCore } from './oneCore.ts';
import { NEVER, type Opened, processor } from './opened.ts';
import { BackendRefusal } from './refusal.ts';
import type { Runtime } from './runtimes.ts';
import { Addon, type AddonBackend } from './tensorflow/addon.ts';
import { GraphCompiler } from './tensorflow/compiler.ts';
import { Recorder } from './tensorflow/recorder.ts';

/** What libtensorflow reads of its environment, once, when it is loaded. */
const ENVIRONMENT = {
  /** Warnings and errors only. */
  TF_CPP_MIN_LOG_LEVEL: '1',
  /** Memory as it is needed: all of it at once would leave none to a second run. */
  TF_FORCE_GPU_ALLOW_GROWTH: 'true',
  /** The same numbers in every run, and float32 products in float32. */
  TF_DETERMINISTIC_OPS: '1',
  NVIDIA_TF32_OVERRIDE: '0',
} as const;

/** @tensorflow/tfjs-node asks for these functions of Node, which Node 23 removed. */
const REMOVED = { isNullOrUndefined: (value: unknown) => value == null, isArray: Array.isArray };

const Loaded = z.custom<object>((value) => typeof value === 'object' && value !== null);
const Kernels = z.object({
  NodeJSKernelBackend: z.custom<new (addon: object, packageName: string) => AddonBackend>(
    (value) => typeof value === 'function',
  ),
});

/** libtensorflow through the addon of @tensorflow/tfjs-node or -gpu. Throws {@link BackendRefusal}. */
export async function openTensorflow(name: 'tensorflow' | 'tensorflow-gpu', runtime: Runtime): Promise<Opened> {
  const [packageFile = ''] = runtime.packageFiles;
  const [[packageName = '', version = ''] = []] = Object.entries(runtime.versions);
  if (version !== tf.version_core) {
    const reason = `${packageName} is ${version}, and this PairLab works with ${tf.version_core}.`;
    throw new BackendRefusal(reason, setUpAgain(name));
  }
  const file = await addonOf(dirname(packageFile), name);
  Object.assign(process.env, ENVIRONMENT, name === 'tensorflow' ? onProcessor() : {});
  for (const [key, value] of Object.entries(REMOVED)) if (!(key in util)) Reflect.set(util, key, value);
  const require = requireWithOurCore(packageFile);
  const loaded = Loaded.parse(load(require, file, name));
  const addon = Addon.parse(loaded);
  if (name === 'tensorflow-gpu' && !addon.isUsingGpuDevice()) {
    const reason = `TensorFlow ${addon.TF_Version} sees no GPU that it can use.`;
    throw new BackendRefusal(
      reason,
      'Check the driver with `nvidia-smi`, or set up a newer TensorFlow (--tensorflow).',
    );
  }
  const { NodeJSKernelBackend } = Kernels.parse(require('./dist/nodejs_kernel_backend.js'));
  require('./dist/register_all_kernels.js');
  const recorder = new Recorder(addon, loaded);
  // The kernels are registered for this name, of whichever package they are.
  const backend = new NodeJSKernelBackend(recorder.binding, packageName);
  tf.registerBackend('tensorflow', () => backend);
  // A graph of the addon takes its inputs from memory, where those of a GPU are not.
  if (name === 'tensorflow') useCompiler('tensorflow', new GraphCompiler(addon, backend, recorder));
  await tf.setBackend('tensorflow');
  const versions = { TensorFlow: addon.TF_Version, 'TensorFlow.js': tf.version_core };
  return { device: await deviceOf(name), versions, failed: NEVER };
}

/** No GPU, and no more threads for the operations of a graph than for the parts of one. */
function onProcessor(): Readonly<Record<string, string>> {
  return { CUDA_VISIBLE_DEVICES: '-1', TF_NUM_INTEROP_THREADS: String(threadsOfProcessor()) };
}

function threadsOfProcessor(): number {
  return Number(process.env['TF_NUM_INTRAOP_THREADS'] ?? availableParallelism());
}

function load(require: NodeJS.Require, file: string, name: NativeBackend): unknown {
  try {
    return require(file);
  } catch (error) {
    const [reason] = error instanceof Error ? error.message.split('\n') : [String(error)];
    throw new BackendRefusal(`libtensorflow cannot be loaded: ${reason}.`, setUpAgain(name), error);
  }
}

/** The addon of the newest N-API that this Node has. */
async function addonOf(folder: string, name: NativeBackend): Promise<string> {
  const newest = Number(process.versions['napi'] ?? 0);
  const built = (await namesIn(join(folder, 'lib')))
    .map((entry) => Number(/^napi-v(\d+)$/.exec(entry)?.[1] ?? Number.NaN))
    .filter((api) => api <= newest)
    .sort((a, b) => b - a);
  for (const api of built) {
    const file = join(folder, 'lib', `napi-v${api}`, 'tfjs_binding.node');
    if (await exists(file)) return file;
  }
  const reason = `${folder} has no addon for N-API ${newest} (Node ${process.version}, ${process.platform} ${process.arch}).`;
  throw new BackendRefusal(reason, setUpAgain(name));
}

async function deviceOf(name: 'tensorflow' | 'tensorflow-gpu'): Promise<Device> {
  if (name === 'tensorflow') return processor(threadsOfProcessor());
  return (await nvidiaDevice()) ?? { name: 'a GPU' };
}

const setUpAgain = (name: NativeBackend): string => `Set it up again: \`pairlab backend setup ${name}\`.`;
