import * as z from 'zod';
import { InputError } from '../base/errors.ts';
import { operand } from './arguments.ts';
import type { Command } from './command.ts';

/** How to load the schema of something. */
type Loaders<T> = Readonly<Record<string, () => Promise<T>>>;

/** Files that people write. */
const FILES: Loaders<z.ZodType> = {
  'pairlab.yaml': async () => (await import('../dataset/config.ts')).DatasetConfig,
  'experiment.yaml': async () => (await import('../experiment/config.ts')).ExperimentConfig,
};

/** The command that prints the shape of our files, and of what the other commands print with --json. */
export function schemaCommandFor(commands: Loaders<Command>): Command {
  const names = [...Object.keys(FILES), ...Object.keys(commands)];
  return {
    name: 'schema',
    summary: 'print the JSON Schema of a file that you write, or of what a command prints with --json',
    operands: '<file or command>',
    options: {},
    result: z.record(z.string(), z.unknown()),
    run: async (args) => {
      const name = operand(args, 'file or command');
      const schema = await schemaOf(name, commands);
      if (schema === undefined) throw new InputError(`There is no schema "${name}". There are: ${names.join(', ')}.`);
      return { json: schema, text: JSON.stringify(schema, null, 2) };
    },
  };
}

/** A file's schema says what may be written, so that settings with a default may be left out. */
async function schemaOf(name: string, commands: Loaders<Command>): Promise<object | undefined> {
  const file = Object.hasOwn(FILES, name) ? await FILES[name]?.() : undefined;
  if (file !== undefined) return z.toJSONSchema(file, { io: 'input' });
  const command = Object.hasOwn(commands, name) ? await commands[name]?.() : undefined;
  return command && z.toJSONSchema(command.result);
}
