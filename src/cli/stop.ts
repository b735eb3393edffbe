import { resolve } from 'node:path';
import * as z from 'zod';
import { InputError } from '../base/errors.ts';
import { exists, isFolder } from '../base/files.ts';
import { stopExperiment, stopRun } from '../experiment/stop.ts';
import { isLiving, summariseRun } from '../experiment/summary.ts';
import { Method } from '../protocol.ts';
import { operand, options } from './arguments.ts';
import type { Command } from './command.ts';

const Options = z.object({ method: Method.optional() });

const Result = z.object({
  /** Runs that lived and have been stopped. */
  stopped: z.number(),
});

export const stopCommand: Command = {
  name: 'stop',
  summary: 'stop runs; each stores a checkpoint, from which `pairlab run` goes on',
  operands: '<experiment file or run folder>',
  options: {
    method: { type: 'string', value: 'method', help: 'of an experiment, only the runs of this method' },
  },
  result: Result,
  run: async (args) => {
    const { method } = options(args, Options);
    const path = resolve(operand(args, 'experiment file or run folder'));
    if (!(await exists(path))) throw new InputError(`There is no ${path}. Give an experiment file or a run's folder.`);
    const stopped = (await isFolder(path)) ? await stopOne(path) : (await stopExperiment(path, method)).stopping;
    return { json: { stopped }, text: stopped === 0 ? 'Nothing was running.' : `Stopped: ${stopped}.` };
  },
};

async function stopOne(folder: string): Promise<number> {
  const living = isLiving(await summariseRun(folder));
  await stopRun(folder);
  return living ? 1 : 0;
}
