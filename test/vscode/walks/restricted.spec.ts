import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../fixtures.ts';
import { openFirstPair, showPairLab } from '../pairlab.ts';
import { runIds } from '../runs.ts';
import { experimentName, pairlab } from '../samples.mjs';
import { codeLens, commandTitles, dialogButton, openFile, runCommand, statusItem, webview } from '../workbench.ts';

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
  await expect(panel.locator('#decide-exclude')).toHaveAttribute('disabled');
  await expect(panel.locator('.decisions')).toContainText('trust');
});

test('nothing executes in a folder that is not trusted', async ({ page, workspace }) => {
  await showPairLab(page);
  await test.step('the palette offers to look only', async () => {
    await expect.poll(() => commandTitles(page, 'PairLab:')).toContain('PairLab: Show Report');
    const titles = await commandTitles(page, 'PairLab:');
    for (const title of ['Index Dataset', 'Check Dataset', 'Exclude Pair', 'Run Experiment', 'Stop Run'])
      expect(titles).not.toContain(`PairLab: ${title}`);
  });
  await test.step('so do the lenses of an experiment file', async () => {
    await openFile(page, experimentName);
    await expect(codeLens(page, 'Report')).toBeVisible();
    await expect(codeLens(page, 'Run')).toHaveCount(0);
  });
  await test.step('and the alignment panel says why it computes nothing', async () => {
    await runCommand(page, 'PairLab: Show Alignment Quality');
    const panel = await webview(page, 'text=/not computed yet/');
    await expect(panel.locator('body')).toContainText(/trust/i);
    await expect(panel.locator('#compute')).toHaveCount(0);
  });
  expect(await runIds(workspace)).toEqual([]);
  expect(existsSync(join(workspace, '.pairlab', 'queues'))).toBe(false);
});
