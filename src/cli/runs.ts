import { resolve } from 'node:path';
import * as z from 'zod';
import { percentWithInterval } from '../experiment/report/words.ts';
import { scanRuns } from '../experiment/runs.ts';
import { RunSummary } from '../protocol.ts';
import { operand } from './arguments.ts';
import type { Command } from './command.ts';
import { formatTable } from './table.ts';

const Result = z.object({
  runs: z.array(RunSummary),
  /** A sentence for each folder that cannot be read as a run. */
  damaged: z.array(z.string()),
});

export const runsCommand: Command = {
  name: 'runs',
  summary: 'list the runs of a folder: state, progress, results',
  operands: '[folder]',
  options: {},
  result: Result,
  run: async (args) => {
    const folder = resolve(operand(args, 'folder', '.'));
    const { runs, damaged } = await scanRuns(folder);
    const table =
      runs.length === 0 ? `There are no runs in ${folder} yet. Start some with \`pairlab run\`.` : runTable(runs);
    return {
      json: { runs, damaged },
      text: [table, ...failuresOf(runs), ...damaged].join('\n'),
      problems: damaged.length > 0,
    };
  },
};

/** One line a run, with its accuracies in percent. */
export function runTable(runs: readonly RunSummary[]): string {
  return formatTable(
    ['run', 'state', 'done', 'backend', 'accuracy in percent'],
    runs.map(({ id, state, stage, progress, backend, results }) => [
      id,
      stage === undefined ? state : `${state}: ${stage}`,
      `${Math.floor(100 * progress)} %`,
      backend?.name ?? '',
      results
        .map((result) => `${result.shots}-shot ${percentWithInterval(result.accuracy, result.interval)}`)
        .join(', '),
    ]),
    [2],
  );
}

/** Why runs failed, a line each. */
export function failuresOf(runs: readonly RunSummary[]): string[] {
  return runs.flatMap(({ id, error }) => (error === undefined ? [] : [`${id}: ${error}`]));
}
