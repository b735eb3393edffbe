import * as z from 'zod';
import { writeStarterExperiment } from '../experiment/starter.ts';
import { Modality } from '../protocol.ts';
import { operand, options } from './arguments.ts';
import type { Command } from './command.ts';

const Options = z.object({
  source: Modality.optional(),
  target: Modality.optional(),
  seeds: z
    .string()
    .regex(/^\d+(,\d+)*$/, 'it takes whole numbers with commas between, such as 0,1,2')
    .default('0,1,2')
    .transform((list) => list.split(',').map(Number)),
  out: z.string().optional(),
  force: z.boolean().default(false),
});

const Result = z.object({
  written: z.string().describe('Absolute path of the experiment file'),
  source: Modality,
  target: Modality,
});

export const experimentCommand: Command = {
  name: 'experiment',
  summary: 'write a starter experiment file that fits an indexed dataset',
  operands: '[dataset file or folder]',
  options: {
    source: { type: 'string', value: 'modality', help: 'where labels are plentiful (default: the first that pairs)' },
    target: { type: 'string', value: 'modality', help: 'where labels are scarce (default: its partner)' },
    seeds: { type: 'string', value: 'list', help: 'a run per method and seed (default: 0,1,2)' },
    out: {
      type: 'string',
      value: 'file',
      help: 'the file to write (default: <source>-<target>.experiment.yaml beside the dataset file)',
    },
    force: { type: 'boolean', help: 'replace an existing file' },
  },
  result: Result,
  run: async (args) => {
    const { force, ...rest } = options(args, Options);
    const dataset = operand(args, 'dataset file or folder', '.');
    const starter = await writeStarterExperiment(dataset, { ...rest, existing: force ? 'replace' : 'refuse' });
    const { written, source, target } = starter;
    return {
      json: starter,
      text: `Wrote ${written} (${source} → ${target}).\nNext: pairlab run ${JSON.stringify(written)}`,
    };
  },
};
