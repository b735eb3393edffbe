/**
 * No measurement, but pictures for people to look at: the map and the charts in a light, a dark and a high contrast theme,
 * in test-results/screenshots/webview/.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { at } from '../../scripts/process.mjs';
import { hideRenderer, mapSources, showMap } from './support/mapInPage.mjs';
import { openBrowser, openWebviewPage, themes } from './support/webviewPage.mjs';

const chartSources = `
  import './webview/ui/base.css';
  import './webview/ui/table.css';
  import './webview/ui/charts/charts.css';
  export { heatMap } from './webview/ui/charts/heatMap.ts';
  export { rankHistogram } from './webview/ui/charts/rankHistogram.ts';
`;

const maps = [
  { points: 600, clouds: 12, colour: 'category' },
  { points: 20_000, clouds: 40, colour: 'modality' },
  { points: 300_000, clouds: 40, colour: 'number' },
];

const folder = at('test-results', 'screenshots', 'webview');
await mkdir(folder, { recursive: true });
const browser = await openBrowser();
try {
  for (const theme of Object.keys(themes)) {
    for (const options of maps) {
      await keep(`map-${options.colour}`, theme, mapSources, async (page) => {
        await page.evaluate(hideRenderer);
        await page.evaluate(showMap, options);
        await page.mouse.move(500, 300);
      });
    }
    await keep('charts', theme, chartSources, (page) => page.evaluate(showCharts));
  }
} finally {
  await browser.close();
}
console.log(`The pictures are in ${folder}.`);

async function keep(name, theme, sources, prepare) {
  const page = await openWebviewPage(browser, sources, theme);
  await prepare(page);
  await page.screenshot({ path: join(folder, `${name}-${theme}.png`), fullPage: true });
  await page.close();
}

/** Run in the page. */
function showCharts() {
  const { heatMap, rankHistogram } = globalThis.pairlab;
  const heats = [
    [8, 'diverging'],
    [60, 'sequential'],
  ].map(([classes, scale]) => {
    const names = Array.from({ length: classes }, (_, index) => `class number ${index + 1} of them`.slice(index % 9));
    const values = Float32Array.from({ length: classes ** 2 }, (_, cell) => {
      const [row, column] = [Math.floor(cell / classes), cell % classes];
      return row === column ? 0.9 : Math.sin(row * 1.3) * Math.cos(column * 0.7);
    });
    return heatMap({ names, values, scale, low: -1, high: 1, rows: 'image', columns: 'audio', label: 'similarity' });
  });
  const forward = [310, 120, 160, 180, 140, 120, 90, 60, 30, 10, 4, 0];
  const backward = [260, 110, 150, 190, 150, 130, 90, 70, 40, 20, 8, 2];
  const chance = [1, 1, 2, 4, 8, 16, 33, 65, 130, 260, 520, 180];
  const histogram = rankHistogram(
    { name: 'image → audio', counts: forward, chance, candidates: 1200 },
    { name: 'audio → image', counts: backward, chance, candidates: 1200 },
  );
  const main = document.createElement('main');
  document.body.append(main);
  main.append(...[histogram, ...heats].map(({ element }) => element));
}
