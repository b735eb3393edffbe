import { alignCommand } from './align.ts';
import { backendCommand } from './backend.ts';
import { checkCommand } from './check.ts';
import type { Command } from './command.ts';
import { decideCommand } from './decide.ts';
import { demoCommand } from './demo.ts';
import { encodeCommand } from './encode.ts';
import { experimentCommand } from './experiment.ts';
import { exportCommand } from './export.ts';
import { indexCommand } from './index.ts';
import { initCommand } from './init.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';
import { runsCommand } from './runs.ts';
import { sampleCommand } from './sample.ts';
import { schemaCommandFor } from './schema.ts';
import { serveCommand } from './serve.ts';
import { stopCommand } from './stop.ts';

/** In the order of the work. */
const work: readonly Command[] = [
  sampleCommand,
  initCommand,
  indexCommand,
  checkCommand,
  decideCommand,
  exportCommand,
  encodeCommand,
  alignCommand,
  experimentCommand,
  runCommand,
  runsCommand,
  stopCommand,
  reportCommand,
  backendCommand,
  demoCommand,
];

export const commands: readonly Command[] = [...work, serveCommand, schemaCommandFor(work)];
