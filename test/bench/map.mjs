/**
 * The map of 1,000,000 points in a headless Chromium without a graphics card, under a panel's content security policy,
 * drawn by the processor and by a WebGL that the processor computes: how long it takes to come up, frames a second while
 * it is panned, and the time until all points are there again once it is still.
 */
import { hideRenderer, mapSources, showMap } from './support/mapInPage.mjs';
import { openBrowser, openWebviewPage } from './support/webviewPage.mjs';

const POINTS = 1_000_000;
const SECONDS = 5;

const browser = await openBrowser();
try {
  await measure('processor', () => {});
  await measure('WebGL 2 computed by the processor', hideRenderer);
} finally {
  await browser.close();
}

async function measure(name, prepare) {
  const page = await openWebviewPage(browser, mapSources, 'dark');
  await page.evaluate(prepare);
  const { start, still } = await page.evaluate(showMap, { points: POINTS, clouds: 400, colour: 'category' });
  const moving = await page.evaluate(panFor, SECONDS * 1000);
  const again = await page.evaluate(untilStill);
  const lasso = await page.evaluate(lassoTime);
  await page.close();
  console.log(`${name}: ${inWords(POINTS)} points ready after ${seconds(start)}, all drawn after ${seconds(still)}`);
  console.log(
    `  panned for ${SECONDS} s: ${moving.rate.toFixed(0)} frames a second of ${inWords(moving.points)} points`,
  );
  console.log(`  still: all points again after ${seconds(again)}`);
  console.log(`  lasso around ${inWords(lasso.points)} points: ${seconds(lasso.time)}`);
}

function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

function inWords(count) {
  return count.toLocaleString('en');
}

async function panFor(milliseconds) {
  const times = [];
  const from = performance.now();
  for (let now = from; now - from < milliseconds; ) {
    globalThis.map.stage.pan(Math.sin(now / 300) * 6, Math.cos(now / 400) * 4);
    const next = await new Promise(requestAnimationFrame);
    times.push(next - now);
    now = next;
  }
  const sum = times.reduce((total, time) => total + time, 0);
  return { rate: (1000 * times.length) / sum, points: globalThis.map.stage.pace.points };
}

async function untilStill() {
  const from = performance.now();
  globalThis.map.stage.redraw();
  while (!globalThis.map.stage.isSettled) await new Promise(requestAnimationFrame);
  return performance.now() - from;
}

function lassoTime() {
  const { map } = globalThis;
  const corners = Array.from({ length: 200 }, (_, corner) => {
    const angle = (corner / 200) * 2 * Math.PI;
    return map.stage.toMap({ x: 450 + Math.cos(angle) * 350, y: 270 + Math.sin(angle) * 220 });
  });
  const from = performance.now();
  const points = globalThis.pairlab.pointsInside(corners, map.scene.index, map.scene.isShown).length;
  return { points, time: performance.now() - from };
}
