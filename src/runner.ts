import { join, resolve } from 'node:path';
import { version } from '../package.json';
import { CancelledError, toSentence } from './base/errors.ts';
import { serveModel } from './embedding/models/serveModel.ts';
import { openNetwork } from './experiment/encodeByNetwork.ts';
import { executeRun } from './experiment/execute.ts';
import { BackendChoice } from './protocol.ts';

/** Exit codes, as the command line has them. */
const EXIT = { fine: 0, badInput: 2, failed: 3, cancelled: 130 } as const;

const WASM = join(__dirname, 'wasm');

/**
 * `node runner.js <run folder> [<backend>]`: executes one run to its end, or to the checkpoint that a signal asks for. The
 * backend is what trains where the run's plan says `auto`.
 */
async function main([folder, backend]: readonly string[]): Promise<number> {
  if (folder === undefined) {
    process.stderr.write('The runner takes the folder of a run. People use `pairlab run`.\n');
    return EXIT.badInput;
  }
  const stop = new AbortController();
  process.on('SIGTERM', () => stop.abort());
  process.on('SIGINT', () => stop.abort());
  try {
    await executeRun(resolve(folder), {
      wasmFolder: WASM,
      version,
      backend: BackendChoice.catch('auto').parse(backend),
      signal: stop.signal,
      log,
    });
    return EXIT.fine;
  } catch (error) {
    log(toSentence(error));
    if (error instanceof CancelledError) return EXIT.cancelled;
    if (error instanceof Error) process.stderr.write(`${error.stack}\n`);
    return EXIT.failed;
  }
}

/** Into the log of the run, where what a runner writes goes. */
function log(sentence: string): void {
  process.stderr.write(`${new Date().toISOString()} ${sentence}\n`);
}

/** `node runner.js --encode`: encodes items by the network of a run, until its parent leaves. */
function encode(): void {
  serveModel((request) => openNetwork(request.folder, request.modality, WASM));
}

const args = process.argv.slice(2);
if (args[0] === '--encode') encode();
// Not left to end by itself: native libraries keep threads, and a device that was lost leaves its step unfinished.
else main(args).then((code) => process.exit(code));
