import { alignCommand } from './align.ts';
import type { Command } from './command.ts';
import { encodeCommand } from './encode.ts';
import { indexCommand } from './index.ts';
import { initCommand } from './init.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';
import { runsCommand } from './runs.ts';
import { schemaCommandFor } from './schema.ts';
import { serveCommand } from './serve.ts';
import { stopCommand } from './stop.ts';

/** In the order of the work. */
const work: readonly Command[] = [
  initCommand,
  indexCommand,
  encodeCommand,
  alignCommand,
  runCommand,
  runsCommand,
  stopCommand,
  reportCommand,
];

export const commands: readonly Command[] = [...work, serveCommand, schemaCommandFor(work)];
