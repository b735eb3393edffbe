import { expect, test } from '../fixtures.ts';
import { indexDataset, showPairLab } from '../pairlab.ts';
import { runCommand, webview } from '../workbench.ts';

test('suspicious pairs are judged by keys, and the numbers follow', async ({ vscode: page }) => {
  test.setTimeout(300_000);
  await showPairLab(page);
  await indexDataset(page);
  await runCommand(page, 'PairLab: Show Alignment Quality');
  const panel = await webview(page, '#compute');
  await panel.locator('#compute').click();
  await expect(panel.locator('tr', { hasText: 'OTDD' })).toContainText(/\d\.\d+/, { timeout: 120_000 });
  const pairs = panel.locator('.page-header dd', { hasText: 'strong' });
  const before = Number.parseInt((await pairs.textContent()) ?? '', 10);

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

  await test.step('exclude the most suspicious pair and go on to the next', async () => {
    await panel.locator('#tab-pairs').click();
    const first = panel.locator('#pair-0');
    await expect(first.locator('.thumbnail').first()).toBeVisible();
    await first.focus();
    await page.keyboard.press('x');
    await expect(panel.locator('#pair-1')).toBeFocused();
    await expect(panel.locator('.banner', { hasText: 'Beside' })).toBeVisible({ timeout: 120_000 });
    await expect(pairs).toContainText(String(before - 1));
  });

  await test.step('the overview says what changed', async () => {
    await panel.locator('#tab-overview').click();
    await expect(panel.locator('.change').first()).toContainText('from');
  });

  await test.step('and undo brings the pair back', async () => {
    await runCommand(page, 'PairLab: Undo Last Decision');
    await expect(pairs).toContainText(String(before), { timeout: 120_000 });
  });
});
