import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { writeJson } from '../../../base/files.ts';
import type { Job } from '../../../base/progress.ts';
import { runTool } from './tool.ts';

const Lock = z.object({ packages: z.record(z.string(), z.unknown()) });
const QUIET = ['--no-audit', '--no-fund', '--no-update-notifier'];
/** "npm http fetch GET 200 https://registry.npmjs.org/ms/-/ms-2.1.3.tgz 79ms", and the like of a cache. */
const FETCHED = /http (?:fetch|cache) .*\.tgz/g;

/**
 * Installs packages into a folder that holds nothing yet, with the npm and the registry of the user. Install scripts are
 * left to {@link runScripts}.
 * @param scripts of which packages they may be run; npm 11 asks for their names
 * @throws EnvironmentError with what npm said; CancelledError once the signal is aborted
 */
export async function installPackages(
  folder: string,
  packages: readonly { readonly name: string; readonly range: string }[],
  scripts: readonly string[],
  { progress, signal }: Job,
): Promise<void> {
  await writeJson(join(folder, 'package.json'), {
    private: true,
    dependencies: Object.fromEntries(packages.map(({ name, range }) => [name, range])),
    allowScripts: Object.fromEntries(scripts.map((name) => [name, true])),
  });
  progress?.({ stage: 'asking npm for versions', done: 0 });
  await runTool('npm', ['install', '--package-lock-only', '--ignore-scripts', ...QUIET], { cwd: folder, signal });
  const lock = Lock.parse(JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')));
  const total = Object.keys(lock.packages).length - 1;
  let done = 0;
  const hear = (text: string): void => {
    done = Math.min(total, done + (text.match(FETCHED)?.length ?? 0));
    progress?.({ stage: 'fetching packages', done, total });
  };
  await runTool('npm', ['ci', '--loglevel=http', '--ignore-scripts', ...QUIET], { cwd: folder, signal, hear });
}

/**
 * Runs the install scripts of packages that {@link installPackages} has put into a folder, and of no others.
 * @throws EnvironmentError with what npm said; CancelledError once the signal is aborted
 */
export async function runScripts(folder: string, names: readonly string[], { signal }: Job): Promise<void> {
  await runTool('npm', ['rebuild', ...names, ...QUIET], { cwd: folder, signal });
}
