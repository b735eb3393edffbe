import * as z from 'zod';
import { InputError } from '../base/errors.ts';
import type { Arguments } from './command.ts';

/** The only operand of a command; `fallback` when it may be left out. */
export function operand(args: Arguments, name: string, fallback?: string): string {
  const [first, ...more] = args.positionals;
  if (more.length > 0) {
    throw new InputError(
      `This command takes one ${name}, but got ${args.positionals.length}: ${args.positionals.join(', ')}.`,
    );
  }
  const value = first ?? fallback;
  if (value === undefined) throw new InputError(`A ${name} is missing. See --help.`);
  return value;
}

/** Checks the option values once, with defaults; the sentence names the option and what it may be. */
export function options<S extends z.ZodType>(args: Arguments, schema: S): z.infer<S> {
  const parsed = schema.safeParse(args.values);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError(`Option --${issue?.path.join('.') ?? ''} cannot be used: ${issue?.message ?? 'bad value'}.`);
}

/** A number written as text, within bounds. */
export function numeric(bounds: { min: number; max: number; integer?: boolean }): z.ZodType<number> {
  const number = bounds.integer === false ? z.coerce.number() : z.coerce.number().int();
  return number.min(bounds.min).max(bounds.max);
}
