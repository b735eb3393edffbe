import { resolve } from 'node:path';
import * as z from 'zod';
import { serve } from '../engine/server.ts';
import { options } from './arguments.ts';
import type { Command } from './command.ts';

/** Jobs that do not hear the call to stop get this long before the process ends without them. */
const GRACE_MS = 5_000;

export const serveCommand: Command = {
  name: 'serve',
  summary: 'answer the editor: JSON-RPC on stdin and stdout, until stdin closes',
  operands: '',
  options: {
    workspace: { type: 'string', value: 'folder', help: 'the workspace folder (default: the current folder)' },
  },
  result: z.object({}),
  async run(args, { signal }) {
    const { workspace } = options(args, z.object({ workspace: z.string().default('.') }));
    // The reader of stdout may be gone before the last answer: nothing to tell, and nobody to tell it to.
    process.stdout.on('error', () => undefined);
    await serve(resolve(workspace), process.stdin, process.stdout, signal);
    process.stdin.destroy();
    setTimeout(() => process.exit(0), GRACE_MS).unref();
    return { json: {}, text: '' };
  },
};
