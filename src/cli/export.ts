import * as z from 'zod';
import { InputError } from '../base/errors.ts';
import { loadDataset } from '../dataset/config.ts';
import { MediaWay } from '../dataset/exports/export.ts';
import { Exported, exportDataset } from '../dataset/exports/exportDataset.ts';
import { EXPORTERS } from '../dataset/exports/exporters.ts';
import { Snapshot } from '../dataset/snapshot.ts';
import { numeric, operand, options } from './arguments.ts';
import type { Command } from './command.ts';
import { formatTable } from './table.ts';

const formats = EXPORTERS.map(({ name }) => name);

const Options = z.object({
  to: z.enum(formats),
  output: z.string().min(1),
  split: z.array(z.string()).optional(),
  media: MediaWay.optional(),
  'shard-megabytes': numeric({ min: 1, max: 1_000_000 }).default(1000),
  description: z.string().optional(),
  license: z.string().optional(),
  url: z.string().optional(),
  creator: z.string().optional(),
  'date-published': z.string().optional(),
  force: z.boolean().default(false),
});

const Result = Exported.extend({ folder: z.string().describe('Absolute path of the folder') });
type Result = z.infer<typeof Result>;

export const exportCommand: Command = {
  name: 'export',
  summary: 'write the usable pairs as a cleaned dataset of another format, with your decisions applied',
  operands: '[<dataset file or folder>]',
  options: {
    to: { type: 'string', value: 'format', help: formats.join(', ') },
    output: { type: 'string', value: 'folder', help: 'a new or empty folder outside of the dataset' },
    split: { type: 'string', multiple: true, value: 'split', help: 'only this split; may be given several times' },
    media: {
      type: 'string',
      value: 'way',
      help: 'refer: name media where they lie; copy, link (hard links): bring them along. The format decides by default',
    },
    'shard-megabytes': { type: 'string', value: 'number', help: 'of webdataset, the size of a shard (1000)' },
    description: { type: 'string', value: 'text', help: 'of croissant, what the dataset is' },
    license: { type: 'string', value: 'address', help: 'of croissant, best one of https://spdx.org/licenses' },
    url: { type: 'string', value: 'address', help: 'of croissant, the page of the dataset' },
    creator: { type: 'string', value: 'name', help: 'of croissant, who made the dataset' },
    'date-published': { type: 'string', value: 'date', help: 'of croissant, such as 2026-05-31' },
    force: { type: 'boolean', help: 'replace an earlier export' },
  },
  result: Result,
  run: async (args, context) => {
    const dataset = await loadDataset(operand(args, 'dataset', '.'));
    if (args.values['to'] === undefined) throw new InputError(`Option --to is missing: ${formats.join(', ')}.`);
    if (args.values['output'] === undefined) throw new InputError('Option --output is missing: the folder to write.');
    const parsed = options(args, Options);
    const { to, output, media, force, split: splits, 'shard-megabytes': megabytes, ...about } = parsed;
    const snapshot = await Snapshot.open(dataset);
    try {
      const { 'date-published': datePublished, ...known } = about;
      const settings = { shardBytes: megabytes * 1e6, about: { ...known, datePublished } };
      const exported = await exportDataset(snapshot, { to, output, media, force, splits, settings }, context);
      return { json: exported, text: inWords(exported) };
    } finally {
      snapshot.close();
    }
  },
};

function inWords({ folder, rows, leftOut, notes, files, media }: Result): string {
  const wrote = `Wrote ${rows.toLocaleString('en')} rows to ${folder}: ${files.slice(0, 5).join(', ')}${files.length > 5 ? ', …' : ''}.`;
  const note = media === 'refer' ? [...notes, 'Media stay where they are; --media copy brings them along.'] : notes;
  if (leftOut.length === 0) return [wrote, ...note, 'Nothing was left out.'].join('\n');
  const table = formatTable(
    ['left out', 'number'],
    leftOut.map(({ reason, count }) => [reason, count.toLocaleString('en')]),
    [1],
  );
  return [wrote, ...note, '', table].join('\n');
}
