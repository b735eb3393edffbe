import { type AlignmentPageState, type AlignmentReport, type AlignmentView, Projection } from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { dropdown } from '../ui/toolkit.ts';
import { besideEachOther, letters } from './beside.ts';
import { projectionTitles } from './mapNotes.ts';
import { drawPairs } from './pairs.ts';
import { drawReportMap, forgetMaps } from './reportMap.ts';
import type { Viewing } from './viewing.ts';

type Ready = Extract<AlignmentPageState, { status: 'ready' }>;

const colours: readonly (readonly [AlignmentView['colour'], string])[] = [
  ['modality', 'Colour by modality'],
  ['class', 'Colour by class'],
  ['split', 'Colour by split'],
  ['rank', 'Colour by rank'],
  ['mismatch', 'Colour by mismatch'],
];
const projections: readonly (readonly [Projection, string])[] = Projection.options.map((projection) => [
  projection,
  projectionTitles[projection],
]);

/** Both modalities in two dimensions, of the report and of the other beside it; what is chosen there is listed below. */
export function drawMap(state: Ready, viewing: Viewing): Node[] {
  const { report, other, list } = state;
  if (!report.complete) return [element('p', { class: 'muted' }, 'The map comes when all numbers are there.')];
  const reports = other === undefined ? [report] : [report, other];
  forgetMaps(reports);
  const maps = reports.map((one) => drawReportMap(one, nameOfMap(one, other), state, viewing));
  const chosenFrom = reports.find(({ id }) => list?.query.among !== undefined && list.query.report === id);
  return [
    drawControls(viewing),
    ...(other === undefined ? (maps[0] ?? []) : [besideEachOther(reports, (_, index) => maps[index] ?? [])]),
    ...(chosenFrom === undefined ? [] : drawPairs({ ...state, report: chosenFrom }, viewing)),
  ];
}

/** What the names of its files end with, so that those of two reports do not meet. */
function nameOfMap({ id }: AlignmentReport, other: AlignmentReport | undefined): string {
  if (other === undefined) return '';
  return `-${letters[id === other.id ? 1 : 0]}`;
}

function drawControls({ now, change }: Viewing): HTMLElement {
  const { projection, colour } = now();
  return element(
    'div',
    { class: 'map-controls' },
    choose('projection', 'Projection', projections, projection, (chosen) => change({ projection: chosen })),
    choose('colour', 'Colour of the points', colours, colour, (chosen) => change({ colour: chosen })),
  );
}

function choose<T extends string>(
  id: string,
  label: string,
  list: readonly (readonly [T, string])[],
  chosen: T,
  take: (value: T) => void,
): HTMLElement {
  const choices = list.map(([value, text]) => ({ text, selected: value === chosen }));
  return dropdown(id, label, choices, (index) => {
    const value = list[index]?.[0];
    if (value !== undefined) take(value);
  });
}
