import type { parseArgs } from 'node:util';
import type * as z from 'zod';
import type { ReportProgress } from '../base/progress.ts';

type ParseOptions = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

/** One option of a command, in the words of its help text. */
export type CommandOption = ParseOptions[string] & {
  readonly help: string;
  /** The placeholder in the help text: `--seed <number>`. Absent for a switch. */
  readonly value?: string;
};

/** What a command works with besides its own arguments. */
export interface Context {
  readonly progress: ReportProgress;
  readonly signal: AbortSignal;
  /** A line for the reader of the terminal, on stderr: what happens, never the result. */
  readonly note: (line: string) => void;
}

/** A finished command: the object that `--json` prints, the text that a person reads, and whether problems were found. */
export interface Outcome {
  readonly json: unknown;
  readonly text: string;
  /** True makes the exit code 1: the command worked, and what it looked at has problems. */
  readonly problems?: boolean;
}

export interface Arguments {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
}

/** One word after `pairlab`. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** What follows the name: `<folder>`. */
  readonly operands: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** The shape of `--json`; `pairlab schema <command>` prints it, and every result is checked against it. */
  readonly result: z.ZodType;
  readonly run: (args: Arguments, context: Context) => Promise<Outcome>;
}
