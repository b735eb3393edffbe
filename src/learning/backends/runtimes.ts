import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { peerDependencies } from '../../../package.json';
import { readJson, readTextIfThere } from '../../base/files.ts';
import type { NativeBackend } from '../../protocol.ts';

/** Where the packages of a backend lie: a folder of its own with a node_modules. */
export interface Runtime {
  readonly name: NativeBackend;
  /** The package.json of each package, in the order of {@link packagesOf}. */
  readonly packageFiles: readonly string[];
  /** Of each package. */
  readonly versions: Readonly<Record<string, string>>;
}

const PACKAGES = {
  'tensorflow-gpu': ['@tensorflow/tfjs-node-gpu'],
  webgpu: ['webgpu', '@tensorflow/tfjs-backend-webgpu'],
  tensorflow: ['@tensorflow/tfjs-node'],
} as const satisfies Record<NativeBackend, readonly (keyof typeof peerDependencies)[]>;

const PackageFile = z.looseObject({ version: z.string() });

/** The npm packages of a backend, with the versions that this PairLab works with. */
export function packagesOf(name: NativeBackend): { readonly name: string; readonly range: string }[] {
  return PACKAGES[name].map((known) => ({ name: known, range: peerDependencies[known] }));
}

/** Where set-ups are kept: the folder of the variable PAIRLAB_RUNTIMES (the editor sets it), else one of the user's. */
export function runtimesFolder(): string {
  const asked = process.env['PAIRLAB_RUNTIMES'];
  return asked === undefined || asked === '' ? join(dataFolder(), 'pairlab', 'runtimes') : asked;
}

/**
 * What lies in the folder of set-ups of one backend. `current` names the one that is used and is replaced atomically, so
 * that a set-up that fails or is interrupted leaves the one before at work.
 */
export function setUpFiles(name: NativeBackend): { readonly folder: string; readonly current: string } {
  const folder = join(runtimesFolder(), name);
  return { folder, current: join(folder, 'current') };
}

/**
 * The packages of a backend: of its set-up, else of a node_modules in the folder of set-ups (for who installs them by
 * hand), else beside PairLab itself. Undefined when they are in none.
 */
export async function findRuntime(name: NativeBackend): Promise<Runtime | undefined> {
  const { folder, current } = setUpFiles(name);
  const id = (await readTextIfThere(current))?.trim();
  const places = [...(id === undefined ? [] : [join(folder, id)]), runtimesFolder()].map((place) => inFolder(place));
  for (const place of [...places, besideUs]) {
    const found = await runtimeAt(name, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The packages of a backend in one folder. */
export async function runtimeIn(name: NativeBackend, folder: string): Promise<Runtime | undefined> {
  return await runtimeAt(name, inFolder(folder));
}

async function runtimeAt(name: NativeBackend, locate: Locate): Promise<Runtime | undefined> {
  const versions: Record<string, string> = {};
  const packageFiles: string[] = [];
  for (const known of PACKAGES[name]) {
    const file = locate(known);
    const found = file === undefined ? undefined : await readJson(file, PackageFile);
    if (file === undefined || found === undefined) return undefined;
    packageFiles.push(file);
    versions[known] = found.version;
  }
  return { name, packageFiles, versions };
}

/** The package.json of a package, if there can be one. */
type Locate = (name: string) => string | undefined;

const inFolder =
  (folder: string): Locate =>
  (name) =>
    join(folder, 'node_modules', name, 'package.json');

const besideUs: Locate = (name) => {
  try {
    return createRequire(join(__dirname, 'package.json')).resolve(`${name}/package.json`);
  } catch {
    return undefined;
  }
};

function dataFolder(): string {
  switch (process.platform) {
    case 'win32':
      return process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support');
    default:
      return process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share');
  }
}
