import {
  type AlignmentReport,
  type Explanation,
  explanations,
  explanationTitles,
  GeometryName,
  geometryTitles,
  type Measured,
  type Metric,
  RetrievalName,
  retrievalTitles,
} from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { help } from '../ui/help.ts';
import { table } from '../ui/table.ts';
import { direction } from '../ui/words.ts';
import { meter } from './meter.ts';
import { geometryScale, retrievalScale, type Scale } from './scales.ts';
import { geometrySentences, retrievalSentences } from './sentences.ts';

/** Recall@k, ranks and precision, both ways side by side, and what they were before. */
export function retrievalTable(report: AlignmentReport, before: AlignmentReport | undefined): HTMLElement | undefined {
  const { forward, backward, relevance } = report;
  if (forward === undefined || backward === undefined) return undefined;
  const sentences = retrievalSentences(relevance);
  const names = RetrievalName.options.filter((name) => forward.measures[name] !== undefined);
  return table(
    'Retrieval in both directions, with what chance would give',
    [
      { title: 'Metric' },
      { title: direction(forward.from, forward.to), name: 'value' },
      { title: direction(backward.from, backward.to), name: 'value' },
      { title: 'Better', name: 'better' },
    ],
    names.map((name) => [
      metricName(name, retrievalTitles[name], sentences[name]),
      measured(forward.measures[name], retrievalScale(name, forward), before?.forward?.measures[name]),
      measured(backward.measures[name], retrievalScale(name, backward), before?.backward?.measures[name]),
      better(forward.measures[name]),
    ]),
  );
}

/** Metrics of the two spaces, in the order of the protocol, and what they were before. */
export function geometryTable(report: AlignmentReport, before: AlignmentReport | undefined): HTMLElement {
  const names = GeometryName.options.filter((name) => report.geometry[name] !== undefined);
  return table(
    'Geometry of the two embedding sets, with what chance would give',
    [{ title: 'Metric' }, { title: 'Value', name: 'value' }, { title: 'Better', name: 'better' }],
    names.map((name) => [
      metricName(name, geometryTitles[name], geometrySentences[name]),
      measured(report.geometry[name], geometryScale(name), before?.geometry[name]),
      better(report.geometry[name]),
    ]),
  );
}

/** What a number is called and says, and beside its name how it comes about. */
export function metricName(
  name: RetrievalName | GeometryName,
  title: string,
  sentence: string,
  /** Tells it from the same number elsewhere on the page. */
  ending = '',
): HTMLElement {
  return element(
    'div',
    { class: 'metric-name' },
    title,
    help(`about-${name}${ending}`, `What ${title} is`, explanation(explanations[name])),
    element('span', { class: 'sentence muted' }, sentence),
  );
}

function explanation(lines: Explanation): HTMLElement {
  const parts = explanationTitles.flatMap(([line, title]) => [
    element('dt', {}, title),
    element('dd', {}, lines[line]),
  ]);
  return element('dl', { class: 'explanation' }, ...parts);
}

function better(value: Measured | undefined): string {
  return value !== undefined && 'better' in value ? value.better : '';
}

export function measured(value: Measured | undefined, scale: Scale, before?: Measured): HTMLElement {
  if (value === undefined) return element('span', {}, '');
  if ('missing' in value) return element('span', { class: 'missing muted' }, value.missing);
  const { chance } = value;
  return element(
    'div',
    { class: 'measured' },
    element('span', { class: 'figure' }, scale.write(value.value)),
    meter(scale.fill(value.value), chance === undefined ? undefined : scale.fill(chance)),
    element('span', { class: 'context muted' }, context(value, scale).join(' · ')),
    before !== undefined && 'value' in before ? change(value, before, scale) : undefined,
  );
}

function context({ interval, chance }: Metric, { write }: Scale): string[] {
  return [
    ...(interval === undefined ? [] : [`95 %: ${write(interval[0])} to ${write(interval[1])}`]),
    ...(chance === undefined ? [] : [`chance\u00a0${write(chance)}`]),
  ];
}

/** What the number was, and whether it has become better. */
function change(now: Metric, before: Metric, { write }: Scale): HTMLElement {
  const difference = now.value - before.value;
  const arrow = difference > 0 ? '↑' : difference < 0 ? '↓' : '=';
  const from = `${arrow} from ${write(before.value)}`;
  if (now.better === 'neither' || write(now.value) === write(before.value))
    return element('span', { class: 'change' }, from);
  const gained = now.better === 'higher' ? difference > 0 : difference < 0;
  return element('span', { class: `change ${gained ? 'gained' : 'lost'}` }, `${from}, ${gained ? 'better' : 'worse'}`);
}
