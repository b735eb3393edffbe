import type { Command, CommandOption } from './command.ts';

const HEAD = `PairLab: paired cross-modal datasets, their alignment, and what a model can learn from them.

Usage: pairlab <command> [options]
`;

const EXIT_CODES = `Exit codes: 0 fine, 1 problems found, 2 bad input, 3 the machine refused, 130 stopped.`;

export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  const lines = commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`);
  return `${HEAD}\n${lines.join('\n')}\n\n\`pairlab <command> --help\` explains a command. Every command takes --json.\n${EXIT_CODES}\n`;
}

export function commandHelp(command: Command, shared: Readonly<Record<string, CommandOption>>): string {
  const rows = Object.entries({ ...command.options, ...shared }).map(([name, option]) => [
    label(name, option),
    option.help,
  ]);
  const width = Math.max(...rows.map(([left]) => left?.length ?? 0));
  const lines = rows.map(([left, right]) => `  ${(left ?? '').padEnd(width)}  ${right}`);
  return `pairlab ${command.name}: ${command.summary}\n\nUsage: pairlab ${command.name} ${command.operands} [options]\n\n${lines.join('\n')}\n\n${EXIT_CODES}\n`;
}

function label(name: string, option: CommandOption): string {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  const value = option.value === undefined ? '' : ` <${option.value}>`;
  return `${short}--${name}${value}`;
}
