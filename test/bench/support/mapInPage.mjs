/** What a page needs to show a map. */
export const mapSources = `
  import './webview/ui/base.css';
  import './webview/ui/map/map.css';
  export { Random } from './src/base/random.ts';
  export { pointsInside } from './webview/ui/map/lasso.ts';
  export { ScatterMap } from './webview/ui/map/scatterMap.ts';
`;

/** Run in the page: a map that cannot tell who computes WebGL takes it for a graphics card. */
export function hideRenderer() {
  globalThis.WebGL2RenderingContext.prototype.getExtension = () => null;
}

/**
 * Run in the page: a map of clouds that hold both modalities, the partners of a pair close to each other. Returns the
 * milliseconds until it is ready, and until all points are drawn.
 */
export async function showMap({ points: n, clouds, colour }) {
  const { Random, ScatterMap } = globalThis.pairlab;
  const random = Random.of(0, 'bench');
  const centres = Array.from({ length: clouds }, () => [random.normal() * 10, random.normal() * 6]);
  const positions = new Float32Array(2 * n);
  const values = new Uint16Array(n);
  for (let point = 0; point < n; point++) {
    const cloud = (point >> 1) % clouds;
    positions[2 * point] = centres[cloud][0] + random.normal() * 0.7;
    positions[2 * point + 1] = centres[cloud][1] + random.normal() * 0.7;
    values[point] = cloud % 12;
  }
  const names = Array.from({ length: 12 }, (_, index) => `class ${index + 1}`);
  const colours = {
    modality: { kind: 'modality' },
    category: { kind: 'category', values, names, label: 'Class' },
    number: { kind: 'number', values: positions.filter((_, at) => at % 2 === 0), low: -20, high: 20, label: 'Margin' },
  };
  const data = {
    positions,
    kind: Uint8Array.from({ length: n }, (_, point) => point & 1),
    names: ['image', 'caption'],
    pairs: Uint32Array.from({ length: n }, (_, point) => point),
    colour: colours[colour],
  };
  const from = performance.now();
  const events = { describe: (point) => `point ${point}`, open() {}, select() {}, view() {} };
  const map = new ScatterMap(data, events, { id: 'map' }, new AbortController().signal);
  const main = document.createElement('main');
  document.body.append(main);
  main.append(map.element);
  const start = performance.now() - from;
  globalThis.map = map;
  while (!map.stage.isSettled) await new Promise(requestAnimationFrame);
  return { start, still: performance.now() - from };
}
