import { tableOfBackends } from '../learning/backends/choose.ts';
import { planSetUp } from '../learning/backends/setUp/plan.ts';
import { setUpBackend } from '../learning/backends/setUp/setUp.ts';
import { SetUpPlan } from '../protocol.ts';
import type { Handlers } from './handlers.ts';

export function backendHandlers(): Handlers<'backend'> {
  return {
    'backend/list': ({ fresh }, { signal }) => tableOfBackends({ fresh, signal }),
    'backend/plan': async (request) => SetUpPlan.parse(await planSetUp(request)),
    'backend/setUp': async (request, job) => {
      await setUpBackend(await planSetUp(request), job);
      return await tableOfBackends({ signal: job.signal });
    },
  };
}
