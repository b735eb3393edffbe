import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { at } from '../../../scripts/process.mjs';
import { expect, test } from '../fixtures.ts';
import { inlineResults } from '../inlineResults.ts';
import { explorerRow, openFirstPair, showPairLab } from '../pairlab.ts';
import { experimentName, finishedSample } from '../samples.mjs';
import { chooseTheme, codeLens, openFile, openWorkbench, runCommand, themes, treeRow, webview } from '../workbench.ts';

test.beforeEach(async ({ page, server }) => {
  await openWorkbench(page, server.address(finishedSample));
  await showPairLab(page);
  await expect(explorerRow(page, 1, /pairs/)).toBeVisible({ timeout: 60_000 });
  await expect(treeRow(page, /scratch · seed 0/)).toBeVisible();
});

test('the explorer and a picture with its sound', async ({ page }) => {
  await openFirstPair(page, 'image ↔ audio');
  await webview(page, '.item .sound');
  await expect((await webview(page, '.item img')).locator('.item img')).toBeVisible();
  await inEveryTheme(page, (keep) => keep('pair-image-audio'));
});

test('a picture with its text', async ({ page }) => {
  await openFirstPair(page, 'image ↔ text');
  await webview(page, '.item .text');
  await inEveryTheme(page, (keep) => keep('pair-image-text'));
});

test('the alignment', async ({ page }) => {
  await runCommand(page, 'PairLab: Show Alignment Quality');
  const panel = await webview(page, 'section.retrieval');
  await inEveryTheme(page, async (keep) => {
    await panel.locator('#tab-overview').click();
    await expect(panel.locator('section.retrieval')).toBeVisible();
    await keep('alignment');
    await panel.locator('#tab-map').click();
    await expect(panel.locator('.map canvas').first()).toBeVisible();
    await keep('alignment-map');
    await panel.locator('#tab-pairs').click();
    await expect(panel.locator('.pair-row')).toHaveCount(20);
    await expect(panel.locator('.pair-row img').first()).toBeVisible();
    await keep('alignment-pairs');
    await panel.locator('#tab-classes').click();
    await expect(panel.locator('section.class-similarity svg')).toBeVisible();
    await keep('alignment-classes');
    await panel.locator('#tab-sets').click();
    await expect(panel.locator('section.sets td').first()).toBeVisible();
    await keep('alignment-sets');
    await panel.locator('#tab-overview').click();
    await panel.locator('#compare').click();
    await panel.locator('#compare vscode-option', { hasText: 'procrustes' }).click();
    await expect(panel.locator('section.reports')).toBeVisible();
    await keep('alignment-comparison');
    await panel.locator('.rank-histogram').first().scrollIntoViewIfNeeded();
    await keep('alignment-comparison-ranks');
    await panel.locator('#tab-map').click();
    await expect(panel.locator('.map canvas')).toHaveCount(4);
    await keep('alignment-comparison-map');
    await panel.locator('#stop-comparing').click();
  });
});

test('an experiment file with its results', async ({ page }) => {
  await openFile(page, experimentName);
  await expect.poll(() => inlineResults(page)).toHaveLength(3);
  await expect(codeLens(page, 'Run')).toHaveCount(3);
  await inEveryTheme(page, async (keep) => {
    await keep('experiment');
    await page.locator('.view-line', { hasText: '- croma' }).locator('span').last().hover();
    await expect(page.locator('.monaco-hover img').first()).toBeVisible();
    await keep('experiment-hover');
    await page.locator('.statusbar').hover();
    await expect(page.locator('.monaco-hover img').first()).toBeHidden();
  });
});

test('the report', async ({ page }) => {
  await openFile(page, experimentName);
  await runCommand(page, 'PairLab: Show Report');
  const panel = await webview(page, 'section.accuracy');
  await panel.locator('section.backend summary').click();
  await inEveryTheme(page, async (keep) => {
    await keep('report');
    await panel.locator('section.backend').scrollIntoViewIfNeeded();
    await keep('report-backend');
    await panel.locator('h1').scrollIntoViewIfNeeded();
  });
});

test('the compute backends', async ({ page }) => {
  await runCommand(page, 'PairLab: Show Compute Backends');
  await webview(page, 'table');
  await inEveryTheme(page, (keep) => keep('backends'));
});

/** Changes the theme of the open window, and keeps what it looks like, for people to look at. */
async function inEveryTheme(page: Page, look: (keep: (name: string) => Promise<void>) => Promise<void>): Promise<void> {
  for (const theme of themes) {
    await chooseTheme(page, theme);
    const folder = at('test-results', 'screenshots', theme.name);
    await mkdir(folder, { recursive: true });
    await look(async (name) => {
      await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
    });
  }
}
