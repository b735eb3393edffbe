import { join } from 'node:path';
import * as z from 'zod';
import { InputError } from '../base/errors.ts';
import { loadDataset } from '../dataset/config.ts';
import { indexDataset } from '../dataset/indexer.ts';
import { Snapshot } from '../dataset/snapshot.ts';
import { snapshotFolder } from '../dataset/snapshotFiles.ts';
import { statisticsOf } from '../dataset/statistics.ts';
import { DatasetStatistics, Problem, Severity, SnapshotSummary } from '../protocol.ts';
import { operand, options } from './arguments.ts';
import type { Command } from './command.ts';
import { countPairs, NO_PAIRS, problemSection, reaches, SHOWN } from './problems.ts';
import { MOST_RESULTS, toSarif } from './sarif.ts';
import { mergeLine, refuseShardWith, runShard, SHARD_OPTIONS, SHARD_VALUES, ShardResult } from './shard.ts';
import { statisticsSection } from './statistics.ts';

const Result = z.object({
  dataset: z.string().describe('Name of the dataset'),
  path: z.string().describe('Absolute path of the dataset file'),
  snapshot: SnapshotSummary,
  problems: z.array(Problem).describe(`The first ${SHOWN} by severity; all of them with --all`),
  statistics: DatasetStatistics,
  reread: z.int().describe('Items that were read in this run'),
  reused: z.int().describe('Items known from an earlier run by path, size and time of change'),
  seconds: z.number(),
});
type Result = z.infer<typeof Result>;

const Options = z.object({
  all: z.boolean().default(false),
  'headers-only': z.boolean().default(false),
  format: z.enum(['table', 'sarif']).default('table'),
  json: z.boolean().default(false),
  severity: Severity.default('error'),
  ...SHARD_VALUES,
});

export const checkCommand: Command = {
  name: 'check',
  summary: 'decode every item, and name what is wrong with a dataset and what it holds',
  operands: '[<dataset file or folder>]',
  options: {
    'headers-only': { type: 'boolean', help: 'do not decode: faster, but finds less' },
    severity: {
      type: 'string',
      value: Severity.options.join('|'),
      help: 'exit with 1 from this severity on (default: error)',
    },
    format: { type: 'string', value: 'table|sarif', help: 'print a table (the default), or SARIF 2.1.0 for CI' },
    all: { type: 'boolean', help: `name every problem and class, not only the first ${SHOWN}` },
    ...SHARD_OPTIONS,
  },
  result: z.union([Result, ShardResult]),
  run: async (args, context) => {
    const values = options(args, Options);
    const { all, format, json, severity, shard, merge, 'headers-only': headersOnly } = values;
    refuseShardWith(values, { all, 'format sarif': format === 'sarif' });
    if (json && format === 'sarif') throw new InputError('SARIF is JSON already: leave out --json or --format sarif.');
    const dataset = await loadDataset(operand(args, 'dataset', '.'));
    if (shard !== undefined) return await runShard(dataset, shard, { decode: !headersOnly }, context);
    const { summary, ...work } = await indexDataset(dataset, { decode: !headersOnly }, context);
    const snapshot = await Snapshot.open(dataset);
    const limit = all ? Number.MAX_SAFE_INTEGER : SHOWN;
    const { total, problems } = await snapshot.problems({}, 0, format === 'sarif' ? MOST_RESULTS : limit);
    const found = reaches(problems, severity) || countPairs(summary) === 0;
    const statistics = await statisticsOf(join(snapshotFolder(dataset, summary.id), 'items.parquet'), context);
    const result: Result = {
      dataset: dataset.name,
      path: dataset.path,
      snapshot: summary,
      problems,
      statistics,
      ...work,
    };
    const text =
      format === 'sarif'
        ? JSON.stringify(toSarif(dataset, problems, total), null, 2)
        : [...(merge ? [mergeLine(work.reread)] : []), inWords(result, limit)].join('\n');
    return { json: result, text, problems: found };
  },
};

function inWords({ dataset, snapshot, problems, statistics, seconds }: Result, limit: number): string {
  const depth = snapshot.decoded ? 'every item decoded' : 'headers only';
  return [
    `${dataset}: ${countPairs(snapshot).toLocaleString('en')} pairs, ${depth}, ${seconds.toFixed(1)} s`,
    '',
    statisticsSection(statistics, limit),
    '',
    ...(countPairs(snapshot) === 0 ? [NO_PAIRS] : []),
    problemSection(snapshot, problems, 'pairlab check --all'),
  ].join('\n');
}
