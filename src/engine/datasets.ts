import { join } from 'node:path';
import { throwIfCancelled, toSentence } from '../base/errors.ts';
import { findDatasets, loadDataset } from '../dataset/config.ts';
import { indexDataset } from '../dataset/indexer.ts';
import { initDataset, proposeDatasets } from '../dataset/propose.ts';
import { currentSnapshotId, Snapshot } from '../dataset/snapshot.ts';
import { snapshotFolder } from '../dataset/snapshotFiles.ts';
import { statisticsOf } from '../dataset/statistics.ts';
import type { DecoderPool } from '../decoding/decoderPool.ts';
import type { DatasetSummary, SnapshotSummary } from '../protocol.ts';
import type { Handlers } from './handlers.ts';
import { describeItem } from './items.ts';
import type { SnapshotShelf } from './snapshotShelf.ts';
import type { Turns } from './turns.ts';

/** What the handlers of datasets work with. `changed` tells the editor, without waiting for the disk to be watched. */
export interface DatasetRoom {
  readonly workspace: string;
  readonly shelf: SnapshotShelf;
  readonly turns: Turns;
  readonly decoders: DecoderPool;
  readonly changed: () => void;
}

/** All dataset files below the workspace folder, by name; one that cannot be used carries the reason. */
export async function listDatasets(workspace: string): Promise<DatasetSummary[]> {
  const paths = await findDatasets(workspace);
  const summaries = await Promise.all(paths.map(summarise));
  return summaries.sort((a, b) => a.name.localeCompare(b.name) || a.path.localeCompare(b.path));
}

async function summarise(path: string): Promise<DatasetSummary> {
  try {
    const dataset = await loadDataset(path);
    const { name, root } = dataset;
    if ((await currentSnapshotId(dataset)) === undefined) return { name, path, root };
    const snapshot = await Snapshot.open(dataset);
    const { summary } = snapshot;
    snapshot.close();
    return { name, path, root, snapshot: summary };
  } catch (error) {
    return { name: path.split(/[\\/]/).slice(-2).join('/'), path, error: toSentence(error) };
  }
}

export function datasetHandlers({ workspace, shelf, turns, decoders, changed }: DatasetRoom): Handlers<'dataset'> {
  return {
    'dataset/list': () => listDatasets(workspace),
    'dataset/propose': ({ folder }, job) => proposeDatasets(folder, job),
    'dataset/init': async ({ folder, choice = 1 }, job) => {
      const { written, description, matchRate } = await initDataset(folder, { choice }, job);
      changed();
      return { written, description, matchRate };
    },
    'dataset/index': ({ dataset }, job) =>
      turns.take(dataset, async () => {
        throwIfCancelled(job.signal);
        const { summary } = await indexDataset(await loadDataset(dataset), {}, job);
        changed();
        return summary;
      }),
    'dataset/check': async ({ dataset, background }, job) => {
      const check = async (signal: AbortSignal | undefined): Promise<SnapshotSummary> => {
        throwIfCancelled(signal);
        const { summary } = await indexDataset(
          await loadDataset(dataset),
          { decode: true, background },
          { ...job, ...(signal && { signal }) },
        );
        changed();
        return summary;
      };
      if (background) return await turns.takeInBackground(dataset, job.signal, check);
      return await turns.take(dataset, () => check(job.signal));
    },
    'dataset/statistics': ({ dataset }, job) =>
      shelf.read(dataset, (snapshot) =>
        statisticsOf(join(snapshotFolder(snapshot.dataset, snapshot.summary.id), 'items.parquet'), job),
      ),
    'dataset/groups': ({ dataset, by, filter }) => shelf.read(dataset, (snapshot) => snapshot.groups(by, filter)),
    'dataset/pairs': ({ dataset, filter, offset, limit }) =>
      shelf.read(dataset, (snapshot) => snapshot.page(filter, offset, limit)),
    'dataset/pair': ({ dataset, pair }, { signal }) =>
      shelf.read(dataset, async (snapshot) => {
        const found = await snapshot.pair(pair);
        throwIfCancelled(signal);
        const items = await Promise.all(found.items.map((item) => describeItem(item, found.problems, decoders)));
        return { ...found, items };
      }),
    'dataset/problems': ({ dataset, kind, offset, limit }) =>
      shelf.read(dataset, (snapshot) => snapshot.problems(kind === undefined ? {} : { kind }, offset, limit)),
  };
}
