import * as z from 'zod';
import { InputError } from '../base/errors.ts';
import type { Dataset } from '../dataset/config.ts';
import { type IndexOptions, readShard } from '../dataset/indexer.ts';
import type { CommandOption, Context, Outcome } from './command.ts';

// What `index` and `check` have in common when several jobs, on one machine or many, share the reading of a dataset.

export const SHARD_OPTIONS = {
  shard: {
    type: 'string',
    value: 'i/n',
    help: 'read share i of n of the items and keep what was read, for --merge; n jobs may do so at once',
  },
  merge: { type: 'boolean', help: 'after all shards: say how many items none of them had read' },
} as const satisfies Record<string, CommandOption>;

const SHARE = /^(\d{1,6})\/(\d{1,6})$/;
const MEANING = 'it must be a share such as 2/4, from 1/4 to 4/4';

/** "2/4" */
const Share = z
  .string()
  .regex(SHARE, MEANING)
  .transform((text) => {
    const [, number, of] = SHARE.exec(text) ?? [];
    return { number: Number(number), of: Number(of) };
  })
  .refine(({ number, of }) => number >= 1 && number <= of, MEANING);

export const SHARD_VALUES = { shard: Share.optional(), merge: z.boolean().default(false) };

export const ShardResult = z.object({
  dataset: z.string().describe('Name of the dataset'),
  path: z.string().describe('Absolute path of the dataset file'),
  shard: z.object({ number: z.int(), of: z.int() }),
  reread: z.int().describe('Items of the share that were read in this run'),
  reused: z.int().describe('Items of the share known from an earlier run'),
  seconds: z.number(),
});
type ShardResult = z.infer<typeof ShardResult>;

export function refuseShardWith(values: { shard?: unknown; merge: boolean }, others: Record<string, boolean>): void {
  if (values.shard === undefined) return;
  const [other] = Object.entries({ merge: values.merge, ...others }).find(([, isGiven]) => isGiven) ?? [];
  if (other !== undefined) throw new InputError(`A shard only reads: leave out --${other}, or --shard.`);
}

/** Reads one share of the items and writes no snapshot. */
export async function runShard(
  dataset: Dataset,
  shard: ShardResult['shard'],
  options: IndexOptions,
  context: Context,
): Promise<Outcome> {
  const started = performance.now();
  const { reread, reused } = await readShard(dataset, shard, options, context);
  const seconds = (performance.now() - started) / 1000;
  const result: ShardResult = { dataset: dataset.name, path: dataset.path, shard, reread, reused, seconds };
  const known = `${count(reread)} read, ${count(reused)} known from before, ${seconds.toFixed(1)} s`;
  return { json: result, text: `${dataset.name}: shard ${shard.number} of ${shard.of} (${known})` };
}

/** What `--merge` says. */
export function mergeLine(reread: number): string {
  return reread === 0
    ? 'Every item had been read by a shard.'
    : `No shard had read ${count(reread)}, which ${reread === 1 ? 'was' : 'were'} read now: see whether a job failed.`;
}

function count(items: number): string {
  return `${items.toLocaleString('en')} ${items === 1 ? 'item' : 'items'}`;
}
