/** What a user does with VS Code itself: windows, commands, files. Holds on both tested versions. */
import { expect, type Frame, type Locator, type Page } from '@playwright/test';

const startLimit = 90_000;

/** Opens a workbench and waits until it has started. */
export async function openWorkbench(page: Page, address: string): Promise<void> {
  await page.goto(address, { waitUntil: 'domcontentloaded', timeout: startLimit });
  await untilStarted(page);
}

/** What *Developer: Reload Window* does: the extension host ends and a new one starts. */
export async function reloadWindow(page: Page): Promise<void> {
  await page.reload({ waitUntil: 'domcontentloaded', timeout: startLimit });
  await untilStarted(page);
}

async function untilStarted(page: Page): Promise<void> {
  const started = () => performance.getEntriesByName('code/didStartWorkbench').length > 0;
  await page.waitForFunction(started, undefined, { timeout: startLimit });
}

/** A colour theme that VS Code brings, and the classes by which its window and its webviews tell that they are drawn in it. */
export interface Theme {
  readonly name: string;
  readonly window: string;
  readonly webview: string;
}

export const themes: readonly Theme[] = [
  { name: 'Dark Modern', window: 'vs-dark', webview: 'vscode-dark' },
  { name: 'Light Modern', window: 'vs', webview: 'vscode-light' },
  { name: 'Dark High Contrast', window: 'hc-black', webview: 'vscode-high-contrast' },
];

/** Chooses a theme, and waits until the window and the webviews in it are drawn in it. */
export async function chooseTheme(page: Page, theme: Theme): Promise<void> {
  await runCommand(page, 'Preferences: Color Theme');
  await expect(async () => {
    await quickInput(page).fill(theme.name, { timeout: 2_000 });
    await quickPick(page, theme.name).first().click({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  await expect(page.locator('.monaco-workbench')).toContainClass(theme.window);
  for (const frame of webviews(page)) await expect(frame.locator('body')).toContainClass(theme.webview);
}

/**
 * Runs a command by its title in the palette ("PairLab: Index Dataset"). The palette lists what there is when it opens,
 * and F1 is lost before the keybindings are in place: both ask for another try. Returns when it was chosen, in
 * milliseconds since 1970.
 */
export async function runCommand(page: Page, title: string): Promise<number> {
  let chosen = 0;
  await expect(async () => {
    await showPalette(page);
    await quickInput(page).fill(`>${title}`, { timeout: 2_000 });
    chosen = Date.now();
    await quickPick(page, title).first().click({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  return chosen;
}

/** The palette's titles that contain a text, as they stand. */
export async function commandTitles(page: Page, text: string): Promise<string[]> {
  await expect(async () => {
    await showPalette(page);
    await quickInput(page).fill(`>${text}`, { timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  const titles = await page
    .locator('.quick-input-list .monaco-list-row')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
  await page.keyboard.press('Escape');
  return titles;
}

async function showPalette(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.keyboard.press('F1');
  await quickInput(page).waitFor({ timeout: 4_000 });
}

/** Opens a file of the workspace by its name. */
export async function openFile(page: Page, name: string): Promise<void> {
  await expect(async () => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+P');
    await quickInput(page).fill(name, { timeout: 4_000 });
    await page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().click({ timeout: 4_000 });
    await tab(page, name).first().waitFor({ timeout: 4_000 });
  }).toPass({ timeout: 60_000 });
}

/** Where a file dialog of VS Code takes a path. */
export const fileDialog = (page: Page): Locator => quickInput(page);

const quickInput = (page: Page): Locator => page.locator('.quick-input-widget:visible input.input').first();

/** A row of the open picker. A keybinding may follow the title in its label. */
export const quickPick = (page: Page, title: string): Locator =>
  page.locator(`.quick-input-list .monaco-list-row:is([aria-label="${title}"], [aria-label^="${title}, "])`);

export const activityIcon = (page: Page, title: string): Locator =>
  page.locator(`.activitybar a.action-label[aria-label="${title}"]`);

export const treeRow = (page: Page, text: string | RegExp): Locator =>
  page.locator('.sidebar .monaco-list-row', { hasText: text });

export const tab = (page: Page, label: string | RegExp): Locator =>
  page.locator('.tabs-container .tab', { hasText: label });

export const codeLens = (page: Page, text: string | RegExp): Locator =>
  page.locator('.codelens-decoration a', { hasText: text });

export const notification = (page: Page, text: string | RegExp): Locator =>
  page.locator('.notifications-toasts .notification-list-item-message', { hasText: text });

export const dialogButton = (page: Page, text: string | RegExp): Locator =>
  page.locator('.monaco-dialog-box .monaco-button', { hasText: text });

export const statusItem = (page: Page, text: string): Locator => page.locator('.statusbar-item', { hasText: text });

/**
 * The document of the webview that shows an element. All webviews of a window lie side by side in the page, outside
 * their editors, so they are told apart by what they hold.
 */
export async function webview(page: Page, selector: string): Promise<Frame> {
  let found: Frame | undefined;
  await expect(async () => {
    found = await findFrame(page, selector);
    expect(found, `a webview that shows ${selector}`).toBeDefined();
  }).toPass({ timeout: 60_000 });
  if (!found) throw new Error(`No webview shows ${selector}.`);
  return found;
}

const webviews = (page: Page): Frame[] => page.frames().filter((frame) => frame.url().includes('fake.html'));

async function findFrame(page: Page, selector: string): Promise<Frame | undefined> {
  for (const frame of webviews(page)) {
    const visible = await frame
      .locator(selector)
      .first()
      .isVisible()
      .catch(() => false);
    if (visible) return frame;
  }
  return undefined;
}
