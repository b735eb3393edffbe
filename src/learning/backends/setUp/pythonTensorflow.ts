import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { InputError } from '../../../base/errors.ts';
import { exists, isFolder } from '../../../base/files.ts';
import type { NativeBackend } from '../../../protocol.ts';

const run = promisify(execFile);
const LIMIT_MS = 60_000;
const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  linux: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
  darwin: ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'],
};

/** An installed TensorFlow, and the compiler that builds against it. */
export interface Tensorflow {
  /** The Python environment, as it was given. */
  readonly environment: string;
  readonly version: string;
  readonly headers: string;
  readonly libraries: readonly string[];
  /** Where they lie, and where the libraries of CUDA that pip installs beside them do. */
  readonly folders: readonly string[];
  readonly compiler: string;
}

/** Looks without importing it, which would take seconds: where TensorFlow lies, which it is, and CUDA's libraries. */
const LOOK = `
import glob, importlib.metadata, importlib.util, json, os
spec = importlib.util.find_spec("tensorflow")
folder = list(spec.submodule_search_locations)[0] if spec else None
names = ["tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tensorflow-macos", "tf-nightly"]
version = None
for name in names:
    try:
        version = version or importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
cuda = sorted(glob.glob(os.path.join(os.path.dirname(folder), "nvidia", "*", "lib"))) if folder else []
print(json.dumps({"folder": folder, "version": version, "cuda": cuda}))
`;
const Look = z.object({ folder: z.string().nullable(), version: z.string().nullable(), cuda: z.array(z.string()) });

/**
 * The TensorFlow of a Python environment (its folder, or its python), with everything that building an addon needs.
 * @throws InputError that names each missing piece with the command that installs it
 */
export async function findTensorflow(environment: string, backend: NativeBackend): Promise<Tensorflow> {
  const names = LIBRARIES[process.platform];
  if (names === undefined) {
    throw new InputError(`An addon cannot be built on ${process.platform}. Set ${backend} up without --tensorflow.`);
  }
  const compiler = await findCompiler();
  const missing = compiler === undefined ? [`a C++ compiler: \`${compilerCommand()}\``] : [];
  const python = await pythonOf(resolve(environment));
  if (python === undefined) {
    throw missingPieces([`Python in ${environment}: \`python3 -m venv ${environment}\``, ...missing]);
  }
  const { folder, version, cuda } = await look(python);
  if (folder === null || version === null) {
    const wanted = backend === 'tensorflow-gpu' ? "'tensorflow[and-cuda]'" : 'tensorflow-cpu';
    throw missingPieces([`TensorFlow in ${environment}: \`${python} -m pip install ${wanted}\``, ...missing]);
  }
  const headers = join(folder, 'include');
  const files = [...names.map((name) => join(folder, name)), join(headers, 'tensorflow', 'c', 'eager', 'c_api.h')];
  for (const file of files) {
    if (await exists(file)) continue;
    missing.push(`${file}, which TensorFlow 2.14 and newer have: \`${python} -m pip install --upgrade tensorflow\``);
  }
  if (compiler === undefined || missing.length > 0) throw missingPieces(missing);
  return { environment, version, headers, libraries: names, folders: [folder, ...cuda], compiler };
}

function missingPieces(pieces: readonly string[]): InputError {
  return new InputError(`The addon cannot be built. Missing:\n${pieces.map((piece) => `- ${piece}`).join('\n')}`);
}

async function look(python: string): Promise<z.infer<typeof Look>> {
  try {
    // Isolated: nothing of the working directory is imported.
    const { stdout } = await run(python, ['-I', '-c', LOOK], { timeout: LIMIT_MS });
    return Look.parse(JSON.parse(stdout));
  } catch (error) {
    throw new InputError(`${python} does not run, or is no Python 3.8 or newer.`, error);
  }
}

async function pythonOf(environment: string): Promise<string | undefined> {
  if (!(await isFolder(environment))) return (await exists(environment)) ? environment : undefined;
  const candidates = [join(environment, 'bin', 'python'), join(environment, 'bin', 'python3')];
  for (const candidate of candidates) if (await exists(candidate)) return candidate;
  return undefined;
}

async function findCompiler(): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(':');
  const asked = process.env['CXX'];
  for (const name of [...(asked ? [asked] : []), 'c++', 'g++', 'clang++']) {
    for (const folder of name.includes('/') ? [''] : folders) {
      const file = join(folder, name);
      if (await isExecutable(file)) return file;
    }
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, 1);
    return true;
  } catch {
    return false;
  }
}

function compilerCommand(): string {
  return process.platform === 'darwin' ? 'xcode-select --install' : 'sudo apt-get install g++';
}
