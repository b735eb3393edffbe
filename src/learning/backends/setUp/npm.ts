import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { writeJson } from '../../../base/files.ts';
import type { Job } from '../../../base/progress.ts';
import { runTool } from './tool.ts';

const Lock = z.object({ packages: z.record(z.string(), z.unknown()) });
const QUIET = ['--no-audit', '--no-fund', '--no-update-notifier'];
const FETCHED = /http (?:fetch|cache) \S*\s?\S+\.tgz/g;

/**
 * Installs packages into a folder that holds nothing yet, with the npm and the registry of the user.
 * @param scripts of which packages install scripts are run; npm 11 asks for their names
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
  const ignore = scripts.length === 0 ? ['--ignore-scripts'] : [];
  await runTool('npm', ['ci', '--loglevel=http', ...ignore, ...QUIET], { cwd: folder, signal, hear });
}
