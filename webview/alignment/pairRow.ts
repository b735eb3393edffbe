import type { ItemDetail, PairDetail, PairList, ScoredPair } from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { ask } from '../ui/host.ts';
import { icon } from '../ui/icons.ts';
import { button } from '../ui/toolkit.ts';
import { wave } from '../ui/waveform.ts';
import { disagreement, labels, marks, rowLabel, soundLabel, standing } from './pairWords.ts';
import type { Step } from './whereabouts.ts';

export type Verdict = 'exclude' | 'include' | 'weak' | 'fine';

export interface RowContext {
  /** Among all pairs of the list, from 1. */
  readonly number: number;
  readonly trusted: boolean;
  /** What the probability means. */
  readonly word: string;
  /** The person came to this row. */
  arrive(): void;
  step(step: Step): void;
  judge(verdict: Verdict): void;
}

const verdicts: Readonly<Record<string, Verdict>> = { x: 'exclude', i: 'include', w: 'weak', f: 'fine' };
const steps: Readonly<Record<string, Step>> = {
  ArrowDown: 'next',
  j: 'next',
  ArrowUp: 'previous',
  k: 'previous',
  Home: 'first',
  End: 'last',
};

/** A pair in the list: what it holds, how it stands, and what can be decided about it. */
export function drawRow({ scored, detail }: PairList['rows'][number], context: RowContext): HTMLElement {
  const row = element(
    'div',
    {
      // By the pair: with new numbers it stands elsewhere, and keeps the focus.
      id: `pair:${scored.pair}`,
      class: `pair-row${detail?.pair.excluded ? ' left-out' : ''}`,
      role: 'row',
      'aria-rowindex': context.number,
      'aria-label': rowLabel(scored, detail, context.word),
      tabindex: -1,
    },
    element('div', { class: 'thumbnails', role: 'gridcell' }, ...(detail?.items ?? []).map(drawThumbnail)),
    drawWords(scored, detail, context.word),
    detail === undefined ? undefined : drawActions(scored, detail, context),
  );
  row.addEventListener('focusin', () => context.arrive());
  row.addEventListener('keydown', (event) => onKey(event, row, scored, context));
  return row;
}

function drawWords(scored: ScoredPair, detail: PairDetail | undefined, word: string): HTMLElement {
  const doubt = disagreement(scored);
  const decided = detail === undefined ? '' : marks(detail);
  return element(
    'div',
    { class: 'pair-words', role: 'gridcell' },
    element('strong', { class: 'pair-key' }, scored.key),
    element('span', { class: 'muted' }, labels(scored)),
    element('span', {}, standing(scored, word)),
    doubt === undefined ? undefined : element('span', { class: 'marks' }, icon('warning'), doubt),
    decided === '' ? undefined : element('span', { class: 'marks' }, icon('information'), decided),
    detail === undefined
      ? element('span', { class: 'muted' }, 'This pair is not part of the dataset any more.')
      : undefined,
  );
}

function drawThumbnail(item: ItemDetail): HTMLElement {
  const box = (content: Node | string, label?: string): HTMLElement =>
    element(
      'div',
      { class: `thumbnail ${item.modality}`, role: label === undefined ? undefined : 'img', 'aria-label': label },
      content,
    );
  if (item.error !== undefined) return box(item.error);
  if (item.modality === 'image' && item.uri !== undefined)
    return box(element('img', { src: item.uri, alt: `Picture ${item.id}`, loading: 'lazy' }));
  if (item.modality === 'audio' && item.waveform !== undefined)
    return box(wave(item.waveform, 'wave'), soundLabel(item));
  return box(element('span', { dir: 'auto' }, item.text?.slice(0, 200) ?? item.id));
}

function drawActions({ pair, key }: ScoredPair, detail: PairDetail, { trusted, judge }: RowContext): HTMLElement {
  const { excluded } = detail.pair;
  const decide = (verdict: Verdict, title: string, label: string, place: string = verdict): HTMLElement =>
    button({ id: `${place}:${pair}`, label, disabled: !trusted }, () => judge(verdict), title);
  return element(
    'div',
    { class: 'actions', role: 'gridcell' },
    // Include stands where Exclude stood: the focus stays there.
    excluded
      ? decide('include', 'Include', `Include ${key}`, 'exclude')
      : decide('exclude', 'Exclude', `Exclude ${key}`),
    decide('weak', 'Weak', `Weak: mark ${key} as weak`),
    decide('fine', 'Fine', `Fine: note that ${key} is fine`),
    button(
      { id: `open:${pair}`, appearance: 'icon', label: `Open the pair ${key}`, tooltip: 'Open the pair' },
      () => ask({ ask: 'showPair', pair }),
      icon('file'),
    ),
  );
}

/** Decide and go on: after a verdict the next pair has the focus. */
function onKey(event: KeyboardEvent, row: HTMLElement, { pair }: ScoredPair, context: RowContext): void {
  if (event.target !== row || event.altKey || event.ctrlKey || event.metaKey) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const [step, verdict] = [steps[key], verdicts[key]];
  if (step !== undefined) context.step(step);
  else if (key === 'Enter') ask({ ask: 'showPair', pair });
  else if (key === 'u' && context.trusted) ask({ ask: 'undoDecision' });
  else if (verdict !== undefined && context.trusted) {
    context.judge(verdict);
    context.step('next');
  } else return;
  event.preventDefault();
}
