import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '../fixtures.ts';
import { inlineResults } from '../inlineResults.ts';
import { indexDataset, openFirstPair, showPairLab } from '../pairlab.ts';
import { type LiveRun, liveRuns } from '../runs.ts';
import { experimentName } from '../samples.mjs';
import { codeLens, openFile, reloadWindow, runCommand, statusItem, webview } from '../workbench.ts';

/** Long enough for the experiment to end on a busy machine. */
const trainingLimit = 240_000;

test('from an indexed folder over a pair and the alignment to a result that outlives the window', async ({
  vscode: page,
  workspace,
}) => {
  test.setTimeout(480_000);

  await test.step('index the dataset', async () => {
    await showPairLab(page);
    await indexDataset(page);
  });

  await test.step('look at a picture with its sound, and at a picture with its text', async () => {
    await openFirstPair(page, 'image ↔ audio');
    const sound = await webview(page, '.item .sound');
    await expect(sound.locator('.item img')).not.toHaveJSProperty('naturalWidth', 0);
    await expect(sound.locator('#play')).toBeEnabled();
    await expect(sound.locator('.sound .time')).toHaveText(/^0:00\.0 \/ 0:0(?!0\.0)/);
    await openFirstPair(page, 'image ↔ text');
    const text = await webview(page, '.item .text');
    await expect(text.locator('.item .text')).toHaveText(/\w+ \w+/);
  });

  await test.step('compute the alignment', async () => {
    await runCommand(page, 'PairLab: Show Alignment Quality');
    const panel = await webview(page, '#compute, #recompute');
    await panel.locator('#compute').click();
    const recall = panel.getByRole('row', { name: /^Recall@10/ });
    await expect(recall).toContainText(/\d+(\.\d+)?\s?%/, { timeout: 90_000 });
    await expect(panel.getByRole('row', { name: /^Linear CKA/ })).toContainText(/0\.\d+/);
    // Parts are shown as they come, but only a whole report outlives the window, which is reloaded next.
    await expect.poll(() => storedReports(workspace), { timeout: 90_000 }).toHaveLength(1);
  });

  const before = await test.step('run the experiment', async () => {
    await openFile(page, experimentName);
    await codeLens(page, 'Run').first().click();
    await expect.poll(() => inlineResults(page), { timeout: 60_000 }).toContainEqual(expect.stringMatching(/\d+ %/));
    await expect.poll(() => metaTraining(workspace), { timeout: 60_000 }).toHaveLength(1);
    await expect(statusItem(page, 'PairLab:')).toContainText(/runs? · \d+ % · \w+ · \d+\.\d GB in use/);
    return await metaTraining(workspace);
  });

  await test.step('reload the window: the run goes on', async () => {
    await reloadWindow(page);
    expect(await metaTraining(workspace)).toEqual(before);
  });

  await test.step('see the result at the lines that started it', async () => {
    await expect
      .poll(() => inlineResults(page), { timeout: trainingLimit })
      .toEqual([expect.stringContaining('finished'), ...Array(2).fill(expect.stringMatching(/k=1 .* k=3 /))]);
  });

  await test.step('hover shows the curve', async () => {
    await page.locator('.view-line', { hasText: '- croma' }).locator('span').last().hover();
    await expect(page.locator('.monaco-hover img[src^="data:image/svg+xml"]').first()).toBeVisible();
    await expect(page.locator('.monaco-hover table')).toContainText(/±.*%/);
  });

  await test.step('show the report', async () => {
    await page.keyboard.press('Escape');
    await runCommand(page, 'PairLab: Show Report');
    const panel = await webview(page, 'section.accuracy');
    await expect(panel.locator('section.accuracy tbody tr')).toHaveCount(3);
    await expect(panel.locator('section.accuracy')).toContainText(/\d+\.\d\s±\s\d+\.\d/);
  });

  await test.step('encode by what the run learned, and see how well the modalities agree there', async () => {
    await runCommand(page, 'PairLab: Show Alignment Quality');
    const panel = await webview(page, '#run');
    await panel.locator('#run').click();
    await panel.locator('#run vscode-option', { hasText: 'croma' }).click();
    await panel.locator('#tab-sets').click();
    const encoders = panel.locator('tr', { hasText: 'What turned the items into vectors.' });
    await expect(encoders).toContainText(/small-croma-seed0.*small-croma-seed0/, { timeout: 120_000 });
  });
});

/** The alignment reports of a workspace as they lie on disk. */
async function storedReports(workspace: string): Promise<string[]> {
  const names = await readdir(join(workspace, '.pairlab'), { recursive: true }).catch(() => []);
  return names.filter((name) => /\/alignment\/[^/]+\.json$/.test(name));
}

/** The runs that meta-train at this moment, with their processes: of the two methods, training from scratch does not. */
async function metaTraining(workspace: string): Promise<LiveRun[]> {
  return (await liveRuns(workspace)).filter(({ id }) => id.includes('croma'));
}
