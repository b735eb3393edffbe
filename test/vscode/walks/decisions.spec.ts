import { copyFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '../fixtures.ts';
import { collapseLevel, explorerRow, indexDataset, openFirstPair, showPairLab } from '../pairlab.ts';
import { notification, runCommand, statusItem, webview } from '../workbench.ts';

test('what a user decides about a pair is kept, shown and undone', async ({ vscode: page, workspace }) => {
  test.setTimeout(180_000);
  const decisions = join(workspace, 'sample.exclusions.jsonl');
  await showPairLab(page);
  await indexDataset(page);
  await openFirstPair(page, 'image ↔ text');
  const panel = await webview(page, '.item .text');

  await test.step('exclude it by the button of its page', async () => {
    await panel.locator('#decide-exclude').click();
    await expect(panel.locator('.exclusion')).toContainText('Excluded');
    await expect(explorerRow(page, 5, 'excluded')).toBeVisible();
    await expect(panel.locator('#decide-exclude')).toHaveText('Include');
  });

  await test.step('take it back by the keyboard', async () => {
    await page.keyboard.press('Control+z');
    await expect(panel.locator('.exclusion')).toHaveCount(0);
    await expect(explorerRow(page, 5, 'excluded')).toHaveCount(0);
  });

  await test.step('exclude it by a key, and include it by the menu of the explorer', async () => {
    await page.keyboard.press('Delete');
    await expect(panel.locator('.exclusion')).toHaveCount(1);
    await explorerRow(page, 5, 'excluded').click({ button: 'right' });
    const include = page.locator('.monaco-menu .action-item', { hasText: 'Include Pair' }).first();
    // A menu ignores what is pressed before it has taken the focus.
    await include.hover();
    await expect(include).toHaveClass(/focused/);
    await include.click();
    await expect(explorerRow(page, 5, 'excluded')).toHaveCount(0);
  });

  await test.step('exclude it by a key of the explorer, and include it by the palette', async () => {
    await runCommand(page, 'PairLab: Focus on Datasets View');
    await page.keyboard.press('Delete');
    await expect(explorerRow(page, 5, 'excluded')).toBeVisible();
    await runCommand(page, 'PairLab: Include Pair');
    await expect(explorerRow(page, 5, 'excluded')).toHaveCount(0);
  });

  await test.step('correct its caption', async () => {
    await runCommand(page, 'PairLab: Correct Caption…');
    const input = page.locator('.quick-input-widget:visible input.input').first();
    await expect(input).toHaveValue(/\w+ \w+/);
    await input.fill('what is really there');
    await input.press('Enter');
    await expect(panel.locator('.text')).toHaveText('what is really there');
  });

  const lines = (await readFile(decisions, 'utf8')).trimEnd().split('\n');
  const kinds = lines.map((line) => JSON.parse(line).decision);
  expect(kinds).toEqual(['exclude', 'undo', 'exclude', 'include', 'exclude', 'include', 'text']);
});

test('a problem opens its pair and offers its fix', async ({ vscode: page, workspace }) => {
  test.setTimeout(180_000);
  const pictures = join(workspace, 'data', 'train', 'images');
  await showPairLab(page);
  await indexDataset(page);
  await openFirstPair(page, 'image ↔ text');
  const shown = await webview(page, '.item .text');
  const picture = (await shown.locator('.item-file').first().getAttribute('title')) ?? '';
  expect(picture.startsWith(pictures)).toBe(true);
  const caption = picture.replace('/images/', '/captions/').replace(/png$/, 'txt');
  for (const path of [picture, caption]) await copyFile(path, path.replace(/\.\w+$/, 'copy$&'));
  await runCommand(page, 'PairLab: Index Dataset');
  await runCommand(page, 'View: Close All Editors');
  await collapseLevel(page, 2);
  await explorerRow(page, 2, /^Problems/).click();
  await explorerRow(page, 3, /^exact duplicate/).click();
  const problem = explorerRow(page, 4, 'has the same bytes');
  await problem.click();
  const panel = await webview(page, '.marked [id^="fix-"]');
  await panel.locator('[id^="fix-"]').first().click();
  await expect(notification(page, /^Exclude/)).toBeVisible();
  await expect(problem).toHaveCount(0);
});

test('media are checked in the background', async ({ vscode: page, workspace }) => {
  test.setTimeout(180_000);
  await showPairLab(page);
  await indexDataset(page);
  await expect.poll(async () => (await currentSummary(workspace)).decoded, { timeout: 120_000 }).toBe(true);
  await expect(statusItem(page, 'Checking media')).toHaveCount(0);
});

test('a folder without a dataset file is asked how its files pair', async ({ vscode: page, workspace }) => {
  test.setTimeout(180_000);
  await rm(join(workspace, 'pairlab.yaml'));
  await showPairLab(page);
  await expect(page.locator('.sidebar', { hasText: 'No dataset file' })).toBeVisible({ timeout: 30_000 });
  await runCommand(page, 'PairLab: Index Dataset');
  const choice = page.locator('.quick-input-list .monaco-list-row', { hasText: 'items pair' }).first();
  await expect(choice).toContainText('100.0 %', { timeout: 60_000 });
  await choice.click();
  await expect(explorerRow(page, 1, /pairs/)).toBeVisible({ timeout: 60_000 });
});

async function currentSummary(workspace: string): Promise<{ decoded: boolean }> {
  const folder = join(workspace, '.pairlab', 'datasets', 'sample');
  const id = (await readFile(join(folder, 'current'), 'utf8')).trim();
  return JSON.parse(await readFile(join(folder, 'snapshots', id, 'snapshot.json'), 'utf8'));
}
