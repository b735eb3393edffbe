import * as z from 'zod';
import { loadDataset } from '../dataset/config.ts';
import { indexDataset } from '../dataset/indexer.ts';
import { Snapshot } from '../dataset/snapshot.ts';
import { Modality, Problem, SnapshotSummary } from '../protocol.ts';
import { operand, options } from './arguments.ts';
import type { Command } from './command.ts';
import { countPairs, NO_PAIRS, problemSection, reaches, SHOWN } from './problems.ts';
import { mergeLine, refuseShardWith, runShard, SHARD_OPTIONS, SHARD_VALUES, ShardResult } from './shard.ts';
import { formatTable } from './table.ts';

const Result = z.object({
  dataset: z.string().describe('Name of the dataset'),
  path: z.string().describe('Absolute path of the dataset file'),
  snapshot: SnapshotSummary,
  reread: z.int().describe('Files that were read in this run'),
  reused: z.int().describe('Files known from an earlier run by path, size and time of change'),
  seconds: z.number(),
  problems: z.array(Problem).describe(`The first ${SHOWN} by severity; all of them with --all`),
});
type Result = z.infer<typeof Result>;

const Options = z.object({ all: z.boolean().default(false), ...SHARD_VALUES });

export const indexCommand: Command = {
  name: 'index',
  summary: 'write a snapshot of a dataset: its items, pairs and problems',
  operands: '[<dataset file or folder>]',
  options: {
    all: { type: 'boolean', help: `name every problem, not only the first ${SHOWN}` },
    ...SHARD_OPTIONS,
  },
  result: z.union([Result, ShardResult]),
  run: async (args, context) => {
    const values = options(args, Options);
    const { all, shard, merge } = values;
    refuseShardWith(values, { all });
    const dataset = await loadDataset(operand(args, 'dataset', '.'));
    if (shard !== undefined) return await runShard(dataset, shard, {}, context);
    const indexed = await indexDataset(dataset, {}, context);
    const snapshot = await Snapshot.open(dataset);
    const { problems } = await snapshot.problems({}, 0, all ? Number.MAX_SAFE_INTEGER : SHOWN);
    const { summary, ...work } = indexed;
    const readable = await Promise.all(summary.pairs.map((modalities) => snapshot.countReadable(modalities)));
    const result: Result = { dataset: dataset.name, path: dataset.path, snapshot: summary, ...work, problems };
    return {
      json: result,
      text: [...(merge ? [mergeLine(result.reread)] : []), inWords(result, readable)].join('\n'),
      problems: reaches(problems, 'warning') || countPairs(summary) === 0,
    };
  },
};

function inWords(result: Result, readable: readonly number[]): string {
  const { snapshot: summary, reread, reused, seconds } = result;
  const read = `${count(reread, 'file')} read, ${reused.toLocaleString('en')} unchanged, ${seconds.toFixed(1)} s`;
  return [
    `${result.dataset}: snapshot ${summary.id} (${read})`,
    itemTable(summary, readable),
    ...(countPairs(summary) === 0 ? [NO_PAIRS] : []),
    labelLine('Classes', summary.classes),
    labelLine('Splits', summary.splits),
    summary.unpaired === 0 ? 'Every item takes part in a pair.' : `${count(summary.unpaired, 'item')} in no pair.`,
    '',
    problemSection(summary, result.problems, 'pairlab index --all'),
  ].join('\n');
}

/** `readable` counts the pairs whose two items can be read, in the order of the summary. */
function itemTable({ items, pairs }: SnapshotSummary, readable: readonly number[]): string {
  const rows = [
    ...Modality.options
      .filter((modality) => items[modality] !== undefined)
      .map((modality) => [`${modality} items`, (items[modality] ?? 0).toLocaleString('en')]),
    ...pairs.flatMap(({ first, second, strength, count: total }, index) => {
      const unreadable = total - (readable[index] ?? 0);
      return [
        [`${strength} pairs ${first} ↔ ${second}`, total.toLocaleString('en')],
        ...(unreadable === 0 ? [] : [['  of which an item cannot be read', unreadable.toLocaleString('en')]]),
      ];
    }),
  ];
  return `\n${formatTable(['found', 'number'], rows, [1])}\n`;
}

function labelLine(title: string, values: readonly string[]): string {
  if (values.length === 0) return `${title}: none`;
  const shown = values.slice(0, 12).join(', ');
  return `${title}: ${values.length} (${shown}${values.length > 12 ? ', …' : ''})`;
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}
