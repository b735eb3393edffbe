import type { AlignmentPageState, ItemDetail, PairDetail, PairList, ScoredPair } from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { ask } from '../ui/host.ts';
import { icon } from '../ui/icons.ts';
import { count, decimal, percent, plural } from '../ui/numbers.ts';
import { section } from '../ui/section.ts';
import { button } from '../ui/toolkit.ts';
import { wave } from '../ui/waveform.ts';
import { mismatchWord } from '../ui/words.ts';
import { untrustedSentence } from './choice.ts';

type Ready = Extract<AlignmentPageState, { status: 'ready' }>;
type Verdict = 'exclude' | 'include' | 'weak' | 'fine';

export const pageSize = 20;
const keys: Readonly<Record<string, Verdict>> = { x: 'exclude', i: 'include', w: 'weak', f: 'fine' };

/** The pairs of a report, the most suspicious first, with what they hold: to look at, decide and go on. */
export function drawPairs({ report, list, trusted }: Ready): Node[] {
  if (list === undefined || list.query.report !== report.id) {
    if (report.complete) ask({ ask: 'listPairs', query: { report: report.id, offset: 0, limit: pageSize } });
    return [element('p', { class: 'muted' }, 'The pairs are on their way…')];
  }
  if (list.rows.length === 0) return [element('p', { class: 'muted' }, 'No pair is among these.')];
  return [
    section(
      'suspicious',
      list.query.among === undefined ? 'Most suspicious pairs' : 'Chosen pairs, most suspicious first',
      element('p', { class: 'muted' }, trusted ? help : untrustedSentence),
      element(
        'ol',
        { class: 'pair-list', start: list.query.offset + 1 },
        ...list.rows.map((row, index) => drawRow(row, index, { trusted, word: mismatchWord(report) })),
      ),
      drawPager(list),
    ),
  ];
}

const help =
  'Partners that are less similar to each other than to others. Arrow keys move; Enter opens the pair; X excludes it, W marks it as weak, F notes that it is fine, I takes it back in, U undoes the last decision.';

interface RowContext {
  readonly trusted: boolean;
  /** What the probability means. */
  readonly word: string;
}

function drawRow(
  { scored, detail }: PairList['rows'][number],
  index: number,
  { trusted, word }: RowContext,
): HTMLElement {
  const row = element(
    'li',
    {
      id: `pair-${index}`,
      class: `pair-row${detail?.pair.excluded ? ' left-out' : ''}`,
      tabindex: index === 0 ? 0 : -1,
    },
    element('div', { class: 'thumbnails' }, ...(detail?.items ?? []).map(drawThumbnail)),
    element(
      'div',
      { class: 'pair-words' },
      element('strong', { class: 'pair-key' }, scored.key),
      element('span', { class: 'muted' }, [scored.class, scored.split].filter(Boolean).join(' · ')),
      element('span', {}, standing(scored, word)),
      detail === undefined
        ? element('span', { class: 'muted' }, 'This pair is not part of the dataset any more.')
        : drawMarks(detail),
    ),
    detail === undefined ? undefined : drawActions(scored, detail, trusted),
  );
  row.addEventListener('keydown', (event) => onKey(event, row, scored, trusted));
  return row;
}

function standing({ mismatch, margin, rankForward, rankBackward }: ScoredPair, word: string): string {
  return `${percent(mismatch)} ${word} · margin ${decimal(margin)} · ranks ${count(rankForward)} → and ${count(rankBackward)} ←`;
}

function drawMarks({ pair }: PairDetail): HTMLElement | undefined {
  const marks = [pair.excluded ? 'excluded' : '', pair.strength === 'weak' ? 'weak' : '', pair.note ?? ''].filter(
    (mark) => mark !== '',
  );
  return marks.length === 0 ? undefined : element('span', { class: 'marks' }, icon('information'), marks.join(' · '));
}

function drawThumbnail(item: ItemDetail): HTMLElement {
  const box = (content: Node | string): HTMLElement => element('div', { class: `thumbnail ${item.modality}` }, content);
  if (item.error !== undefined) return box(item.error);
  if (item.modality === 'image' && item.uri !== undefined)
    return box(element('img', { src: item.uri, alt: `Picture ${item.id}`, loading: 'lazy' }));
  if (item.modality === 'audio' && item.waveform !== undefined) return box(wave(item.waveform, 'wave'));
  return box(element('span', { dir: 'auto' }, item.text?.slice(0, 200) ?? item.id));
}

function drawActions(scored: ScoredPair, { pair }: PairDetail, trusted: boolean): HTMLElement {
  const verdicts: [Verdict, string][] = [
    pair.excluded ? ['include', 'Include'] : ['exclude', 'Exclude'],
    ['weak', 'Weak'],
    ['fine', 'Fine'],
  ];
  return element(
    'div',
    { class: 'actions' },
    ...verdicts.map(([verdict, title]) => button({ disabled: !trusted }, () => judge(scored, verdict), title)),
    button(
      { appearance: 'icon', label: `Open the pair ${scored.key}`, tooltip: 'Open the pair' },
      () => ask({ ask: 'showPair', pair: scored.pair }),
      icon('file'),
    ),
  );
}

function judge({ pair }: ScoredPair, verdict: Verdict): void {
  ask({ ask: 'judgePair', pair, verdict });
}

/** Decide and go on: after a verdict the next pair has the focus. */
function onKey(event: KeyboardEvent, row: HTMLElement, scored: ScoredPair, trusted: boolean): void {
  if (event.target !== row || event.altKey || event.ctrlKey || event.metaKey) return;
  const verdict = keys[event.key.toLowerCase()];
  if (event.key === 'ArrowDown') moveFocus(row, row.nextElementSibling);
  else if (event.key === 'ArrowUp') moveFocus(row, row.previousElementSibling);
  else if (event.key === 'Enter') ask({ ask: 'showPair', pair: scored.pair });
  else if (event.key.toLowerCase() === 'u' && trusted) ask({ ask: 'undoDecision' });
  else if (verdict !== undefined && trusted) {
    judge(scored, verdict);
    moveFocus(row, row.nextElementSibling);
  } else return;
  event.preventDefault();
}

function moveFocus(from: HTMLElement, to: Element | null): void {
  if (!(to instanceof HTMLElement)) return;
  from.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
}

function drawPager({ query, total, rows }: PairList): HTMLElement {
  const { offset, limit } = query;
  const go = (to: number) => ask({ ask: 'listPairs', query: { ...query, offset: Math.max(0, to) } });
  return element(
    'nav',
    { class: 'pager', 'aria-label': 'Pages of pairs' },
    button({ id: 'earlier', disabled: offset === 0 }, () => go(offset - limit), icon('previous'), 'Earlier'),
    element('span', {}, `${count(offset + 1)} to ${count(offset + rows.length)} of ${plural(total, 'pair')}`),
    button({ id: 'later', disabled: offset + rows.length >= total }, () => go(offset + limit), 'Later', icon('next')),
    query.among === undefined
      ? undefined
      : button(
          { id: 'all-pairs' },
          () => ask({ ask: 'listPairs', query: { report: query.report, offset: 0, limit } }),
          'All pairs',
        ),
  );
}
