import type {
  AlignmentMap,
  AlignmentPageState,
  AlignmentReport,
  AlignmentView,
  Projection,
} from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { ask } from '../ui/host.ts';
import type { Point } from '../ui/map/data.ts';
import { ScatterMap } from '../ui/map/scatterMap.ts';
import type { Sight } from '../ui/map/view.ts';
import { decimal } from '../ui/numbers.ts';
import { saveButtons } from '../ui/saveButtons.ts';
import { marked } from '../ui/section.ts';
import { button } from '../ui/toolkit.ts';
import { mismatchWord } from '../ui/words.ts';
import { type ChosenItems, itemsOfPoints, mapColour, mapData, pairsOfPoints, pointsOfItems } from './mapData.ts';
import { failureOf, mapNotes } from './mapNotes.ts';
import { viewOfMap, withOutline, withSight } from './mapViews.ts';
import { pageSize } from './pairLists.ts';
import type { Viewing } from './viewing.ts';

type Ready = Extract<AlignmentPageState, { status: 'ready' }>;

interface Drawn {
  readonly map: AlignmentMap;
  readonly scatter: ScatterMap;
  colour: AlignmentView['colour'];
  readonly end: AbortController;
}

/** Milliseconds after a movement until its outcome is remembered. */
const stillAfter = 150;

/** The maps that are drawn, by report: they stay as they are, zoomed and moved, while the page around them changes. */
const drawn = new Map<string, Drawn>();
/** What was asked for last, by report, so that it is not asked for with every drawing. */
const asked = new Map<string, Projection>();
/** The chosen items: they stand out on every map. */
let chosen: ChosenItems = [new Set(), new Set()];

/** The map of one report, with buttons that save it. `ending` tells the names of its files from those of another. */
export function drawReportMap(report: AlignmentReport, ending: string, state: Ready, viewing: Viewing): HTMLElement[] {
  const { projection } = viewing.now();
  const map = state.maps.find((one) => one.report === report.id);
  if (map?.projection === projection) asked.delete(report.id);
  else askFor(report.id, projection);
  const failed = failureOf(state.mapFailure, report, projection);
  const again = failed === '' ? undefined : tryAgain(report.id, projection);
  if (map === undefined) {
    return [
      element(
        'div',
        { class: 'map-notes' },
        element('p', { class: 'muted' }, failed || 'The map is being drawn…'),
        again,
      ),
    ];
  }
  const { scatter } = drawnOf(map, report, state, viewing);
  const notes = marked(mapNotes(map, report, projection, failed));
  return [
    ...(notes === undefined ? [] : [element('div', { class: 'map-notes' }, notes, again)]),
    scatter.element,
    saveButtons(`map-${map.projection}${ending}`, 'map', scatter),
  ];
}

function tryAgain(report: string, projection: Projection): HTMLElement {
  return button({ id: `again-${report}` }, () => ask({ ask: 'showMap', report, projection }), 'Try again');
}

/** Gives up the maps of all other reports. */
export function forgetMaps(reports: readonly AlignmentReport[]): void {
  for (const [id, { end }] of drawn) {
    if (reports.some((report) => report.id === id)) continue;
    end.abort();
    drawn.delete(id);
  }
}

function askFor(report: string, projection: Projection): void {
  if (asked.get(report) === projection) return;
  asked.set(report, projection);
  ask({ ask: 'showMap', report, projection });
}

function drawnOf(map: AlignmentMap, report: AlignmentReport, state: Ready, viewing: Viewing): Drawn {
  const { colour } = viewing.now();
  const known = drawn.get(map.report);
  if (known?.map.projection === map.projection) {
    if (known.colour !== colour) known.scatter.recolour(mapColour(map, colour));
    known.colour = colour;
    return known;
  }
  known?.end.abort();
  const end = new AbortController();
  const made = { map, scatter: makeScatter(map, report, viewing, end.signal), colour, end };
  drawn.set(map.report, made);
  restore(made, state, viewing);
  return made;
}

function makeScatter(map: AlignmentMap, report: AlignmentReport, viewing: Viewing, signal: AbortSignal): ScatterMap {
  const { modalities } = report.question;
  const mismatch = mapColour(map, 'mismatch');
  let moved: number | undefined;
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
    select: (points: Uint32Array, outline: readonly Point[]) => {
      viewing.keep({ maps: withOutline(viewing.now().maps, map, points.length === 0 ? [] : outline) });
      markElsewhere(map, points);
      list(map, pairsOfPoints(map, points));
    },
    view: (sight: Sight | undefined) => {
      clearTimeout(moved);
      moved = window.setTimeout(() => viewing.keep({ maps: withSight(viewing.now().maps, map, sight) }), stillAfter);
    },
  };
  const options = { id: `map-${map.report}`, sight: viewOfMap(viewing.now().maps, map).sight };
  return new ScatterMap(mapData(map, modalities, viewing.now().colour), events, options, signal);
}

/** What was chosen on this map when the person left it, or is chosen on another, stands out, and is listed by then. */
function restore({ map, scatter }: Drawn, { report, other, list: listed }: Ready, viewing: Viewing): void {
  const { outline } = viewOfMap(viewing.now().maps, map);
  const points = outline === undefined ? pointsOfItems(map, chosen) : scatter.enclosed(outline);
  scatter.mark(points);
  if (outline !== undefined) markElsewhere(map, points);
  const isListed = listed?.query.among !== undefined && [report.id, other?.id].includes(listed.query.report);
  const isItsOwn = outline !== undefined || map.report === report.id;
  if (points.length > 0 && isItsOwn && !isListed) list(map, pairsOfPoints(map, points));
}

function markElsewhere(map: AlignmentMap, points: Uint32Array): void {
  chosen = itemsOfPoints(map, points);
  for (const [report, other] of drawn) if (report !== map.report) other.scatter.mark(pointsOfItems(other.map, chosen));
}

function list({ report }: AlignmentMap, pairs: number[]): void {
  const among = pairs.length === 0 ? {} : { among: pairs };
  ask({ ask: 'listPairs', query: { report, offset: 0, limit: pageSize, ...among } });
}
