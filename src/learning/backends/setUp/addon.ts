import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Runtime } from '../runtimes.ts';
import { writeLinked } from '../tensorflow/linked.ts';
import { HEADERS } from './plan.ts';
import type { Tensorflow } from './pythonTensorflow.ts';
import { runTool } from './tool.ts';

/** Of Node's stable interface, which the sources of the addon are written for. */
const NODE_API = 8;

/**
 * Builds the addon of @tensorflow/tfjs-node (or -gpu), from its own sources, against an installed TensorFlow. Addon and
 * library stay where they are: the environment must be kept.
 * @throws EnvironmentError with what the compiler said
 */
export async function buildAddon(
  { packageFiles: [packageFile = ''] }: Runtime,
  { headers, libraries, folders, compiler }: Tensorflow,
  signal: AbortSignal | undefined,
): Promise<void> {
  const folder = dirname(packageFile);
  const nodeHeaders = join(packageFile, '..', '..', '..', HEADERS.name, 'include');
  const output = join(folder, 'lib', `napi-v${NODE_API}`);
  await mkdir(output, { recursive: true });
  const [library = ''] = folders;
  const linking =
    process.platform === 'darwin'
      ? ['-undefined', 'dynamic_lookup', ...libraries.map((name) => join(library, name))]
      : // Where libtensorflow looks for the libraries of CUDA as well, which it loads itself.
        [`-L${library}`, ...libraries.map((name) => `-l:${name}`), '-Wl,--disable-new-dtags'];
  const options = [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${NODE_API}`, '-DBUILDING_NODE_EXTENSION'],
    ...['-w', `-I${nodeHeaders}`, `-I${headers}`],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((source) => join(folder, 'binding', source)),
    ...linking,
    ...folders.map((place) => `-Wl,-rpath,${place}`),
    ...['-o', join(output, 'tfjs_binding.node')],
  ];
  await runTool(compiler, options, { cwd: folder, signal });
  await writeLinked(
    output,
    libraries.map((name) => join(library, name)),
  );
}
