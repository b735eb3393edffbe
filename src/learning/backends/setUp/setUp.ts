import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EnvironmentError } from '../../../base/errors.ts';
import { isFolder, readTextIfThere, removeUnfinished, unfinishedPath, writeAtomically } from '../../../base/files.ts';
import type { Job } from '../../../base/progress.ts';
import type { BackendStatus, NativeBackend } from '../../../protocol.ts';
import { probe } from '../probe.ts';
import { type Runtime, runtimeIn, setUpFiles } from '../runtimes.ts';
import { statusOf } from '../status.ts';
import { buildAddon } from './addon.ts';
import { installPackages, runScripts } from './npm.ts';
import { LIBRARY_HOST, type SetUp } from './plan.ts';

/**
 * Sets a backend up beside what is there, probes it, and makes it the one that is used. Where that fails or is
 * interrupted, and where the probe refuses it, a set-up from before stays the one that is used.
 *
 * @returns what the probe found out; a first set-up is kept when it is refused, as a driver may be missing only
 * @throws EnvironmentError with what npm or the compiler said, or why the new set-up is no better than the one before
 * @throws CancelledError once the signal is aborted
 */
export async function setUpBackend(setUp: SetUp, job: Job): Promise<BackendStatus> {
  const { backend } = setUp;
  const { folder, current } = setUpFiles(backend);
  await mkdir(folder, { recursive: true });
  await removeUnfinished(folder);
  const id = `${new Date().toISOString().slice(0, 10)}-${randomBytes(3).toString('hex')}`;
  const aside = unfinishedPath(join(folder, id));
  try {
    await mkdir(aside);
    await fill(aside, setUp, job);
    job.progress?.({ stage: 'probing', done: 0 });
    const answer = await probe({ name: backend, runtimeFolder: aside }, job.signal);
    const before = await readTextIfThere(current);
    if (answer.outcome === 'refused' && before !== undefined) {
      throw new EnvironmentError(
        `The new set-up of ${backend} was put away, and the one before stays: ${answer.reason} ${answer.next ?? ''}`.trim(),
      );
    }
    await rename(aside, join(folder, id));
    await writeAtomically(current, `${id}\n`);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  await removeOthers(folder, id);
  return await statusOf(backend, { fresh: true, signal: job.signal });
}

async function fill(folder: string, { backend, packages, against }: SetUp, job: Job): Promise<void> {
  const scripts = against === undefined && backend !== 'webgpu' ? packages.map(({ name }) => name) : [];
  await installPackages(folder, packages, scripts, job);
  if (scripts.length > 0) {
    job.progress?.({ stage: 'fetching libtensorflow', done: 0 });
    await runScripts(folder, scripts, job).catch((error: unknown) => {
      throw isOutOfReach(error) ? libraryOutOfReach(backend, error) : error;
    });
  }
  const runtime = await runtimeIn(backend, folder);
  if (runtime === undefined) throw new EnvironmentError(`npm did not install what ${backend} needs in ${folder}.`);
  if (backend === 'webgpu') await keepThisPlatform(runtime);
  if (against === undefined) return;
  job.progress?.({ stage: 'building the addon', done: 0 });
  await buildAddon(runtime, against, job.signal);
}

const isOutOfReach = (error: unknown): boolean =>
  error instanceof EnvironmentError && error.message.includes(LIBRARY_HOST);

function libraryOutOfReach(backend: NativeBackend, cause: unknown): EnvironmentError {
  return new EnvironmentError(
    `libtensorflow could not be fetched from ${LIBRARY_HOST}. Where that host is out of reach, use an installed ` +
      `TensorFlow: \`pairlab backend setup ${backend} --tensorflow <python environment>\`.`,
    cause,
  );
}

/** Dawn comes with a library for each platform. */
async function keepThisPlatform({ packageFiles: [dawn = ''] }: Runtime): Promise<void> {
  const libraries = join(dirname(dawn), 'dist');
  const ours = [`${process.platform}-${process.arch}`, `${process.platform}-universal`];
  for (const name of await readdir(libraries)) {
    if (!ours.includes(name)) await rm(join(libraries, name), { recursive: true });
  }
}

/** A run that still uses one keeps its files on most systems; on Windows they stay until the next set-up. */
async function removeOthers(folder: string, id: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (name === id || !(await isFolder(path)) || basename(path).endsWith('.tmp')) continue;
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}
