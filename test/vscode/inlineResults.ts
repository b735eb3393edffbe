import type { Page } from '@playwright/test';

/** Runs in the page. Text, because this project's tests know no DOM types. */
const contentsBehindLines = `
  [...document.querySelectorAll('.editor-instance .view-line span')]
    .map((span) => getComputedStyle(span, '::after').content)
    .filter((content) => content.startsWith('"'))
    .map((content) => JSON.parse(content))`;

/** The texts that stand behind the lines of the open editor. They are CSS content, which no locator finds. */
export const inlineResults = (page: Page): Promise<string[]> => page.evaluate<string[]>(contentsBehindLines);
