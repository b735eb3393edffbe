import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { at } from '../../../scripts/process.mjs';
import { expect, test } from '../fixtures.ts';
import { inlineResults } from '../inlineResults.ts';
import { explorerRow, openFirstPair, showPairLab } from '../pairlab.ts';
import { experimentName, finishedSample } from '../samples.mjs';
import { codeLens, openFile, openWorkbench, runCommand, treeRow, webview } from '../workbench.ts';

test.beforeEach(async ({ page, server }) => {
  await openWorkbench(page, server.address(finishedSample));
  await showPairLab(page);
  await expect(explorerRow(page, 1, /pairs/)).toBeVisible({ timeout: 60_000 });
  await expect(treeRow(page, /scratch · seed 0/)).toBeVisible();
});

test('the explorer and a picture with its sound', async ({ page, theme }) => {
  await openFirstPair(page, 'image ↔ audio');
  await webview(page, '.item .sound');
  await expect((await webview(page, '.item img')).locator('.item img')).toBeVisible();
  await keep(page, theme, 'pair-image-audio');
});

test('a picture with its text', async ({ page, theme }) => {
  await openFirstPair(page, 'image ↔ text');
  await webview(page, '.item .text');
  await keep(page, theme, 'pair-image-text');
});

test('the alignment', async ({ page, theme }) => {
  await runCommand(page, 'PairLab: Show Alignment Quality');
  const panel = await webview(page, 'section.retrieval');
  await keep(page, theme, 'alignment');
  await panel.locator('#tab-map').click();
  await expect(panel.locator('.map canvas').first()).toBeVisible();
  await keep(page, theme, 'alignment-map');
  await panel.locator('#tab-pairs').click();
  await expect(panel.locator('.pair-row')).toHaveCount(20);
  await expect(panel.locator('.pair-row img').first()).toBeVisible();
  await keep(page, theme, 'alignment-pairs');
  await panel.locator('#tab-classes').click();
  await expect(panel.locator('section.class-similarity svg')).toBeVisible();
  await keep(page, theme, 'alignment-classes');
  await panel.locator('#tab-sets').click();
  await expect(panel.locator('section.sets td').first()).toBeVisible();
  await keep(page, theme, 'alignment-sets');
  await panel.locator('#tab-overview').click();
  await panel.locator('#compare').click();
  await panel.locator('#compare vscode-option', { hasText: 'procrustes' }).click();
  await expect(panel.locator('section.reports')).toBeVisible();
  await keep(page, theme, 'alignment-comparison');
  await panel.locator('.rank-histogram').first().scrollIntoViewIfNeeded();
  await keep(page, theme, 'alignment-comparison-ranks');
  await panel.locator('#tab-map').click();
  await expect(panel.locator('.map canvas')).toHaveCount(4);
  await keep(page, theme, 'alignment-comparison-map');
});

test('an experiment file with its results', async ({ page, theme }) => {
  await openFile(page, experimentName);
  await expect.poll(() => inlineResults(page)).toHaveLength(3);
  await expect(codeLens(page, 'Run')).toHaveCount(3);
  await keep(page, theme, 'experiment');
  await page.locator('.view-line', { hasText: '- croma' }).locator('span').last().hover();
  await expect(page.locator('.monaco-hover img').first()).toBeVisible();
  await keep(page, theme, 'experiment-hover');
});

test('the report', async ({ page, theme }) => {
  await openFile(page, experimentName);
  await runCommand(page, 'PairLab: Show Report');
  await webview(page, 'section.accuracy');
  await keep(page, theme, 'report');
});

/** Keeps what the window looks like, for people to look at. */
async function keep(page: Page, theme: string, name: string): Promise<void> {
  const folder = at('test-results', 'screenshots', theme.replace('Default ', ''));
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
}
