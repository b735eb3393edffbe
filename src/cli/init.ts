import { dirname } from 'node:path';
import * as z from 'zod';
import { initDataset, type Proposal, proposeDatasets } from '../dataset/propose.ts';
import { Modality } from '../protocol.ts';
import { operand } from './arguments.ts';
import type { Command } from './command.ts';
import { formatTable } from './table.ts';
import { printable } from './text.ts';

const share = z.number().describe('Share of the items that take part in a pair, in [0, 1]');

const ProposalResult = z.object({
  yaml: z.string().describe('The dataset file'),
  description: z.string().describe('The layout in a few words'),
  layout: z.string(),
  modalities: z.array(Modality),
  matchRate: share,
  matched: z.int().describe('Items that take part in a pair'),
  unmatched: z.int().describe('Items and other media files of these modalities that do not'),
  ambiguous: z.int().describe('Groups of items that could pair in more than one way, so that none of them does'),
  examples: z.array(z.object({ key: z.string(), items: z.array(z.string()) })).describe('The first ten'),
  classes: z.array(z.string()),
  splits: z.array(z.string()),
  huggingFace: z.string().describe('What Hugging Face `datasets` itself would load, and what it would leave out'),
});

const Result = z.union([
  ProposalResult.extend({
    written: z.string().describe('Absolute path of the dataset file'),
    alternatives: z.array(ProposalResult).describe('What else fits, best first'),
  }),
  z.object({ proposals: z.array(ProposalResult).describe('What fits, best first; nothing was written') }),
]);

const Options = z.object({
  force: z.boolean().default(false),
  list: z.boolean().default(false),
  choice: z.coerce.number('--choice is the number of a proposal.').int().min(1).default(1),
});

export const initCommand: Command = {
  name: 'init',
  summary: 'look at a folder and write the pairlab.yaml that fits it',
  operands: '[<folder>]',
  options: {
    list: { type: 'boolean', help: 'show every layout that fits, with examples, and write nothing' },
    choice: {
      type: 'string',
      value: 'number',
      help: 'write the proposal of this number in the list (default: 1, the best)',
    },
    force: { type: 'boolean', help: 'overwrite a pairlab.yaml that is there' },
  },
  result: Result,
  run: async (args, context) => {
    const folder = operand(args, 'folder', '.');
    const { list, ...options } = Options.parse(args.values);
    if (list) {
      const proposals = await proposeDatasets(folder, context);
      return { json: { proposals }, text: listInWords(proposals) };
    }
    const proposal = await initDataset(folder, options, context);
    return { json: proposal, text: inWords(proposal) };
  },
};

function inWords(proposal: Awaited<ReturnType<typeof initDataset>>): string {
  const { alternatives, written } = proposal;
  return [
    describe(proposal),
    '',
    ...(alternatives.length === 0 ? [] : [alternativeTable(alternatives), '']),
    printable(proposal.huggingFace),
    '',
    `Wrote ${written}: its comments say why; correct what is wrong.`,
    ...(alternatives.length === 0
      ? []
      : ['`pairlab init --list` shows examples of each layout, `--choice` takes another.']),
    `Next: pairlab index ${JSON.stringify(dirname(written))}`,
  ].join('\n');
}

function listInWords(proposals: readonly Proposal[]): string {
  const numbered = proposals.map((proposal, index) => `${index + 1}. ${describe(proposal)}\n`);
  return [...numbered, 'Nothing was written: `pairlab init --choice <number>` writes one of these.'].join('\n');
}

function describe({
  description,
  examples,
  classes,
  splits,
  matched,
  unmatched,
  matchRate,
  ambiguous,
}: Proposal): string {
  const total = (matched + unmatched).toLocaleString('en');
  return [
    printable(description),
    `  items in pairs  ${matched.toLocaleString('en')} of ${total} (${percent(matchRate)})`,
    `  ambiguous       ${ambiguous === 0 ? 'none' : ambiguous.toLocaleString('en')}`,
    `  classes         ${classes.length === 0 ? 'none' : classes.length}`,
    `  splits          ${splits.length === 0 ? 'none' : splits.map(printable).join(', ')}`,
    '',
    formatTable(
      ['example', 'items'],
      examples.map(({ key, items }) => [printable(key), printable(items.join('  '))]),
    ),
  ].join('\n');
}

function alternativeTable(alternatives: readonly Proposal[]): string {
  const rows = alternatives.map(({ description, matchRate, ambiguous }) => [
    printable(description),
    percent(matchRate),
    ambiguous.toLocaleString('en'),
  ]);
  return formatTable(['also possible', 'items in pairs', 'ambiguous'], rows, [1, 2]);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
