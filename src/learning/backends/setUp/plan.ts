import { InputError } from '../../../base/errors.ts';
import type { NativeBackend, SetUpPlan, SetUpRequest } from '../../../protocol.ts';
import { packagesOf, setUpFiles } from '../runtimes.ts';
import { findTensorflow, type Tensorflow } from './pythonTensorflow.ts';

const MEGABYTE = 1e6;
/** From where the install script of the packages fetches the library. */
export const LIBRARY_HOST = 'storage.googleapis.com';

/** About how much npm fetches and what it comes to, and the same of libtensorflow 2.9.1, in megabytes (Linux, x64). */
const SIZES: Readonly<Record<NativeBackend, { npm: [number, number]; library: [number, number] }>> = {
  'tensorflow-gpu': { npm: [60, 310], library: [450, 1300] },
  webgpu: { npm: [56, 95], library: [0, 0] },
  tensorflow: { npm: [60, 310], library: [110, 400] },
};

/** What is needed to build an addon against an installed TensorFlow: the headers of Node's stable interface. */
export const HEADERS = { name: 'node-api-headers', range: '^1.9.0' } as const;

/** A set-up that can begin. */
export interface SetUp extends SetUpPlan {
  readonly packages: readonly { readonly name: string; readonly range: string }[];
  /** Set where the addon is built against an installed TensorFlow. */
  readonly against?: Tensorflow;
}

/**
 * Looks what a set-up would fetch, and whether everything that it needs is there. Changes nothing.
 * @throws InputError that names each missing piece with the command that installs it
 */
export async function planSetUp({ backend, tensorflow }: SetUpRequest): Promise<SetUp> {
  const { npm, library } = SIZES[backend];
  const { folder } = setUpFiles(backend);
  const packages = packagesOf(backend);
  if (tensorflow === undefined) {
    const fetched = packages.map(nameAndRange);
    if (library[0] > 0) {
      fetched.push(`libtensorflow 2.9.1, which the install script fetches from ${LIBRARY_HOST}`);
    }
    const [download, disk] = [npm[0] + library[0], npm[1] + library[1]];
    return { backend, fetches: fetched, download: download * MEGABYTE, disk: disk * MEGABYTE, folder, packages };
  }
  if (backend === 'webgpu') throw new InputError('webgpu does not use TensorFlow. Set it up without --tensorflow.');
  const against = await findTensorflow(tensorflow, backend);
  const needed = [...packages, HEADERS];
  return {
    backend,
    fetches: needed.map(nameAndRange),
    download: npm[0] * MEGABYTE,
    disk: npm[1] * MEGABYTE,
    folder,
    tensorflow: `TensorFlow ${against.version} in ${against.environment}`,
    packages: needed,
    against,
  };
}

const nameAndRange = ({ name, range }: { readonly name: string; readonly range: string }): string => `${name}@${range}`;
