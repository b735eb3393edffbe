import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { mapConcurrently } from '../base/concurrency.ts';
import { CancelledError, EnvironmentError, InputError, throwIfCancelled, toSentence } from '../base/errors.ts';
import { exists, readTextIfThere, writeAtomically, writeJson } from '../base/files.ts';
import type { Job } from '../base/progress.ts';
import { mean } from '../base/statistics.ts';
import { chooseBackend } from '../learning/backends/choose.ts';
import { planEpisodes } from '../learning/episodes.ts';
import type { BackendChoice, BackendName, Method, RunSummary } from '../protocol.ts';
import { loadExperiment } from './config.ts';
import { ended, launchDetached } from './launchers/local.ts';
import { openLearningData, outlineLearningData } from './learningData.ts';
import { claim, type Owner, readOwner } from './owner.ts';
import { type Plan, planRuns, slug } from './plan.ts';
import { isAlive, type ProcessIdentity } from './processes.ts';
import { queuesFolder, runFiles, toRecordPath } from './runFolder.ts';
import { stopRun } from './stop.ts';
import { isLiving, summariseRun } from './summary.ts';

const POLL_MS = 250;
const START_LIMIT_MS = 30_000;
const WIND_DOWN_MS = 5000;

export interface RunOptions {
  readonly method?: Method;
  /** Runs at once. Default: one on a GPU, else as many as there are cores; runners give way to everything else. */
  readonly jobs?: number;
  /** What trains where the experiment says `auto`. */
  readonly backend?: BackendChoice;
}

/**
 * Executes the runs of an experiment that are not finished yet, in background processes, and waits for them. Encodes
 * what is not encoded. A run that fails does not keep the others from going on: look at the states.
 *
 * @throws InputError when the experiment asks for what its dataset does not have, or when it is already being executed.
 * @throws CancelledError after a cancel, when every run has stored its checkpoint and ended.
 */
export async function runExperiment(path: string, options: RunOptions = {}, job: Job = {}): Promise<RunSummary[]> {
  const plan = await prepare(path, options.method);
  try {
    const lock = await queueFile(plan, '.json');
    await refuseWhileBusy(lock, plan);
    const queue = await claim(lock, `The experiment ${plan.experiment.path}`);
    try {
      await workThrough(plan, queue.owner, options, job);
    } finally {
      await queue.release();
    }
    return await Promise.all(plan.folders.map(summariseRun));
  } finally {
    plan.snapshots.close();
  }
}

/**
 * Starts {@link runExperiment} in a process that outlives this one, and returns as soon as its runs are queued.
 *
 * @throws InputError like it, before anything is started.
 */
export async function startExperiment(
  path: string,
  options: RunOptions & { readonly detach: true },
): Promise<{ queued: number; alreadyFinished: number }> {
  const plan = await prepare(path, options.method);
  try {
    const waiting = await unfinished(plan);
    const counts = { queued: waiting.length, alreadyFinished: plan.folders.length - waiting.length };
    if (waiting.length === 0) return counts;
    const lock = await queueFile(plan, '.json');
    await refuseWhileBusy(lock, plan);
    await startQueue(plan, waiting, lock, options);
    return counts;
  } finally {
    plan.snapshots.close();
  }
}

/** The plan, after a look whether every run can have its tasks: bad settings are told before any run starts. */
async function prepare(path: string, method: Method | undefined): Promise<Plan> {
  const plan = await planRuns(await loadExperiment(path), method);
  const outline = await outlineLearningData(plan.snapshots, plan.experiment.config);
  try {
    // Runs of one seed have the same tasks.
    const bySeed = new Map(plan.records.map(({ plan: { settings } }) => [settings.seed, settings]));
    for (const settings of bySeed.values()) planEpisodes(outline, settings);
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${plan.experiment.path}: ${error.message}`, error);
    throw error;
  }
  return plan;
}

async function workThrough(plan: Plan, queue: Owner, options: RunOptions, job: Job): Promise<void> {
  const waiting = await unfinished(plan);
  await enlist(plan, waiting, queue);
  const watch = new AbortController();
  try {
    await encode(plan, waiting, job);
    const watching = reportProgress(waiting, job, watch.signal);
    const { backend = 'auto' } = options;
    const jobs = options.jobs ?? jobsOn(await chosenFor(plan, backend, job));
    const runner = {
      backend,
      threads: Math.max(1, Math.floor(availableParallelism() / Math.min(jobs, waiting.length))),
    };
    await mapConcurrently(waiting, jobs, (folder) => executeInBackground(folder, runner, job.signal));
    watch.abort();
    await watching;
  } finally {
    watch.abort();
    await Promise.all(waiting.map((folder) => rm(runFiles(folder).queued, { force: true })));
  }
  if (job.signal?.aborted) {
    throw new CancelledError(
      'Stopped as asked. Every run has stored its checkpoint: run the experiment again to go on.',
    );
  }
}

/** Seed by seed, so that all methods can be compared on the first seed before the others begin. */
async function unfinished({ records, folders }: Plan): Promise<string[]> {
  const seeds = new Map(folders.map((folder, index) => [folder, records[index]?.plan.settings.seed ?? 0]));
  const order = [...new Set(seeds.values())];
  const rank = (folder: string): number => order.indexOf(seeds.get(folder) ?? 0);
  const waiting = await filter(folders, async (folder) => !(await exists(runFiles(folder).report)));
  return waiting.sort((a, b) => rank(a) - rank(b));
}

/** Makes the runs visible as queued, and forgets how they ended the last time. */
async function enlist(plan: Plan, waiting: readonly string[], { pid, started, host }: Owner): Promise<void> {
  for (const [index, folder] of plan.folders.entries()) {
    if (!waiting.includes(folder)) continue;
    const files = runFiles(folder);
    if (!(await exists(files.record))) await writeJson(files.record, plan.records[index]);
    if (await isOwned(folder)) continue;
    await writeJson(files.queued, { pid, started, host } satisfies ProcessIdentity);
    await Promise.all([files.stop, files.failure, files.heartbeat].map((path) => rm(path, { force: true })));
  }
}

/** Computes missing embedding sets, or reads media, once, before several runners would at the same time. */
async function encode(plan: Plan, waiting: readonly string[], job: Job): Promise<void> {
  const [first] = plan.records;
  if (waiting.length === 0 || first === undefined) return;
  try {
    (await openLearningData(plan.snapshots, first.plan, job)).close();
  } catch (error) {
    const asked = error instanceof CancelledError;
    const failure = { at: new Date().toISOString(), sentence: toSentence(error) };
    await Promise.all(
      waiting
        .map(runFiles)
        .map(({ stop, failure: path }) => (asked ? writeAtomically(stop, '') : writeJson(path, failure))),
    );
    throw error;
  }
}

/** The backend on which the runs will be, probed once, before several runners would at the same time. */
async function chosenFor({ experiment: { config } }: Plan, backend: BackendChoice, job: Job): Promise<BackendName> {
  const asked = config.backend === 'auto' ? backend : config.backend;
  job.progress?.({ stage: 'looking for the backend', done: 0 });
  // Where it cannot be used, each run fails with the reason.
  const choice = await chooseBackend(asked, { signal: job.signal }).catch(() => undefined);
  throwIfCancelled(job.signal);
  return choice?.name ?? 'wasm';
}

/** A GPU takes one run after the other: its memory is the limit, and one run can fill it. */
function jobsOn(backend: BackendName): number {
  return backend === 'tensorflow-gpu' || backend === 'webgpu' ? 1 : availableParallelism();
}

/** How runners are started. */
interface Runner {
  readonly backend: BackendChoice;
  /** Of its share of the cores, where its backend uses several. */
  readonly threads: number;
}

/** One run from its start to its end. A runner that is already at it (its queue was killed) is waited for. */
async function executeInBackground(
  folder: string,
  { backend, threads }: Runner,
  signal: AbortSignal | undefined,
): Promise<void> {
  const files = runFiles(folder);
  if (signal?.aborted) await writeAtomically(files.stop, '');
  const owned = await isOwned(folder);
  if (!owned && (await exists(files.stop))) return;
  let over = false;
  if (!owned) {
    const end = ended(
      await launchDetached('runner', [folder, backend], files.log, { TF_NUM_INTRAOP_THREADS: String(threads) }),
    );
    end.then(() => {
      over = true;
    });
  }
  while (!over) {
    if (signal?.aborted) await stopRun(folder);
    await setTimeout(POLL_MS);
    if (owned) over = !(await isOwned(folder));
  }
}

async function isOwned(folder: string): Promise<boolean> {
  const owner = await readOwner(runFiles(folder).owner);
  return owner !== undefined && (await isAlive(owner)) !== false;
}

/** Over the runs that were waiting at the start: those that had finished before say nothing about the time left. */
async function reportProgress(folders: readonly string[], { progress }: Job, signal: AbortSignal): Promise<void> {
  if (folders.length === 0) return;
  while (progress !== undefined && !signal.aborted) {
    const runs = await Promise.all(folders.map(summariseRun));
    const percent = Math.floor(100 * mean(runs.map((run) => run.progress)));
    progress({
      stage: `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}, percent done`,
      done: percent,
      total: 100,
    });
    await setTimeout(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function startQueue(
  plan: Plan,
  waiting: readonly string[],
  lock: string,
  { method, jobs, backend }: RunOptions,
): Promise<void> {
  const log = await queueFile(plan, '.log');
  await rm(log, { force: true });
  const args = ['run', plan.experiment.path];
  if (method !== undefined) args.push('--method', method);
  if (jobs !== undefined) args.push('--jobs', String(jobs));
  if (backend !== undefined) args.push('--backend', backend);
  const child = await launchDetached('cli', args, log);
  const deadline = Date.now() + START_LIMIT_MS;
  while ((await readOwner(lock))?.pid !== child.pid || !(await allEnlisted(waiting))) {
    if (child.exitCode !== null) {
      if (child.exitCode === 0) return;
      const sentence = /^pairlab: (.*)$/ms.exec((await readTextIfThere(log)) ?? '')?.[1];
      throw new EnvironmentError(sentence?.trim() ?? `The runs could not be started. Look at ${log}.`);
    }
    if (Date.now() > deadline) throw new EnvironmentError(`The runs did not start in time. Look at ${log}.`);
    await setTimeout(POLL_MS);
  }
}

async function allEnlisted(folders: readonly string[]): Promise<boolean> {
  const there = await filter(folders, (folder) => exists(runFiles(folder).record));
  if (there.length < folders.length) return false;
  return (await Promise.all(there.map(summariseRun))).every((run) => isLiving(run) || run.state === 'finished');
}

/**
 * Refuses while another queue executes runs of the plan. A queue whose runs are over is about to end: it is waited for,
 * so that "stop, then run again" works at any speed.
 */
async function refuseWhileBusy(lock: string, { experiment, folders }: Plan): Promise<void> {
  const deadline = Date.now() + WIND_DOWN_MS;
  for (;;) {
    const owner = await readOwner(lock);
    if (owner === undefined || (await isAlive(owner)) === false) return;
    const begun = await filter(folders, (folder) => exists(runFiles(folder).record));
    if (Date.now() > deadline || (await Promise.all(begun.map(summariseRun))).some(isLiving)) {
      throw new InputError(
        `The experiment ${experiment.path} is already running (process ${owner.pid}). ` +
          'Wait for it to end, or stop it with `pairlab stop`.',
      );
    }
    await setTimeout(POLL_MS);
  }
}

/** A file about the queue of an experiment, in its folder. */
async function queueFile({ experiment, dataset }: Plan, suffix: string): Promise<string> {
  const folder = queuesFolder(dataset.workspace);
  await mkdir(folder, { recursive: true });
  const path = createHash('sha256').update(toRecordPath(dataset.workspace, experiment.path)).digest('hex').slice(0, 8);
  return join(folder, `${slug(experiment.name)}-${path}${suffix}`);
}

async function filter<T>(elements: readonly T[], keep: (element: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(elements.map(keep));
  return elements.filter((_, index) => kept[index]);
}
