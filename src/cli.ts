import { parseArgs } from 'node:util';
import { CancelledError, InputError, PairLabError, toSentence } from './base/errors.ts';
import type { Command, Context } from './cli/command.ts';
import { allCommands, commandNamed } from './cli/commands.ts';
import { commandHelp, overview } from './cli/help.ts';
import { ProgressBar } from './cli/progressBar.ts';

/** Exit codes, the same for every command. */
const EXIT = { fine: 0, problems: 1, badInput: 2, failed: 3, cancelled: 130 } as const;

const SHARED = {
  json: { type: 'boolean', help: 'print one JSON object on stdout, nothing else' },
  help: { type: 'boolean', short: 'h', help: 'explain the command' },
} as const;

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(overview(await allCommands()));
    return name === undefined ? EXIT.badInput : EXIT.fine;
  }
  const command = await commandNamed(name);
  if (command === undefined) {
    throw new InputError(`There is no command "${name}". Run \`pairlab --help\` for the list.`);
  }
  const args = parse(command, rest);
  if (args.values['help'] === true) {
    process.stdout.write(commandHelp(command, SHARED));
    return EXIT.fine;
  }
  return await execute(command, args, args.values['json'] === true);
}

function parse(command: Command, rest: readonly string[]): { positionals: string[]; values: Record<string, unknown> } {
  try {
    const { positionals, values } = parseArgs({
      args: [...rest],
      options: { ...command.options, ...SHARED },
      allowPositionals: true,
    });
    return { positionals, values };
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace(/\.? To specify.*$/s, '').replace(/\.$/, '') : String(error);
    throw new InputError(`${reason}. Run \`pairlab ${command.name} --help\` for what it takes.`, error);
  }
}

async function execute(command: Command, args: ReturnType<typeof parse>, json: boolean): Promise<number> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const bar = new ProgressBar(process.stderr, false);
  const context: Context = {
    progress: (step) => bar.show(step),
    signal: stop.signal,
    note: (line) => {
      bar.finish();
      process.stderr.write(`${line}\n`);
    },
  };
  try {
    const outcome = await command.run(args, context);
    bar.finish();
    process.stdout.write(json ? `${JSON.stringify(command.result.parse(outcome.json))}\n` : `${outcome.text}\n`);
    return outcome.problems === true ? EXIT.problems : EXIT.fine;
  } finally {
    bar.finish();
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CancelledError) return EXIT.cancelled;
  return error instanceof InputError ? EXIT.badInput : EXIT.failed;
}

/** An error on `--json` is an object too, so that a script never has to parse prose. */
function report(error: unknown, json: boolean): void {
  const sentence = toSentence(error);
  const kind = error instanceof PairLabError ? error.kind : 'internal';
  if (json) process.stdout.write(`${JSON.stringify({ error: { kind, sentence } })}\n`);
  process.stderr.write(`pairlab: ${sentence}\n`);
  if (process.env['PAIRLAB_DEBUG'] !== undefined && error instanceof Error) process.stderr.write(`${error.stack}\n`);
}

const argv = process.argv.slice(2);
// Node ends when only processes and threads that do not count are left, though an answer of theirs is awaited.
const untilDone = setInterval(() => {}, 2 ** 30);
main(argv)
  .then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      report(error, argv.includes('--json'));
      process.exitCode = exitCodeOf(error);
    },
  )
  .finally(() => clearInterval(untilDone));
