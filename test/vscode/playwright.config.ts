import { defineConfig } from '@playwright/test';
import { browserArguments, browserPath } from '../../scripts/browser.mjs';
import type { ServerOptions } from './fixtures.ts';

export default defineConfig<object, ServerOptions>({
  testDir: 'walks',
  outputDir: '../../test-results/walks',
  globalSetup: './makeSamples.ts',
  timeout: 180_000,
  expect: { timeout: 20_000 },
  // One browser and one server are enough for two cores.
  workers: 1,
  retries: process.env['CI'] ? 1 : 0,
  reporter: [['list'], ['json']],
  use: {
    actionTimeout: 60_000,
    viewport: { width: 1400, height: 900 },
    launchOptions: { executablePath: browserPath ?? '', args: browserArguments },
    screenshot: 'only-on-failure',
    trace: 'on-first-retry',
  },
});
