import * as z from 'zod';
import { readJson, writeJson } from '../../../src/base/files.ts';
import { loadExperiment } from '../../../src/experiment/config.ts';
import { openLearningData } from '../../../src/experiment/learningData.ts';
import { planRuns } from '../../../src/experiment/plan.ts';
import { openBackend } from '../../../src/learning/backend.ts';
import { trials } from './trials.ts';

const TrialResults = z.record(z.string(), z.unknown());
/** What trials found, by their ids. */
export type TrialResults = z.infer<typeof TrialResults>;

/** What was found so far and stored. */
export async function readTrials(path: string): Promise<TrialResults> {
  return (await readJson(path, TrialResults)) ?? {};
}

/** Measures the trials that were not measured on the data of an experiment, and stores each when it is done. */
export async function measureTrials(
  path: string,
  experiment: string,
  { wasm, tell }: { readonly wasm: string; readonly tell: (line: string) => void },
): Promise<void> {
  const stored = await readTrials(path);
  const missing = trials.filter(({ id }) => stored[id] === undefined);
  if (missing.length === 0) return;
  await openBackend('wasm', { wasmFolder: wasm });
  const { snapshots, records } = await planRuns(await loadExperiment(experiment));
  try {
    const [first] = records;
    if (first === undefined) throw new RangeError('an experiment plans at least one run');
    const data = await openLearningData(snapshots, first.plan);
    for (const { id, statement, measure } of missing) {
      tell(`${id}: ${statement}`);
      stored[id] = await measure(data);
      await writeJson(path, stored);
    }
    data.close();
  } finally {
    snapshots.close();
  }
}
