import { throwIfCancelled } from '../base/errors.ts';
import type { Job } from '../base/progress.ts';
import { type Dataset, loadDataset } from '../dataset/config.ts';
import { decide, undo } from '../dataset/decisions/decide.ts';
import { indexDataset } from '../dataset/indexer.ts';
import { Snapshot } from '../dataset/snapshot.ts';
import type { SnapshotSummary } from '../protocol.ts';
import type { DatasetRoom } from './datasets.ts';
import type { Handlers } from './handlers.ts';

export function decisionHandlers({ turns, changed }: Pick<DatasetRoom, 'turns' | 'changed'>): Handlers<'decision'> {
  const afterwards = async (dataset: Dataset, job: Job): Promise<SnapshotSummary> => {
    const summary = await indexAgain(dataset, job);
    changed();
    return summary;
  };
  return {
    'decision/add': ({ dataset: path, decision, targets, reason }, job) =>
      turns.take(path, async () => {
        throwIfCancelled(job.signal);
        const dataset = await loadDataset(path);
        await decide(dataset, decision, targets, reason);
        return await afterwards(dataset, job);
      }),
    'decision/undo': ({ dataset: path }, job) =>
      turns.take(path, async () => {
        throwIfCancelled(job.signal);
        const dataset = await loadDataset(path);
        const { decision: undone, targets, example } = await undo(dataset);
        return { undone, targets, example, snapshot: await afterwards(dataset, job) };
      }),
  };
}

/** Files that have not changed are not read again. What was decoded stays so. */
async function indexAgain(dataset: Dataset, job: Job): Promise<SnapshotSummary> {
  const snapshot = await Snapshot.open(dataset);
  const decode = snapshot.summary.decoded;
  snapshot.close();
  return (await indexDataset(dataset, { decode }, job)).summary;
}
