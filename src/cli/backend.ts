import { nameOfDevice } from '../learning/backend.ts';
import { tableOfBackends } from '../learning/backends/choose.ts';
import { type BackendStatus, BackendTable } from '../protocol.ts';
import type { Command } from './command.ts';
import { formatTable } from './table.ts';

export const backendCommand: Command = {
  name: 'backend',
  summary: 'show what can train on this machine, and why not; set up a faster one',
  operands: '',
  options: {},
  result: BackendTable,
  run: async (_, { signal }) => {
    const table = await tableOfBackends({ fresh: true, signal });
    return { json: table, text: inWords(table) };
  },
};

function inWords({ backends, chosen, runtimes, node }: BackendTable): string {
  const rows = backends.map(({ name, state, measured }) => [
    name === chosen ? `${name} *` : name,
    state,
    measured === undefined ? '' : nameOfDevice(measured.device),
    measured?.device.memory === undefined ? '' : `${(measured.device.memory / 2 ** 30).toFixed(1)} GiB`,
    measured === undefined ? '' : measured.gigaflops.toFixed(measured.gigaflops < 10 ? 1 : 0),
    Object.entries(measured?.versions ?? {})
      .map(([what, version]) => `${what} ${version}`)
      .join(', '),
  ]);
  return [
    formatTable(['backend', 'state', 'device', 'memory', 'GFLOP/s', 'versions'], rows, [3, 4]),
    ...backends.flatMap(whyNot),
    '',
    `* is what \`backend: auto\` takes. Runners use Node ${node.version} (${node.path}); set-ups lie in ${runtimes}.`,
  ].join('\n');
}

function whyNot({ name, reason, next }: BackendStatus): string[] {
  if (reason === undefined) return [];
  return [`${name}: ${reason}${next === undefined ? '' : ` ${next}`}`];
}
