import { createInterface } from 'node:readline/promises';
import * as z from 'zod';
import { CancelledError, InputError } from '../base/errors.ts';
import { nameOfDevice } from '../learning/backend.ts';
import { tableOfBackends } from '../learning/backends/choose.ts';
import { planSetUp } from '../learning/backends/setUp/plan.ts';
import { setUpBackend } from '../learning/backends/setUp/setUp.ts';
import { type BackendStatus, BackendTable, NativeBackend, type SetUpPlan } from '../protocol.ts';
import { options } from './arguments.ts';
import type { Command, Context } from './command.ts';
import { formatTable } from './table.ts';

const Options = z.object({ tensorflow: z.string().min(1).optional(), yes: z.boolean().default(false) });

export const backendCommand: Command = {
  name: 'backend',
  summary: 'show what can train on this machine, and why not; `setup` installs a faster one',
  operands: '[setup <backend>]',
  options: {
    tensorflow: {
      type: 'string',
      value: 'environment',
      help: 'of setup: a Python environment whose TensorFlow is used instead of fetching one',
    },
    yes: { type: 'boolean', help: 'of setup: do not ask' },
  },
  result: BackendTable,
  run: async (args, context) => {
    const { tensorflow, yes } = options(args, Options);
    const [verb, name, ...more] = args.positionals;
    if (verb !== undefined) {
      const backend = NativeBackend.safeParse(name);
      if (verb !== 'setup' || !backend.success || more.length > 0) {
        throw new InputError(`Name what to set up: \`pairlab backend setup ${NativeBackend.options.join(' | ')}\`.`);
      }
      await setUp(backend.data, tensorflow, yes, context);
    } else if (tensorflow !== undefined || yes) {
      throw new InputError('--tensorflow and --yes belong to `pairlab backend setup <backend>`.');
    }
    const table = await tableOfBackends({ fresh: verb === undefined, signal: context.signal });
    return { json: table, text: inWords(table) };
  },
};

async function setUp(
  backend: NativeBackend,
  tensorflow: string | undefined,
  yes: boolean,
  context: Context,
): Promise<void> {
  const plan = await planSetUp({ backend, ...(tensorflow !== undefined && { tensorflow }) });
  context.note(planInWords(plan));
  if (!yes) await ask(context.signal);
  await setUpBackend(plan, context);
}

function planInWords({ backend, fetches, download, disk, folder, tensorflow }: SetUpPlan): string {
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
  return [
    `Setting up ${backend} fetches about ${megabytes(download)} and takes ${megabytes(disk)} in ${folder}:`,
    ...fetches.map((name) => `- ${name}`),
    ...(tensorflow === undefined ? [] : [`It is built against ${tensorflow}.`]),
  ].join('\n');
}

async function ask(signal: AbortSignal): Promise<void> {
  if (!process.stdin.isTTY) throw new InputError('Nothing was fetched: agree with --yes.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question('Go on? [y/N] ', { signal }).catch(() => '');
    if (!/^y(es)?$/i.test(answer.trim())) throw new CancelledError('Nothing was fetched.');
  } finally {
    terminal.close();
  }
}

function inWords({ backends, chosen, runtimes, node }: BackendTable): string {
  const rows = backends.map(({ name, state, measured }) => [
    name === chosen ? `${name} *` : name,
    state,
    measured === undefined ? '' : nameOfDevice(measured.device),
    measured?.device.memory === undefined ? '' : `${(measured.device.memory / 2 ** 30).toFixed(1)} GiB`,
    measured === undefined ? '' : measured.gigaflops.toFixed(measured.gigaflops < 10 ? 1 : 0),
    measured === undefined ? '' : measured.stepMs.toFixed(1),
    Object.entries(measured?.versions ?? {})
      .map(([what, version]) => `${what} ${version}`)
      .join(', '),
  ]);
  return [
    formatTable(['backend', 'state', 'device', 'memory', 'GFLOP/s', 'ms/step', 'versions'], rows, [3, 4, 5]),
    '',
    ...backends.flatMap(whyNot),
    `* is what \`backend: auto\` takes. Runners use Node ${node.version} (${node.path}); set-ups lie in ${runtimes}.`,
  ].join('\n');
}

function whyNot({ name, reason, next }: BackendStatus): string[] {
  if (reason === undefined) return [];
  return [`${name}: ${reason}${next === undefined ? '' : ` ${next}`}`];
}
