import * as z from 'zod';
import { InputError } from '../base/errors.ts';
import { DatasetConfig } from '../dataset/config.ts';
import { ExperimentConfig } from '../experiment/config.ts';
import { operand } from './arguments.ts';
import type { Command } from './command.ts';

/** Files that people write. */
const FILES: Readonly<Record<string, z.ZodType>> = {
  'pairlab.yaml': DatasetConfig,
  'experiment.yaml': ExperimentConfig,
};

/** The command that prints the shape of our files, and of what the other commands print with --json. */
export function schemaCommandFor(commands: readonly Command[]): Command {
  const names = [...Object.keys(FILES), ...commands.map(({ name }) => name)];
  return {
    name: 'schema',
    summary: 'print the JSON Schema of a file that you write, or of what a command prints with --json',
    operands: '<file or command>',
    options: {},
    result: z.record(z.string(), z.unknown()),
    run: async (args) => {
      const name = operand(args, 'file or command');
      const schema = schemaOf(name, commands);
      if (schema === undefined) throw new InputError(`There is no schema "${name}". There are: ${names.join(', ')}.`);
      return { json: schema, text: JSON.stringify(schema, null, 2) };
    },
  };
}

/** A file's schema says what may be written, so that settings with a default may be left out. */
function schemaOf(name: string, commands: readonly Command[]): object | undefined {
  const file = FILES[name];
  if (file !== undefined) return z.toJSONSchema(file, { io: 'input' });
  const command = commands.find((candidate) => candidate.name === name);
  return command && z.toJSONSchema(command.result);
}
