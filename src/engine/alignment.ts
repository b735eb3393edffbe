import { computeAlignment } from '../alignment/computeAlignment.ts';
import { storedAlignment } from '../alignment/store.ts';
import { throwIfCancelled } from '../base/errors.ts';
import type { Handlers } from './handlers.ts';
import type { SnapshotShelf } from './snapshotShelf.ts';
import type { Turns } from './turns.ts';

export function alignmentHandlers(shelf: SnapshotShelf, turns: Turns): Handlers<'alignment'> {
  return {
    'alignment/stored': ({ dataset, modalities }) =>
      shelf.read(dataset, async (snapshot) => (await storedAlignment(snapshot, modalities)) ?? null),
    'alignment/compute': ({ dataset, modalities }, job) =>
      turns.take(dataset, () => {
        throwIfCancelled(job.signal);
        return shelf.read(dataset, (snapshot) => computeAlignment(snapshot, modalities, {}, job));
      }),
  };
}
