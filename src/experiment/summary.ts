import { readJson } from '../base/files.ts';
import { interval95, mean } from '../base/statistics.ts';
import type { RunState, RunSummary, ShotResult } from '../protocol.ts';
import { readHistory } from './events.ts';
import { Failure, fromRecordPath, Heartbeat, RunReport, readRecord, runFiles, workspaceOf } from './runFolder.ts';
import { deriveState, readFacts } from './state.ts';

const LIVING: readonly RunState[] = ['queued', 'running', 'stopping'];

export const isLiving = ({ state }: RunSummary): boolean => LIVING.includes(state);

/** @throws InputError when the folder holds no run. */
export async function summariseRun(folder: string): Promise<RunSummary> {
  const files = runFiles(folder);
  const [record, heartbeat, report, failure, history] = await Promise.all([
    readRecord(folder),
    readJson(files.heartbeat, Heartbeat),
    readJson(files.report, RunReport),
    readJson(files.failure, Failure),
    readHistory(files.events),
  ]);
  const state = deriveState(await readFacts(folder, heartbeat));
  const { method, source, target, settings } = record.plan;
  const backend = record.execution?.backend;
  const updated = heartbeat?.at ?? history.updated;
  return {
    id: record.id,
    folder,
    experiment: fromRecordPath(workspaceOf(folder), record.experiment),
    method,
    seed: settings.seed,
    pairNoise: settings.pairNoise,
    ...(settings.pairsPerClass !== undefined && { pairsPerClass: settings.pairsPerClass }),
    source,
    target,
    ways: settings.ways,
    state,
    progress: state === 'finished' ? 1 : (heartbeat?.progress ?? 0),
    ...(state === 'running' && heartbeat && { stage: heartbeat.stage }),
    ...(state === 'running' && heartbeat?.secondsLeft !== undefined && { secondsLeft: heartbeat.secondsLeft }),
    ...(backend !== undefined && { backend }),
    ...(state === 'running' && heartbeat?.load !== undefined && { load: heartbeat.load }),
    ...(history.started !== undefined && { started: history.started }),
    ...(updated !== undefined && { updated }),
    results: report === undefined ? history.results : leastNoisy(report.results),
    curve: history.curve,
    ...(state === 'failed' && failure && { error: failure.sentence }),
  };
}

/** The results with the least label noise, which stand for the run where there is room for one number of each k only. */
function leastNoisy(results: RunReport['results']): ShotResult[] {
  const least = Math.min(...results.map(({ labelNoise }) => labelNoise));
  return results
    .filter(({ labelNoise }) => labelNoise === least)
    .map(({ shots, accuracies }) => shotResult(shots, accuracies));
}

/** Mean accuracy over tasks and the half width of its 95 % interval. */
export function shotResult(shots: number, accuracies: readonly number[]): ShotResult {
  const interval = interval95(accuracies);
  return { shots, accuracy: mean(accuracies), ...(interval !== undefined && { interval }), tasks: accuracies.length };
}
