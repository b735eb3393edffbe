import { join, resolve } from 'node:path';
import { alignCommand } from './align.ts';
import { operand } from './arguments.ts';
import type { Arguments, Command, Outcome } from './command.ts';
import { encodeCommand } from './encode.ts';
import { experimentCommand } from './experiment.ts';
import { indexCommand } from './index.ts';
import { initCommand } from './init.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';
import { sampleCommand } from './sample.ts';

interface Step {
  readonly why: string;
  readonly command: Command;
  readonly args: Arguments;
}

/** The main job from nothing to a report, each step being a command that a user can type. */
function stepsFor(folder: string): Step[] {
  const experiment = join(folder, 'demo.experiment.yaml');
  const on = (place: string, values: Arguments['values'] = {}): Arguments => ({ positionals: [place], values });
  return [
    {
      why: 'Make a sample: pictures, sounds and captions that show the same things',
      command: sampleCommand,
      args: on(folder, { force: true }),
    },
    {
      why: 'Look at the folder and propose how its files pair',
      command: initCommand,
      args: on(folder, { force: true }),
    },
    { why: 'Index it: what pairs, what does not, what is broken', command: indexCommand, args: on(folder) },
    { why: 'Turn every item into a vector', command: encodeCommand, args: on(folder) },
    { why: 'Measure how well the modalities agree', command: alignCommand, args: on(folder) },
    {
      why: 'Write an experiment that fits',
      command: experimentCommand,
      args: on(folder, { source: 'text', target: 'image', seeds: '0,1', out: experiment, force: true }),
    },
    { why: 'Train: three methods, in background processes', command: runCommand, args: on(experiment) },
    { why: 'Report', command: reportCommand, args: on(experiment) },
  ];
}

export const demoCommand: Command = {
  name: 'demo',
  summary: 'do all of it on a sample: make, index, align, train, report',
  operands: '[folder]',
  options: {},
  result: reportCommand.result,
  run: async (args, context) => {
    const folder = resolve(operand(args, 'folder', 'demo'));
    let last: Outcome | undefined;
    for (const [index, step] of stepsFor(folder).entries()) {
      if (last !== undefined) context.note(indent(last.text));
      context.note(`\n${index + 1}. ${step.why}\n   $ ${typed(step)}\n`);
      last = await step.command.run(step.args, context);
    }
    return { json: last?.json, text: `${last?.text}\n${NEXT}` };
  },
};

function typed({ command, args }: Step): string {
  const switches = Object.entries(args.values).map(([name, value]) =>
    value === true ? `--${name}` : `--${name} ${value}`,
  );
  return ['pairlab', command.name, ...args.positionals, ...switches].join(' ');
}

function indent(text: string): string {
  return text.replace(/^/gm, '   ');
}

const NEXT = `
The same on your own folder:
  npx pairlab init <folder>         look at it and propose how its files pair
  npx pairlab index <folder>        what pairs, what does not, what is broken
  npx pairlab align <folder>        how well the modalities agree, and the pairs that look wrong
  npx pairlab experiment <folder>   write an experiment, then: npx pairlab run <file>, npx pairlab report <file>
Or with clicks: npm run vscode`;
