import { resolve } from 'node:path';
import * as z from 'zod';
import { adviseOn } from '../experiment/advice.ts';
import { runExperiment, startExperiment } from '../experiment/queue.ts';
import { runsOf } from '../experiment/runs.ts';
import { Advice, BackendChoice, Method, RunSummary } from '../protocol.ts';
import { numeric, operand, options } from './arguments.ts';
import type { Command, Outcome } from './command.ts';
import { failuresOf, runTable } from './runs.ts';

const Options = z.object({
  method: Method.optional(),
  jobs: numeric({ min: 1, max: 1024 }).optional(),
  backend: BackendChoice.optional(),
  background: z.boolean().default(false),
  advise: z.boolean().default(false),
});

const Result = z.object({
  /** Absolute path of the experiment file. */
  experiment: z.string(),
  background: z.boolean(),
  runs: z.array(RunSummary),
  /** With `--advise`, which runs nothing. */
  advice: Advice.optional(),
});

export const runCommand: Command = {
  name: 'run',
  summary: 'train: execute the runs of an experiment that are not finished yet',
  operands: '<experiment file>',
  options: {
    method: { type: 'string', value: 'method', help: `only this method: ${Method.options.join(', ')}` },
    jobs: { type: 'string', value: 'number', help: 'runs at once (default: as many as there are cores, one on a GPU)' },
    backend: {
      type: 'string',
      value: 'backend',
      help: `what trains where the experiment says auto: ${BackendChoice.options.join(', ')}`,
    },
    background: { type: 'boolean', help: 'return as soon as the runs are queued; they go on by themselves' },
    advise: {
      type: 'boolean',
      help: 'run nothing: say whether meta-alignment is likely to pay on this dataset, and why',
    },
  },
  result: Result,
  run: async (args, context) => {
    const { method, jobs, backend, background, advise } = options(args, Options);
    const experiment = resolve(operand(args, 'experiment file'));
    if (advise) {
      const advice = await adviseOn(experiment, context);
      return { json: { experiment, background, runs: await runsOf(experiment), advice }, text: adviceText(advice) };
    }
    const chosen = {
      ...(method !== undefined && { method }),
      ...(jobs !== undefined && { jobs }),
      ...(backend !== undefined && { backend }),
    };
    if (background) {
      const { queued, alreadyFinished } = await startExperiment(experiment, { ...chosen, detach: true });
      const runs = await runsOf(experiment);
      return {
        json: { experiment, background, runs },
        text: `${queued} queued, ${alreadyFinished} already finished. See them with \`pairlab runs\`, stop them with \`pairlab stop\`.`,
      };
    }
    const runs = await runExperiment(experiment, chosen, context);
    return { json: { experiment, background, runs }, ...outcomeOf(runs, experiment) };
  },
};

function outcomeOf(runs: readonly RunSummary[], experiment: string): Pick<Outcome, 'text' | 'problems'> {
  const unfinished = runs.some(({ state }) => state !== 'finished');
  const next = unfinished
    ? `Run \`pairlab run ${JSON.stringify(experiment)}\` again to go on with what has not finished.`
    : `Next: \`pairlab report ${JSON.stringify(experiment)}\`.`;
  return { text: [runTable(runs), ...failuresOf(runs), next].join('\n'), problems: unfinished };
}

function adviceText({ verdict, reasons }: Advice): string {
  const sentences = {
    likely: 'Meta-alignment is likely to pay.',
    uncertain: 'It is uncertain whether meta-alignment pays.',
    unlikely: 'Meta-alignment is unlikely to pay.',
  };
  return [sentences[verdict], ...reasons.map((reason) => `- ${reason}`)].join('\n');
}
