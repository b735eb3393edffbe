/** The rings that need no VS Code: the projects of vitest.config.mjs. */
import { readFile, rm } from 'node:fs/promises';
import { build } from '../build.mjs';
import { at, tool } from '../process.mjs';
import { withExitCode } from './tally.mjs';

/**
 * @param {'unit' | 'engine'} project
 * @returns {Promise<import('./tally.mjs').Tally>}
 */
export async function vitestRing(project) {
  // The engine's tests start dist/cli.js.
  if (project === 'engine') await build();
  const results = at('test-results', `${project}.json`);
  await rm(results, { force: true });
  const code = await tool('vitest', [
    'run',
    ...['--project', project],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${results}`],
  ]);
  return withExitCode(await read(results), code);
}

async function read(results) {
  const text = await readFile(results, 'utf8').catch(() => '{}');
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = JSON.parse(text);
  return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
}
