import { rm } from 'node:fs/promises';
import { CancelledError, EnvironmentError, InputError, toSentence } from '../base/errors.ts';
import { exists, writeAtomically, writeJson } from '../base/files.ts';
import { loadDataset } from '../dataset/config.ts';
import { type Backend, describeBackend } from '../learning/backend.ts';
import { type Choice, chooseBackend } from '../learning/backends/choose.ts';
import { LoadMeter } from '../learning/backends/load.ts';
import { openChoice } from '../learning/backends/openChoice.ts';
import { isOutOfMemory, wayToLessMemory } from '../learning/backends/outOfMemory.ts';
import { planEpisodes } from '../learning/episodes.ts';
import { type BackendChoice, BackendName, type RunBackend } from '../protocol.ts';
import { EventLog } from './events.ts';
import { type OpenLearningData, openLearningData } from './learningData.ts';
import { claim } from './owner.ts';
import { dataOf } from './plan.ts';
import type { ProcessIdentity } from './processes.ts';
import { Pulse } from './pulse.ts';
import { fromRecordPath, type RunRecord, readRecord, runFiles, workspaceOf } from './runFolder.ts';
import { Snapshots } from './snapshots.ts';
import { sourceModelFolder } from './sourceModel.ts';
import { Training } from './training.ts';

/** What the runner's entry file knows of its surroundings. */
export interface Surroundings {
  /** Folder of the wasm backend's binaries. */
  readonly wasmFolder: string;
  readonly version: string;
  /** What trains where the plan says `auto`. */
  readonly backend: BackendChoice;
  /** Aborted by a signal: store a checkpoint and end. */
  readonly signal: AbortSignal;
  /** Writes a sentence to the log of the run. */
  readonly log: (sentence: string) => void;
}

/**
 * Executes one run in its folder, from its last checkpoint on, to its report. The same plan gives the same numbers,
 * however often it was stopped or killed on the way. A finished run is left as it is.
 *
 * @throws InputError when another process executes the run, or its data has changed.
 * @throws CancelledError when it was asked to stop, after the checkpoint is stored.
 */
export async function executeRun(folder: string, surroundings: Surroundings): Promise<void> {
  const files = runFiles(folder);
  const record = await readRecord(folder);
  if (await exists(files.report)) return;
  const claimed = await claim(files.owner, `The run ${record.id}`);
  try {
    await executeClaimed(folder, record, claimed.owner, surroundings);
  } catch (error) {
    if (error instanceof CancelledError) await writeAtomically(files.stop, '');
    else await writeFailure(folder, error);
    throw error;
  } finally {
    await claimed.release();
  }
}

async function executeClaimed(
  folder: string,
  record: RunRecord,
  owner: ProcessIdentity,
  surroundings: Surroundings,
): Promise<void> {
  const files = runFiles(folder);
  const pulse = new Pulse(folder);
  surroundings.signal.addEventListener('abort', () => pulse.askToStop(), { once: true });
  await pulse.write('loading', 0);
  await rm(files.queued, { force: true });
  await rm(files.failure, { force: true });
  const events = await EventLog.open(files.events);
  try {
    const { backend, choice } = await openFor(folder, record, surroundings);
    pulse.measure(new LoadMeter(backend.name));
    await recordExecution(folder, record, { backend, choice, owner, version: surroundings.version });
    const data = await openData(folder, record);
    try {
      const { notes, ...planned } = planEpisodes(data, record.plan.settings);
      const episodes = { ...planned, notes: [...data.notes, ...notes] };
      const { classes, contents } = data;
      const device = describeBackend(backend);
      const sourceModel = sourceModelFolder(workspaceOf(folder), record, `${surroundings.version}, ${device}`);
      const shared = sourceModel === undefined ? {} : { sourceModel };
      const material = { episodes, classes, contents, backend: device, events, pulse, ...shared };
      await Promise.race([new Training(folder, record, material).run(), backend.failed]);
    } catch (error) {
      throw isOutOfMemory(error) ? memoryIsFull(backend, record, error) : error;
    } finally {
      data.close();
    }
  } finally {
    await events.close();
  }
}

/** Opens what a run is to train on, and tells the log what `auto` passes over because it does not open. */
async function openFor(
  folder: string,
  record: RunRecord,
  surroundings: Surroundings,
): Promise<{ readonly backend: Backend; readonly choice: Choice }> {
  const { signal, log } = surroundings;
  const chosen = await chooseFor(folder, record, surroundings);
  const opened = await openChoice(chosen, surroundings, { signal });
  for (const { name, reason } of opened.choice.refused.slice(chosen.refused.length)) {
    log(`\`auto\` passes ${name} over. ${reason}`);
  }
  return opened;
}

/** A run that goes on stays on its backend while that can be used: another one computes other last digits. */
async function chooseFor(
  folder: string,
  { plan, execution }: RunRecord,
  { backend, signal }: Surroundings,
): Promise<Choice> {
  const asked = plan.backend === 'auto' ? backend : plan.backend;
  const { status, refused = [], name } = execution?.backend ?? {};
  const before = BackendName.safeParse(name).data;
  if (asked === 'auto' && before !== undefined && (await exists(runFiles(folder).checkpoint))) {
    const again = await chooseBackend(before, { signal }).catch(() => undefined);
    if (again !== undefined) return { ...(status !== undefined && { status }), ...again, asked, refused };
  }
  return await chooseBackend(asked, { signal });
}

async function recordExecution(
  folder: string,
  record: RunRecord,
  { backend, choice, owner, version }: { backend: Backend; choice: Choice; owner: ProcessIdentity; version: string },
): Promise<void> {
  const { pid, started, host } = owner;
  const execution: RunRecord['execution'] = {
    process: { pid, started, host },
    backend: ofRun(record, backend, choice),
    versions: { pairlab: version, node: process.version, platform: `${process.platform} ${process.arch}` },
  };
  await writeJson(runFiles(folder).record, { ...record, execution } satisfies RunRecord);
}

function ofRun({ plan }: RunRecord, backend: Backend, { asked, status, refused }: Choice): RunBackend {
  return {
    name: backend.name,
    describe: describeBackend(backend),
    by: asked === 'auto' ? 'auto' : plan.backend === 'auto' ? 'command' : 'experiment',
    ...(status !== undefined && { status }),
    refused: [...refused],
  };
}

function memoryIsFull({ device }: Backend, { plan }: RunRecord, cause: unknown): EnvironmentError {
  return new EnvironmentError(
    `The memory of ${device.name} is full. The checkpoint is kept. Free some memory and run the experiment again, ` +
      `or ${wayToLessMemory(plan.settings)}.`,
    cause,
  );
}

async function openData(folder: string, { id, dataset, sourceDataset, plan }: RunRecord): Promise<OpenLearningData> {
  const load = (path: string) => loadDataset(fromRecordPath(workspaceOf(folder), path));
  const source = sourceDataset === undefined ? undefined : await load(sourceDataset);
  const snapshots = await Snapshots.open(await load(dataset), source);
  try {
    const { data, sourceData } = dataOf(snapshots);
    const changed =
      data !== plan.data ? snapshots.target : sourceData !== plan.sourceData ? snapshots.source : undefined;
    if (changed !== undefined) {
      throw new InputError(
        `${changed.dataset.path} has changed since the run ${id} was planned. Run the experiment again to plan new runs.`,
      );
    }
    return await openLearningData(snapshots, plan);
  } finally {
    snapshots.close();
  }
}

/** The heartbeat of a run that failed is of no use; removing it makes room for the reason on a full disk. */
async function writeFailure(folder: string, error: unknown): Promise<void> {
  const files = runFiles(folder);
  try {
    await rm(files.heartbeat, { force: true });
    await writeJson(files.failure, { at: new Date().toISOString(), sentence: toSentence(error) });
  } catch {
    // The first error is the one to tell; the runner writes it to its log as well.
  }
}
