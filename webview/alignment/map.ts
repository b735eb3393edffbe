import type { AlignmentMap, AlignmentReport, AlignmentView, Projection } from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { ask } from '../ui/host.ts';
import { ScatterMap } from '../ui/map/scatterMap.ts';
import { decimal } from '../ui/numbers.ts';
import { button, dropdown } from '../ui/toolkit.ts';
import { mismatchWord } from '../ui/words.ts';
import { mapColour, mapData, pairsOfPoints } from './mapData.ts';
import type { ChangeView, Ready } from './page.ts';
import { drawPairs, pageSize } from './pairs.ts';

type Colour = AlignmentView['colour'];

const colours: readonly (readonly [Colour, string])[] = [
  ['modality', 'Colour by modality'],
  ['class', 'Colour by class'],
  ['split', 'Colour by split'],
  ['rank', 'Colour by rank'],
  ['mismatch', 'Colour by mismatch'],
];
const projections: readonly (readonly [Projection, string])[] = [
  ['pca', 'PCA'],
  ['umap', 'UMAP'],
];

/** The map that is drawn: it stays as it is, zoomed and moved, while the page around it changes. */
let drawn: { readonly map: AlignmentMap; readonly scatter: ScatterMap; colour: Colour } | undefined;
/** What was asked for last, so that it is not asked for with every drawing. */
let asked = '';

/** Both modalities in two dimensions, with the links of pairs; a lasso lists what it encloses. */
export function drawMap(state: Ready, view: AlignmentView, change: ChangeView): Node[] {
  const { report, map, list } = state;
  if (!report.complete) return [element('p', { class: 'muted' }, 'The map comes when all numbers are there.')];
  const isWanted = map !== undefined && map.report === report.id && map.projection === view.projection;
  if (isWanted) asked = '';
  else askFor(report.id, view.projection);
  const scatter = map !== undefined && map.report === report.id ? scatterOf(map, state, view.colour) : undefined;
  const chosen = list?.query.report === report.id && list.query.among !== undefined;
  return [
    drawControls(scatter, view, change),
    scatter?.element ?? element('p', { class: 'muted' }, 'The map is being drawn…'),
    ...(chosen ? drawPairs(state) : []),
  ];
}

function askFor(report: string, projection: Projection): void {
  const wanted = `${report} ${projection}`;
  if (wanted === asked) return;
  asked = wanted;
  ask({ ask: 'showMap', projection });
}

function scatterOf(map: AlignmentMap, { report }: Ready, colour: Colour): ScatterMap {
  if (drawn?.map.report !== map.report || drawn.map.projection !== map.projection) {
    drawn = { map, scatter: makeScatter(map, report, colour), colour };
  } else if (drawn.colour !== colour) {
    drawn.scatter.recolour(mapColour(map, colour));
    drawn.colour = colour;
  }
  return drawn.scatter;
}

function makeScatter(map: AlignmentMap, report: AlignmentReport, colour: Colour): ScatterMap {
  const { modalities } = report.question;
  const mismatch = mapColour(map, 'mismatch');
  const events = {
    describe: (point: number) => {
      const probability = mismatch.kind === 'number' ? (mismatch.values[point] ?? 0) : 0;
      const modality = point % 2 === 0 ? modalities.first : modalities.second;
      return `${map.keys[point >> 1]}, ${modality}\n${decimal(100 * probability, 0)} % ${mismatchWord(report)}`;
    },
    open: (point: number) => {
      const pair = map.ids[point >> 1];
      if (pair !== undefined) ask({ ask: 'showPair', pair });
    },
    select: (points: Uint32Array) => {
      const among = points.length === 0 ? undefined : pairsOfPoints(map, points);
      ask({ ask: 'listPairs', query: { report: map.report, offset: 0, limit: pageSize, ...(among && { among }) } });
    },
  };
  // It lives as long as the page.
  return new ScatterMap(mapData(map, modalities, colour), events, new AbortController().signal);
}

function drawControls(scatter: ScatterMap | undefined, view: AlignmentView, change: ChangeView): HTMLElement {
  const choose = <T extends string>(
    id: string,
    label: string,
    list: readonly (readonly [T, string])[],
    chosen: T,
    take: (value: T) => void,
  ) =>
    dropdown(
      id,
      label,
      list.map(([value, text]) => ({ text, selected: value === chosen })),
      (index) => {
        const value = list[index]?.[0];
        if (value !== undefined) take(value);
      },
    );
  return element(
    'div',
    { class: 'map-controls' },
    choose('projection', 'Projection', projections, view.projection, (projection) => change({ projection })),
    choose('colour', 'Colour of the points', colours, view.colour, (colour) => change({ colour })),
    button({ id: 'save-svg', disabled: scatter === undefined }, () => scatter && saveSvg(scatter), 'Save as SVG'),
    button({ id: 'save-png', disabled: scatter === undefined }, () => scatter && void savePng(scatter), 'Save as PNG'),
  );
}

function saveSvg(scatter: ScatterMap): void {
  save('svg', new TextEncoder().encode(scatter.toSvg()));
}

async function savePng(scatter: ScatterMap): Promise<void> {
  save('png', new Uint8Array(await (await scatter.toPng()).arrayBuffer()));
}

function save(format: 'svg' | 'png', bytes: Uint8Array): void {
  let text = '';
  // Not in one call: a function takes only so many arguments.
  for (const byte of bytes) text += String.fromCharCode(byte);
  ask({ ask: 'saveFigure', name: 'alignment-map', format, bytes: btoa(text) });
}
