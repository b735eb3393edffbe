import { dirname } from 'node:path';
import * as z from 'zod';
import { initDataset, type Proposal } from '../dataset/propose.ts';
import { Modality } from '../protocol.ts';
import { operand } from './arguments.ts';
import type { Command } from './command.ts';
import { formatTable } from './table.ts';
import { printable } from './text.ts';

const share = z.number().describe('Share of the items that take part in a pair, in [0, 1]');

const Result = z.object({
  written: z.string().describe('Absolute path of the dataset file'),
  yaml: z.string().describe('What was written'),
  description: z.string().describe('The layout in a few words'),
  layout: z.string(),
  modalities: z.array(Modality),
  matchRate: share,
  matched: z.int().describe('Items that take part in a pair'),
  unmatched: z.int().describe('Items and other media files of these modalities that do not'),
  examples: z.array(z.object({ key: z.string(), items: z.array(z.string()) })).describe('The first ten'),
  alternatives: z
    .array(z.object({ description: z.string(), matchRate: share }))
    .describe('What else was tried, best first'),
  classes: z.array(z.string()),
  splits: z.array(z.string()),
});

const Options = z.object({ force: z.boolean().default(false) });

export const initCommand: Command = {
  name: 'init',
  summary: 'look at a folder and write the pairlab.yaml that fits it',
  operands: '[<folder>]',
  options: { force: { type: 'boolean', help: 'overwrite a pairlab.yaml that is there' } },
  result: Result,
  run: async (args, context) => {
    const proposal = await initDataset(operand(args, 'folder', '.'), Options.parse(args.values), context);
    return { json: proposal, text: inWords(proposal) };
  },
};

function inWords(proposal: Proposal & { written: string }): string {
  const { classes, splits, alternatives, examples, matched, unmatched, matchRate } = proposal;
  const total = (matched + unmatched).toLocaleString('en');
  return [
    `${proposal.description}`,
    `  items in pairs  ${matched.toLocaleString('en')} of ${total} (${percent(matchRate)})`,
    `  classes         ${classes.length === 0 ? 'none' : classes.length}`,
    `  splits          ${splits.length === 0 ? 'none' : splits.join(', ')}`,
    '',
    formatTable(
      ['example', 'items'],
      examples.map(({ key, items }) => [printable(key), printable(items.join('  '))]),
    ),
    '',
    ...(alternatives.length === 0 ? [] : [alternativeTable(alternatives), '']),
    `Wrote ${proposal.written}: its comments say why; correct what is wrong.`,
    `Next: pairlab index ${JSON.stringify(dirname(proposal.written))}`,
  ].join('\n');
}

function alternativeTable(alternatives: Proposal['alternatives']): string {
  const rows = alternatives.map(({ description, matchRate }) => [printable(description), percent(matchRate)]);
  return formatTable(['also possible', 'items in pairs'], rows, [1]);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
