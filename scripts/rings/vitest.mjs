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
  return await runVitest(project, ['--project', project]);
}

/**
 * @param {string} name of the results' file
 * @param {readonly string[]} args which tests
 * @param {Readonly<Record<string, string>>} env beside this process's own
 * @returns {Promise<import('./tally.mjs').Tally>}
 */
export async function runVitest(name, args, env = {}) {
  const results = at('test-results', `${name}.json`);
  await rm(results, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  const code = await tool('vitest', ['run', ...args, ...reporters], { env: { ...process.env, ...env } });
  return withExitCode(await read(results), code);
}

async function read(results) {
  const text = await readFile(results, 'utf8').catch(() => '{}');
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = JSON.parse(text);
  return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
}
