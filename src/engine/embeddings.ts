import { loadDataset } from '../dataset/config.ts';
import { embeddingSetsOf } from '../embedding/embeddingSets.ts';
import { encodingRunsOf } from '../experiment/encodingRuns.ts';
import type { Handlers } from './handlers.ts';
import type { SnapshotShelf } from './snapshotShelf.ts';

export function embeddingHandlers(shelf: SnapshotShelf): Handlers<'embedding'> {
  return {
    'embedding/list': ({ dataset }) => shelf.read(dataset, embeddingSetsOf),
    'embedding/runs': async ({ dataset }) => await encodingRunsOf(await loadDataset(dataset)),
  };
}
