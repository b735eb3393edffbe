import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { InputError } from '../base/errors.ts';
import { type Dataset, loadDataset } from '../dataset/config.ts';
import { Act, readActs } from '../dataset/decisions/acts.ts';
import { decide, undo } from '../dataset/decisions/decide.ts';
import { exclusionsFile } from '../dataset/decisions/file.ts';
import { findExcludable, findItems, findPairs } from '../dataset/decisions/targets.ts';
import { indexDataset } from '../dataset/indexer.ts';
import { Snapshot } from '../dataset/snapshot.ts';
import { Decision, ProblemKind, type Target } from '../protocol.ts';
import { options } from './arguments.ts';
import type { Command, Context, Outcome } from './command.ts';
import { formatTable } from './table.ts';
import { printable } from './text.ts';

const SHOWN = 20;

const Options = z.object({
  exclude: z.boolean().default(false),
  include: z.boolean().default(false),
  weak: z.boolean().default(false),
  strong: z.boolean().default(false),
  class: z.string().min(1).optional(),
  text: z.string().min(1).optional(),
  note: z.string().min(1).optional(),
  item: z.boolean().default(false),
  from: z.string().optional(),
  kind: ProblemKind.optional(),
  yes: z.boolean().default(false),
  reason: z.string().min(1).optional(),
  undo: z.boolean().default(false),
  list: z.boolean().default(false),
});
type Options = z.infer<typeof Options>;

const Result = z.object({
  dataset: z.string().describe('Name of the dataset'),
  file: z.string().describe('Absolute path of the file that keeps the decisions'),
  acts: z.array(Act).describe('What was decided or undone in this run; with --list everything in the file'),
  proposed: z.array(z.string()).describe('With --kind and without --yes: the items that would be excluded'),
  excluded: z.int().optional().describe('Pairs that are excluded now; absent when nothing was decided'),
});
type Result = z.infer<typeof Result>;

export const decideCommand: Command = {
  name: 'decide',
  summary: 'note down what you decide about pairs: exclude, mark, correct; every later step honours it',
  operands: '<dataset file or folder> [<pair>…]',
  options: {
    exclude: { type: 'boolean', help: 'leave the pairs out of all later steps' },
    include: { type: 'boolean', help: 'take excluded pairs back in' },
    weak: { type: 'boolean', help: 'the items of the pair only share a concept' },
    strong: { type: 'boolean', help: 'the items of the pair show the same thing' },
    class: { type: 'string', value: 'name', help: 'the right class of the pairs and their items' },
    text: {
      type: 'string',
      value: 'text',
      help: 'the right text of a text item (with --item); its file stays as it is',
    },
    note: { type: 'string', value: 'text', help: 'a remark that the pair is shown with' },
    item: { type: 'boolean', help: 'the operands are items: it holds for every pair that they take part in' },
    from: { type: 'string', value: 'file', help: 'read more pairs or items from a file, one a line; "-" is stdin' },
    kind: {
      type: 'string',
      value: 'problem',
      help: 'list what the fixes of one kind of problem exclude: near-duplicate, …',
    },
    yes: { type: 'boolean', help: 'with --kind: exclude it' },
    reason: { type: 'string', value: 'text', help: 'why, kept with the decision' },
    undo: { type: 'boolean', help: 'take back the last decision, or those whose ids are given instead of pairs' },
    list: { type: 'boolean', help: 'list all decisions' },
  },
  result: Result,
  run: async (args, context) => {
    const [path = '.', ...names] = args.positionals;
    const chosen = options(args, Options);
    const dataset = await loadDataset(path);
    if (chosen.list) return await list(dataset);
    if (chosen.undo) return await undoAll(dataset, names, context);
    if (chosen.kind !== undefined) return await decideFixes(dataset, chosen.kind, chosen, context);
    return await decideAbout(dataset, [...names, ...(await namesFrom(chosen.from))], chosen, context);
  },
};

async function decideAbout(
  dataset: Dataset,
  names: readonly string[],
  chosen: Options,
  context: Context,
): Promise<Outcome> {
  const decision = decisionOf(chosen);
  if (names.length === 0) throw new InputError(`Say about which pairs of ${dataset.name}. See --help.`);
  const snapshot = await Snapshot.open(dataset);
  const targets = await (chosen.item ? findItems : findPairs)(snapshot, names).finally(() => snapshot.close());
  return await decided(dataset, decision, targets, chosen.reason, context);
}

/** Excludes what the fixes of a kind of problem name; without `--yes` it only lists them. */
async function decideFixes(dataset: Dataset, kind: ProblemKind, chosen: Options, context: Context): Promise<Outcome> {
  const snapshot = await Snapshot.open(dataset);
  const items = await findExcludable(snapshot, kind).finally(() => snapshot.close());
  if (items.length === 0) {
    return outcome(dataset, {}, `No problem of the kind ${kind} has a fix that excludes something.`);
  }
  if (chosen.yes) {
    const targets = items.map(({ id }) => ({ item: id }));
    return await decided(dataset, { decision: 'exclude' }, targets, chosen.reason ?? kind, context);
  }
  const rows = items.slice(0, SHOWN).map(({ id, sentence }) => [id, sentence]);
  const more = items.length > SHOWN ? [`… and ${(items.length - SHOWN).toLocaleString('en')} more.`] : [];
  const next = `Run it again with --yes to exclude ${items.length === 1 ? 'this item' : `these ${items.length.toLocaleString('en')} items`} and their pairs.`;
  const text = [formatTable(['would exclude', 'because'], rows), ...more, '', next].join('\n');
  return outcome(dataset, { proposed: items.map(({ id }) => id) }, text);
}

async function decided(
  dataset: Dataset,
  decision: Decision,
  targets: readonly Target[],
  reason: string | undefined,
  context: Context,
): Promise<Outcome> {
  const id = await decide(dataset, decision, targets, reason);
  const { acts } = await readActs(exclusionsFile(dataset));
  return await afterwards(
    dataset,
    acts.filter((act) => act.id === id),
    'Decided',
    context,
  );
}

async function undoAll(dataset: Dataset, ids: readonly string[], context: Context): Promise<Outcome> {
  const acts: Act[] = [];
  for (const id of ids.length === 0 ? [undefined] : ids) acts.push(await undo(dataset, id));
  return await afterwards(dataset, acts, 'Undone', context);
}

/** Indexes the dataset again, which reads only what changed, so that the decision counts at once. */
async function afterwards(dataset: Dataset, acts: Act[], verb: string, context: Context): Promise<Outcome> {
  const { summary } = await indexDataset(dataset, {}, context);
  const pairs = summary.pairs.reduce((sum, { count }) => sum + count, 0);
  const text = [
    ...acts.map((act) => `${verb}: ${inWords(act)} (${act.id}).`),
    `${summary.excluded.toLocaleString('en')} of ${pairs.toLocaleString('en')} pairs are excluded now.`,
  ].join('\n');
  return outcome(dataset, { acts, excluded: summary.excluded }, text);
}

async function list(dataset: Dataset): Promise<Outcome> {
  const { acts } = await readActs(exclusionsFile(dataset));
  const rows = acts.map((act) => [
    act.id,
    act.time.slice(0, 16).replace('T', ' '),
    act.author,
    act.undone ? `${inWords(act)} (undone)` : inWords(act),
    act.reason ?? '',
  ]);
  const table = formatTable(['id', 'when', 'who', 'decision', 'why'], rows);
  return outcome(dataset, { acts: [...acts] }, rows.length === 0 ? 'Nothing was decided yet.' : table);
}

function outcome(dataset: Dataset, result: Partial<Result>, text: string): Outcome {
  const file = exclusionsFile(dataset);
  return { json: { dataset: dataset.name, file, acts: [], proposed: [], ...result }, text };
}

/** "class dog for cat/1:image-text and 3 more" */
function inWords({ decision, targets, example }: Act): string {
  const what = 'value' in decision ? `${decision.decision} ${JSON.stringify(decision.value)} for` : decision.decision;
  const more = targets === 1 ? '' : ` and ${(targets - 1).toLocaleString('en')} more`;
  return printable(`${what} ${example}${more}`);
}

function decisionOf(chosen: Options): Decision {
  const asked = Decision.options.flatMap((option): Decision[] => {
    const name = option.shape.decision.value;
    const value = chosen[name];
    if (value === undefined || value === false) return [];
    return [Decision.parse({ decision: name, value })];
  });
  const [decision, another] = asked;
  if (decision === undefined || another !== undefined) {
    const names = Decision.options.map((option) => `--${option.shape.decision.value}`).join(', ');
    throw new InputError(`Give one decision: ${names}; or --kind, --undo or --list.`);
  }
  if (decision.decision === 'text' && !chosen.item) {
    throw new InputError('A text belongs to an item: name text items and add --item.');
  }
  return decision;
}

/** One name a line; empty lines do not count. */
async function namesFrom(file: string | undefined): Promise<string[]> {
  if (file === undefined) return [];
  const input = file === '-' ? process.stdin : createReadStream(file);
  const names: string[] = [];
  try {
    for await (const line of createInterface({ input })) if (line.trim() !== '') names.push(line.trim());
  } catch (error) {
    throw new InputError(`${file} cannot be read. Give a file with one pair or item a line.`, error);
  }
  return names;
}
