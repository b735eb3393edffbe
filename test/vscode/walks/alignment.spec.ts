import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Frame, Page } from '@playwright/test';
import { arrivalsIn, noteArrivals, noteEmptyList } from '../arrivals.mjs';
import { expect, test } from '../fixtures.ts';
import { explorerRow, indexDataset, showPairLab } from '../pairlab.ts';
import { pairlab } from '../samples.mjs';
import { fileDialog, notification, openFile, reloadWindow, runCommand, tab, webview } from '../workbench.ts';

test('suspicious pairs are judged by keys, and the numbers follow', async ({ vscode: page }) => {
  test.setTimeout(300_000);
  await showPairLab(page);
  await indexDataset(page);
  await runCommand(page, 'PairLab: Show Alignment Quality');
  let panel = await webview(page, '#compute');
  await panel.locator('#compute').click();
  await expect(panel.getByRole('row', { name: /^OTDD/ })).toContainText(/\d\.\d+/, { timeout: 120_000 });
  const pairs = () => panel.locator('.page-header dd', { hasText: 'strong' });
  const before = Number.parseInt((await pairs().textContent()) ?? '', 10);

  await test.step('the map shows both modalities, and what is chosen there is listed below', async () => {
    await panel.locator('#tab-map').click();
    const stage = panel.locator('.map [role="application"]');
    await expect(stage).toBeVisible();
    const box = await stage.boundingBox();
    if (box === null) throw new Error('The map has no place.');
    await page.keyboard.down('Shift');
    await page.mouse.move(box.x + 5, box.y + 5);
    await page.mouse.down();
    const corners = [
      [box.width - 5, 5],
      [box.width - 5, box.height - 5],
      [5, box.height - 5],
      [5, 10],
    ] as const;
    for (const [x, y] of corners) await page.mouse.move(box.x + x, box.y + y, { steps: 5 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await expect(panel.locator('.pager')).toContainText(`of ${before} pairs`);
  });

  await test.step('exclude the last pair of a page and go on to the next page', async () => {
    await panel.locator('#tab-pairs').click();
    const rows = panel.locator('.pair-row');
    await expect(rows.first().locator('.thumbnail').first()).toBeVisible();
    await rows.first().focus();
    await page.keyboard.press('End');
    await expect(rows.last()).toBeFocused();
    await panel.evaluate(noteEmptyList);
    await page.keyboard.press('x');
    await expect(panel.locator('.pager > span')).toHaveText(/^21 to/);
    await expect(rows.first()).toBeFocused();
    const next = await rows.first().getAttribute('id');
    await expect(panel.locator('.banner', { hasText: 'Beside' })).toBeVisible({ timeout: 120_000 });
    await expect(pairs()).toContainText(String(before - 1));
    await expect(panel.locator('.pager > span')).toContainText(`of ${before - 1} pairs`, { timeout: 120_000 });
    expect(await panel.locator('.pair-row:focus').getAttribute('id')).toBe(next);
    expect(await panel.locator('body').getAttribute('data-emptied')).toBeNull();
  });

  await test.step('a reload forgets neither the page of the list nor the numbers before', async () => {
    const shown = await panel.locator('.pager > span').textContent();
    await reloadWindow(page);
    await tab(page, /^Alignment/).click();
    panel = await webview(page, '.pair-row');
    await expect(panel.locator('.pager > span')).toHaveText(shown ?? '');
    await expect(panel.locator('.banner', { hasText: 'Beside' })).toBeVisible();
  });

  await test.step('the overview says what changed', async () => {
    await panel.locator('#tab-overview').click();
    await expect(panel.locator('.change').first()).toContainText('from');
  });

  await test.step('what a number is can be read by keys', async () => {
    const words = panel.getByRole('tooltip').filter({ hasText: 'Formula' });
    await panel.getByRole('button', { name: 'What Linear CKA is' }).focus();
    await expect(words).toBeVisible();
    await expect(words).toContainText('Kornblith');
    await page.keyboard.press('Escape');
    await expect(words).toBeHidden();
  });

  await test.step('and undo brings the pair back', async () => {
    await panel.locator('#tab-pairs').click();
    await panel.locator('#undo').click();
    await expect(pairs()).toContainText(String(before), { timeout: 120_000 });
  });
});

test('a stored report is looked at, compared and saved', async ({ vscode: page, workspace }) => {
  test.setTimeout(300_000);
  await pairlab('index', workspace);
  await pairlab('align', workspace, '--map', 'procrustes');
  await pairlab('align', workspace);
  await page.addInitScript(noteArrivals);
  await reloadWindow(page);
  await showPairLab(page);
  await expect(explorerRow(page, 1, /pairs/)).toBeVisible({ timeout: 60_000 });

  let panel = await test.step('its first numbers are there before any map, list or picture is asked for', async () => {
    const asked = await runCommand(page, 'PairLab: Show Alignment Quality');
    const opened = await webview(page, 'section.retrieval .figure');
    await opened.locator('#tab-map').click();
    await expect(stageOf(opened)).toBeVisible();
    const came = await arrivalsIn(opened);
    const [sinceAsked, sincePage] = [came.numbers - asked, Math.round(came.numbers - came.page)];
    console.log(`  first numbers ${sinceAsked} ms after the command, ${sincePage} ms after its page began to load`);
    expect(came.numbers).toBeLessThan(came.map);
    return opened;
  });

  await test.step('keys draw a rectangle on the map, and its pairs are listed', async () => {
    await stageOf(panel).focus();
    await page.keyboard.press('s');
    await expect(statusOf(panel)).toHaveText(/^Rectangle around \d+\spoints?$/);
    for (let press = 0; press < 6; press++) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Enter');
    await expect(statusOf(panel)).toHaveText(/^\d+\spoints? selected$/);
    await expect(panel.locator('#suspicious')).toHaveText(/^Chosen pairs/);
    await expect(stageOf(panel)).toBeFocused();
  });

  await test.step('where one looks and what is chosen outlive a hidden page and a reload', async () => {
    for (const key of ['+', '+', '+', 'ArrowRight']) await page.keyboard.press(key);
    const chosen = await panel.locator('.pager > span').textContent();
    const around = await middleOf(page, panel);
    // On the map, the Escape that opens the palette would clear what is chosen.
    await panel.locator('#tab-map').focus();
    await openFile(page, 'pairlab.yaml');
    await expect.poll(() => panel.isDetached()).toBe(true);
    await tab(page, /^Alignment/).click();
    panel = await webview(page, '.map');
    await expect(panel.locator('.pager > span')).toHaveText(chosen ?? '');
    expect(await middleOf(page, panel)).toBe(around);
    await reloadWindow(page);
    // Which editor is in front is remembered by VS Code in its own time.
    await tab(page, /^Alignment/).click();
    panel = await webview(page, '.map');
    await expect(panel.locator('.pager > span')).toHaveText(chosen ?? '');
    expect(await middleOf(page, panel)).toBe(around);
    await page.keyboard.press('0');
    expect(await middleOf(page, panel)).not.toBe(around);
  });

  await test.step('another report stands beside it', async () => {
    await panel.locator('#compare').click();
    await panel.locator('#compare vscode-option', { hasText: 'procrustes' }).click();
    await expect(panel.locator('.map')).toHaveCount(2);
    await panel.locator('#tab-overview').click();
    await expect(panel.locator('section.reports')).toContainText('ridge');
    await expect(panel.locator('section.reports')).toContainText('procrustes');
    await expect(panel.locator('section.retrieval .difference').nth(1)).toContainText('points');
    await expect(panel.locator('.rank-histogram')).toHaveCount(2);
    await panel.locator('#stop-comparing').click();
    await expect(panel.locator('.rank-histogram')).toHaveCount(1);
  });

  await test.step('its charts are saved by keys', async () => {
    const svg = await save(page, panel, '#save-ranks-svg', /sample-image-audio-ranks\.svg$/);
    expect(svg.toString()).toMatch(/^<svg [^>]*aria-label="At which rank/);
    await panel.locator('#tab-classes').click();
    const png = await save(page, panel, '#save-class-similarity-png', /sample-image-audio-class-similarity\.png$/);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
  });
});

const stageOf = (panel: Frame) => panel.locator('.map [role="application"]');
const statusOf = (panel: Frame) => panel.locator('.map-status');

/** How many points lie around the middle of the map: what is in sight, in words. */
async function middleOf(page: Page, panel: Frame): Promise<string | null> {
  await stageOf(panel).focus();
  await page.keyboard.press('s');
  await expect(statusOf(panel)).toHaveText(/^Rectangle/);
  const words = await statusOf(panel).textContent();
  await page.keyboard.press('Escape');
  await expect(statusOf(panel)).toHaveText('No rectangle');
  return words;
}

/** Presses a button by the keyboard and takes the name that is proposed. */
async function save(page: Page, panel: Frame, button: string, name: RegExp): Promise<Buffer> {
  await panel.locator(button).focus();
  await page.keyboard.press('Enter');
  await expect(fileDialog(page)).toHaveValue(name);
  const file = await fileDialog(page).inputValue();
  await fileDialog(page).press('Enter');
  await expect(notification(page, basename(file))).toBeVisible();
  return await readFile(file);
}
