import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../fixtures.ts';
import { openFirstPair, showPairLab } from '../pairlab.ts';
import { runIds } from '../runs.ts';
import { experimentName, pairlab } from '../samples.mjs';
import { codeLens, commandTitles, dialogButton, openFile, statusItem, webview } from '../workbench.ts';

test.use({ trust: true });

test.beforeEach(async ({ page, server, workspace }) => {
  await pairlab('index', workspace);
  await page.goto(server.address(workspace));
  await dialogButton(page, /^No/).click({ timeout: 90_000 });
  await expect(statusItem(page, 'Restricted Mode')).toBeVisible();
});

test('an indexed dataset can be browsed in a folder that is not trusted', async ({ page }) => {
  await showPairLab(page);
  await openFirstPair(page, 'image ↔ text');
  const panel = await webview(page, '.item .text');
  await expect(panel.locator('.item .text')).toHaveText(/\w+ \w+/);
});

test('nothing executes in a folder that is not trusted', async ({ page, workspace }) => {
  await showPairLab(page);
  expect(await commandTitles(page, 'PairLab: Index Dataset')).not.toContain('PairLab: Index Dataset');
  expect(await commandTitles(page, 'PairLab: Run Experiment')).not.toContain('PairLab: Run Experiment');
  await openFile(page, experimentName);
  await expect(codeLens(page, 'Run')).toHaveCount(0);
  expect(await runIds(workspace)).toEqual([]);
  expect(existsSync(join(workspace, '.pairlab', 'queues'))).toBe(false);
});
