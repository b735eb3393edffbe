import * as z from 'zod';
import { Layout, type SampleOptions, SampleSettings } from '../sample/options.ts';
import { type SampleSummary, writeSample } from '../sample/sample.ts';
import { numeric, operand, options } from './arguments.ts';
import type { Arguments, Command, Context, Outcome } from './command.ts';

const defaults = SampleSettings.parse({});

const Options = z.object({
  seed: numeric({ min: 0, max: 2 ** 32 - 1 }).default(defaults.seed),
  classes: numeric({ min: 2, max: defaults.classes }).default(defaults.classes),
  'pairs-per-class': numeric({ min: 2, max: 10_000 }).default(defaults.pairsPerClass),
  layout: Layout.default(defaults.layout),
  'wrong-pairs': numeric({ min: 0, max: 1, integer: false }).default(defaults.wrongPairs),
  'wrong-labels': numeric({ min: 0, max: 1, integer: false }).default(defaults.wrongLabels),
  damage: numeric({ min: 0, max: 1, integer: false }).default(defaults.damage),
  force: z.boolean().default(false),
});

const count = (what: string) => z.int().min(0).describe(what);

const SampleResult = z.object({
  folder: z.string().describe('Absolute path of the folder that was asked for'),
  data: z.string().describe('Absolute path of the media and tables: what the index reads'),
  truth: z.string().describe('Absolute path of the JSON Lines that say what is true of every pair'),
  layout: Layout.describe('How items pair on disk'),
  seed: z.int().describe('The seed; the same options give the same bytes'),
  classes: count('Concept classes'),
  instances: count('Image–audio–text instances; each gives one pair for any two modalities'),
  splits: z
    .object({
      train: count('Instances in the split train'),
      validation: count('Instances in the split validation'),
      test: count('Instances in the split test'),
    })
    .describe('Instances of each split; every class is in each'),
  files: count('Files in the data folder'),
  bytes: count('Bytes in the data folder'),
  defects: z
    .object({
      'wrong-pair': count('Instances whose three items come from three classes'),
      'wrong-label': count('Instances that are filed under another class'),
      corrupt: count('Instances with one file that cannot be read'),
      missing: count('Instances with one item that is not there'),
      duplicate: count('Instances that repeat another one of their split'),
      leak: count('Instances that repeat another one of another split'),
    })
    .describe('What is wrong on purpose; an instance has one defect at most'),
});

/** Writes a sample dataset. */
export const sampleCommand: Command = {
  name: 'sample',
  summary: 'make a paired dataset of pictures, sounds and captions with a known truth',
  operands: '<folder>',
  options: {
    seed: { type: 'string', value: 'number', help: `same seed, same bytes (${defaults.seed})` },
    classes: {
      type: 'string',
      value: 'number',
      help: `concept classes, 2 to ${defaults.classes} (${defaults.classes})`,
    },
    'pairs-per-class': { type: 'string', value: 'number', help: `instances of a class (${defaults.pairsPerClass})` },
    layout: { type: 'string', value: 'layout', help: `${Layout.options.join(', ')} (${defaults.layout})` },
    'wrong-pairs': { type: 'string', value: 'share', help: 'instances whose items do not belong together, 0 to 1 (0)' },
    'wrong-labels': { type: 'string', value: 'share', help: 'instances filed under another class, 0 to 1 (0)' },
    damage: { type: 'string', value: 'share', help: 'instances corrupt, incomplete, duplicated or leaked, 0 to 1 (0)' },
    force: { type: 'boolean', help: 'write beside the files of a folder that is not empty; none of them is touched' },
  },
  result: SampleResult,
  run: runSample,
};

async function runSample(args: Arguments, { progress, signal }: Context): Promise<Outcome> {
  const folder = operand(args, 'folder');
  const {
    'pairs-per-class': pairsPerClass,
    'wrong-pairs': wrongPairs,
    'wrong-labels': wrongLabels,
    ...rest
  } = options(args, Options);
  const sampleOptions: SampleOptions = { ...rest, pairsPerClass, wrongPairs, wrongLabels };
  const summary = await writeSample(folder, sampleOptions, { progress, signal });
  return { json: summary, text: inWords(summary, folder) };
}

function inWords(summary: SampleSummary, folder: string): string {
  const { instances, classes, files, bytes, data, truth, splits } = summary;
  const megabytes = (bytes / 1e6).toFixed(1);
  const defects = Object.entries(summary.defects).filter(([, number]) => number > 0);
  const wrong = defects.map(([kind, number]) => `${number} ${kind}`).join(', ');
  return [
    `Wrote ${instances} instances (image, audio, text) of ${classes} classes: ${files} files, ${megabytes} MB.`,
    `  data     ${data}`,
    `  truth    ${truth}`,
    `  splits   ${splits.train} train, ${splits.validation} validation, ${splits.test} test`,
    `  defects  ${wrong === '' ? 'none' : wrong}`,
    '',
    `Next: pairlab init ${folder}`,
  ].join('\n');
}
