/** The ring inside a real VS Code: mocha in the extension host, then walks through the packed VSIX in a browser. */
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { browserPath } from '../browser.mjs';
import { setUpCodeServer } from '../codeServer/setup.mjs';
import { packageExtension } from '../package.mjs';
import { at, node, tool } from '../process.mjs';
import { add, check, withExitCode } from './tally.mjs';

/** @returns {Promise<import('./tally.mjs').Tally>} */
export async function vscodeRing() {
  const missing = await whatIsMissing();
  if (missing) return unavailable(missing);
  const vsix = await packageExtension();
  return add(await inHostTests(), await walks(vsix));
}

async function whatIsMissing() {
  if (!browserPath) return 'no Chromium was found (Debian: apt-get install chromium; or set PAIRLAB_CHROMIUM to one)';
  try {
    await setUpCodeServer();
  } catch (error) {
    return `code-server could not be installed from the npm registry: ${error.message}`;
  }
}

/** On a developer's machine the ring may be left out, said aloud. In continuous integration it may not. */
async function unavailable(reason) {
  if (process.env.CI) {
    console.error(`The VS Code ring cannot run: ${reason}.`);
    return check(false);
  }
  const skipped = await countTests(at('test', 'vscode'));
  console.log(`The VS Code ring is skipped: ${reason}.`);
  return { passed: 0, failed: 0, skipped };
}

async function inHostTests() {
  const results = at('test-results', 'host.json');
  await rm(results, { force: true });
  const code = await node('test/vscode/inHost.mjs', [results]);
  const { stats } = await readJson(results, { stats: { passes: 0, failures: 0, pending: 0 } });
  return withExitCode({ passed: stats.passes, failed: stats.failures, skipped: stats.pending }, code);
}

async function walks(vsix) {
  const results = at('test-results', 'walks.json');
  await rm(results, { force: true });
  const code = await tool(
    'playwright',
    ['test', '--config', 'test/vscode/playwright.config.ts'],
    { env: { ...process.env, PAIRLAB_VSIX: vsix, PLAYWRIGHT_JSON_OUTPUT_FILE: results } },
    '@playwright/test',
  );
  const { stats } = await readJson(results, { stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0 } });
  const { expected, flaky, unexpected, skipped } = stats;
  return withExitCode({ passed: expected + flaky, failed: unexpected, skipped }, code);
}

async function readJson(path, missing) {
  return existsSync(path) ? JSON.parse(await readFile(path, 'utf8')) : missing;
}

/** How many tests the files declare; nothing is run. */
async function countTests(folder) {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(test|spec)\.ts$/.test(name));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.join('\n').match(/^\s*(it|test)\(/gm)?.length ?? 0;
}
