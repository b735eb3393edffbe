import { computeAlignment } from '../alignment/computeAlignment.ts';
import { exportReport } from '../alignment/export/exportReport.ts';
import { alignmentMap } from '../alignment/map.ts';
import { scoredPairs } from '../alignment/scoredPairs.ts';
import { readReport, storedReports } from '../alignment/store.ts';
import { throwIfCancelled } from '../base/errors.ts';
import { loadDataset } from '../dataset/config.ts';
import type { Handlers } from './handlers.ts';
import type { SnapshotShelf } from './snapshotShelf.ts';
import type { Turns } from './turns.ts';

export function alignmentHandlers(shelf: SnapshotShelf, turns: Turns): Handlers<'alignment'> {
  return {
    'alignment/reports': ({ dataset, modalities }) =>
      shelf.read(dataset, (snapshot) => storedReports(snapshot, modalities)),
    'alignment/report': async ({ dataset, report }) => (await readReport(await loadDataset(dataset), report)) ?? null,
    'alignment/compute': ({ dataset, question }, job, tellPart) =>
      turns.take(`${dataset} alignment`, () => {
        throwIfCancelled(job.signal);
        return shelf.read(dataset, (snapshot) => computeAlignment(snapshot, question, job, tellPart));
      }),
    'alignment/pairs': async ({ dataset, query }) => await scoredPairs(await loadDataset(dataset), query),
    'alignment/map': async ({ dataset, report, projection }, job) =>
      await alignmentMap(await loadDataset(dataset), report, projection, job),
    'alignment/export': async ({ dataset, report, format, target }) => {
      await exportReport(await loadDataset(dataset), report, format, target);
      return {};
    },
  };
}
