import { expect, test } from '../fixtures.ts';
import { showPairLab } from '../pairlab.ts';
import { runCommand, webview } from '../workbench.ts';

test('the compute backends are shown with what keeps each from being used, and none is fetched without consent', async ({
  vscode: page,
}) => {
  test.setTimeout(180_000);
  await showPairLab(page);

  await test.step('a table says what can train here', async () => {
    await runCommand(page, 'PairLab: Show Compute Backends');
    const preview = await webview(page, 'table');
    await expect(preview.locator('tr', { hasText: 'wasm' })).toContainText('ready');
    await expect(preview.locator('tr', { hasText: 'tensorflow-gpu' })).toContainText('not set up');
    await expect(preview.locator('body')).toContainText('taken by auto');
    await expect(preview.locator('body')).toContainText('Set Up GPU Runtime…');
  });

  await test.step('a set-up says what it would fetch, and asks', async () => {
    await runCommand(page, 'PairLab: Set Up GPU Runtime…');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'webgpu' }).click();
    const dialog = page.locator('.monaco-dialog-box');
    await expect(dialog).toContainText('Set up webgpu?');
    await expect(dialog).toContainText(/About \d+ MB are fetched/);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog).toBeHidden();
  });
});
