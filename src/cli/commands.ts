import type { Command } from './command.ts';
import { schemaCommandFor } from './schema.ts';

/** How to load each command. One loads what it needs and no more, so that a short command starts at once. */
export type CommandLoaders = Readonly<Record<string, () => Promise<Command>>>;

/** In the order of the work. */
const work: CommandLoaders = {
  sample: async () => (await import('./sample.ts')).sampleCommand,
  init: async () => (await import('./init.ts')).initCommand,
  index: async () => (await import('./index.ts')).indexCommand,
  check: async () => (await import('./check.ts')).checkCommand,
  decide: async () => (await import('./decide.ts')).decideCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  encode: async () => (await import('./encode.ts')).encodeCommand,
  align: async () => (await import('./align.ts')).alignCommand,
  experiment: async () => (await import('./experiment.ts')).experimentCommand,
  run: async () => (await import('./run.ts')).runCommand,
  runs: async () => (await import('./runs.ts')).runsCommand,
  stop: async () => (await import('./stop.ts')).stopCommand,
  report: async () => (await import('./report.ts')).reportCommand,
  backend: async () => (await import('./backend.ts')).backendCommand,
  demo: async () => (await import('./demo.ts')).demoCommand,
};

const all: CommandLoaders = {
  ...work,
  serve: async () => (await import('./serve.ts')).serveCommand,
  schema: async () => schemaCommandFor(work),
};

/** `undefined` when there is no such command. */
export async function commandNamed(name: string): Promise<Command | undefined> {
  return Object.hasOwn(all, name) ? await all[name]?.() : undefined;
}

/** Every command. To load them all takes half a second. */
export async function allCommands(): Promise<Command[]> {
  return await Promise.all(Object.values(all).map((load) => load()));
}
