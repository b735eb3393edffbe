/** What a user does with PairLab inside VS Code. */
import { expect, type Locator, type Page } from '@playwright/test';
import { activityIcon, runCommand, treeRow } from './workbench.ts';

/** Shows PairLab's views in the side bar. */
export async function showPairLab(page: Page): Promise<void> {
  const icon = activityIcon(page, 'PairLab');
  await icon.waitFor({ timeout: 60_000 });
  const shown = page.locator('.sidebar .composite.title', { hasText: /pairlab/i });
  if (!(await shown.isVisible())) await icon.click();
  await shown.waitFor();
}

/** Indexes the one dataset of the window, and waits until the explorer shows it. */
export async function indexDataset(page: Page): Promise<void> {
  await runCommand(page, 'PairLab: Index Dataset');
  await expect(explorerRow(page, 1, /pairs/)).toBeVisible({ timeout: 60_000 });
}

/** A row of the dataset explorer. Level 1 is a dataset; below it modalities, split, class, pair. */
export const explorerRow = (page: Page, level: number, text: string | RegExp): Locator =>
  treeRow(page, text)
    .and(page.locator(`[aria-level="${level}"]`))
    .first();

/** Walks the explorer down to the first class of the training split of two modalities, and opens its first pair. */
export async function openFirstPair(page: Page, modalities: string): Promise<void> {
  await expand(explorerRow(page, 1, /pairs/));
  await collapseLevel(page, 2);
  await expand(explorerRow(page, 2, modalities));
  await expand(explorerRow(page, 3, /^train/));
  await expand(explorerRow(page, 4, /pairs/));
  await explorerRow(page, 5, /^p\d+/).click();
}

async function expand(row: Locator): Promise<void> {
  await row.waitFor();
  if ((await row.getAttribute('aria-expanded')) === 'false') await row.click();
  await expect(row).toHaveAttribute('aria-expanded', 'true');
}

/** The explorer draws the rows in sight only: what is open above must not push them out of it. */
export async function collapseLevel(page: Page, level: number): Promise<void> {
  const open = page.locator(`.sidebar .monaco-list-row[aria-level="${level}"][aria-expanded="true"]`);
  while ((await open.count()) > 0) await open.first().click();
}
