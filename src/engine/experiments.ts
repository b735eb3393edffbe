import { InputError } from '../base/errors.ts';
import { outlineExperiment } from '../experiment/config.ts';
import { startExperiment } from '../experiment/queue.ts';
import { curveSvg } from '../experiment/report/curve.ts';
import { reportExperiment } from '../experiment/report.ts';
import { listRuns, runsOf } from '../experiment/runs.ts';
import { writeStarterExperiment } from '../experiment/starter.ts';
import { stopExperiment, stopRun } from '../experiment/stop.ts';
import type { RunSummary } from '../protocol.ts';
import type { Handlers } from './handlers.ts';

export function experimentHandlers(workspace: string): Handlers<'experiment' | 'run'> {
  return {
    'experiment/outline': async ({ path, text }) => outlineExperiment(path, text),
    'experiment/create': async ({ dataset, source, target }) => {
      const { written } = await writeStarterExperiment(dataset, { source, target, existing: 'keep' });
      return { written };
    },
    'experiment/start': ({ experiment, method, jobs, backend }) =>
      startExperiment(experiment, {
        ...(method !== undefined && { method }),
        ...(jobs !== undefined && { jobs }),
        ...(backend !== undefined && { backend }),
        detach: true,
      }),
    'experiment/stop': ({ experiment, method }) => stopExperiment(experiment, method),
    'experiment/runs': ({ experiment }) => runsOf(experiment),
    'experiment/report': ({ experiment, reference }) => reportExperiment(experiment, reference),
    'run/list': () => listRuns(workspace),
    'run/stop': async ({ run }) => {
      await stopRun((await findRun(workspace, run)).folder);
      return {};
    },
    'run/curve': async ({ run, theme }) => ({ svg: curveSvg(await findRun(workspace, run), theme) }),
  };
}

async function findRun(workspace: string, id: string): Promise<RunSummary> {
  const run = (await listRuns(workspace)).find((candidate) => candidate.id === id);
  if (run === undefined) throw new InputError(`There is no run "${id}" in ${workspace} any more. Refresh the list.`);
  return run;
}
