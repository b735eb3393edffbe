/**
 * `node test/vscode/inHost.mjs <results.json>`: mocha inside the extension host of a real VS Code, on the extension as it
 * lies in dist/. The exit code is 0 when every test passed.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from '@playwright/test';
import { browserArguments, browserPath } from '../../scripts/browser.mjs';
import { startServer } from '../../scripts/codeServer/server.mjs';
import { at, main, root } from '../../scripts/process.mjs';
import { bundleHostTests } from './bundleHostTests.mjs';
import { copyOfSample, makeSample } from './samples.mjs';

const limit = 180_000;

await main(async () => {
  const results = process.argv[2] ?? at('test-results', 'host.json');
  const tests = await bundleHostTests();
  await makeSample();
  const sample = await copyOfSample();
  const server = await startServer({ environment: { PAIRLAB_HOST_RESULTS: results } });
  const browser = await chromium.launch({ executablePath: browserPath, args: browserArguments });
  try {
    const page = await browser.newPage();
    const exitCode = await runTests(page, server, { workspace: sample.folder, tests });
    await print(results);
    process.exitCode = exitCode === 0 ? 0 : 1;
  } catch (error) {
    console.error(server.log());
    throw error;
  } finally {
    await browser.close();
    await server.stop();
    await sample.remove();
  }
});

/** VS Code calls codeAutomationExit and codeAutomationLog in its page, where they exist, when a test run ends or logs. */
async function runTests(page, server, { workspace, tests }) {
  const ended = new Promise((resolve) => {
    page.exposeFunction('codeAutomationExit', resolve);
  });
  await page.exposeFunction('codeAutomationLog', () => {});
  await developExtension(page, server.authority, tests);
  await page.goto(server.address(workspace), { waitUntil: 'domcontentloaded' });
  const late = delay(limit, undefined, { ref: false }).then(async () => {
    await page.screenshot({ path: at('test-results', 'host-timeout.png') });
    throw new Error(`The tests in the extension host did not end within ${limit / 1000} s.`);
  });
  return Promise.race([ended, late]);
}

/**
 * Loads the extension from its folder and names the tests: the workbench reads both from a setting in its page, which is
 * completed here before it is read.
 */
async function developExtension(page, authority, tests) {
  const uri = (path) => ({ scheme: 'vscode-remote', authority, path });
  const development = { extensions: [uri(root.replace(/\/$/, ''))], extensionTestsPath: uri(tests) };
  await page.addInitScript((options) => {
    const original = Element.prototype.getAttribute;
    Element.prototype.getAttribute = function (name) {
      const value = original.call(this, name);
      if (this.id !== 'vscode-workbench-web-configuration' || name !== 'data-settings') return value;
      return JSON.stringify({ ...JSON.parse(value), developmentOptions: options });
    };
  }, development);
}

async function print(results) {
  const { tests } = JSON.parse(await readFile(results, 'utf8'));
  for (const { fullTitle, duration, err } of tests) {
    const failed = Object.keys(err).length > 0;
    console.log(`  ${failed ? '✗' : '✓'} ${fullTitle} (${duration ?? 0} ms)`);
    if (failed) console.log(err.stack ?? err.message);
  }
}
