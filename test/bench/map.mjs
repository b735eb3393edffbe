/**
 * The map of 1,000,000 points in a headless Chromium without a graphics card, under a panel's content security policy,
 * drawn by the processor and by a WebGL that the processor computes: how long it takes to come up, frames a second while
 * it is panned, and the time until all points are there again once it is still.
 */
import { openBrowser, openWebviewPage } from './support/webviewPage.mjs';

const POINTS = 1_000_000;
const SECONDS = 5;

const contents = `
  import './webview/ui/base.css';
  import './webview/ui/map/map.css';
  export { Random } from './src/base/random.ts';
  export { pointsInside } from './webview/ui/map/lasso.ts';
  export { ScatterMap } from './webview/ui/map/scatterMap.ts';
`;

const browser = await openBrowser();
try {
  await measure('processor', () => {});
  await measure('WebGL 2 computed by the processor', hideRenderer);
} finally {
  await browser.close();
}

async function measure(name, prepare) {
  const page = await openWebviewPage(browser, contents);
  await page.evaluate(prepare);
  const { start, still } = await page.evaluate(showMap, POINTS);
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

/** A map that cannot tell who computes WebGL takes it for a graphics card. */
function hideRenderer() {
  globalThis.WebGL2RenderingContext.prototype.getExtension = () => null;
}

/** Four hundred clouds, each with both modalities: the partners of a pair lie close to each other. */
async function showMap(n) {
  const { Random, ScatterMap } = globalThis.pairlab;
  const random = Random.of(0, 'bench');
  const centres = Array.from({ length: 400 }, () => [random.normal() * 10, random.normal() * 6]);
  const positions = new Float32Array(2 * n);
  const values = new Uint16Array(n);
  for (let point = 0; point < n; point++) {
    const cloud = (point >> 1) % centres.length;
    const [x, y] = centres[cloud];
    positions[2 * point] = x + random.normal() * 0.7;
    positions[2 * point + 1] = y + random.normal() * 0.7;
    values[point] = cloud % 12;
  }
  const data = {
    positions,
    kind: Uint8Array.from({ length: n }, (_, point) => point & 1),
    names: ['image', 'caption'],
    pairs: Uint32Array.from({ length: n }, (_, point) => point),
    colour: { kind: 'category', values, names: Array.from({ length: 12 }, (_, index) => `class ${index + 1}`) },
  };
  const events = { describe: (point) => `point ${point}`, open() {}, select() {} };
  const from = performance.now();
  const map = new ScatterMap(data, events, new AbortController().signal);
  const main = document.createElement('main');
  document.body.append(main);
  main.append(map.element);
  const start = performance.now() - from;
  globalThis.map = map;
  while (!map.stage.isSettled) await new Promise(requestAnimationFrame);
  return { start, still: performance.now() - from };
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
