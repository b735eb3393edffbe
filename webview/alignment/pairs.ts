import type { AlignmentPageState, PairList, ScoredPairsQuery } from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { ask } from '../ui/host.ts';
import { icon } from '../ui/icons.ts';
import { count, plural } from '../ui/numbers.ts';
import { marked, section } from '../ui/section.ts';
import { button } from '../ui/toolkit.ts';
import { mismatchWord } from '../ui/words.ts';
import { untrustedSentence } from './choice.ts';
import { drawKnown } from './known.ts';
import { missingList, type Standing, standingList } from './pairLists.ts';
import { drawRow, type Verdict } from './pairRow.ts';
import type { Viewing } from './viewing.ts';
import { type Place, placeAfter, Whereabouts } from './whereabouts.ts';

type Ready = Extract<AlignmentPageState, { status: 'ready' }>;

const help =
  'Partners that are less similar to each other than to others. Arrow keys (or J and K) move, Home and End go to the ends of the page; Enter opens the pair; X excludes it, W marks it as weak, F notes that it is fine, I takes it back in, U undoes the last decision.';

const before = 'These are the pairs of the report before. Those of this one come when all its numbers are there.';

const whereabouts = new Whereabouts();
/** What the probability of a mismatch means; kept while the numbers that say so are computed anew. */
let word: string | undefined;

/** The pairs of a report, the most suspicious first, with what they hold: to look at, decide and go on. */
export function drawPairs(state: Ready, viewing: Viewing): Node[] {
  const { report, trusted } = state;
  const standing = standingList(state);
  const missing = missingList(report, standing, viewing.now().pairs, whereabouts);
  if (missing !== undefined) askFor(missing, viewing);
  if (standing === undefined) return [element('p', { class: 'muted' }, 'The pairs are on their way…')];
  const { list } = standing;
  if (list.rows.length === 0) return [element('p', { class: 'muted' }, 'No pair is among these.')];
  const title = list.query.among === undefined ? 'Most suspicious pairs' : 'Chosen pairs, most suspicious first';
  return [
    section(
      'suspicious',
      title,
      element(
        'div',
        { class: 'pair-help' },
        element('p', { class: 'muted' }, trusted ? help : untrustedSentence),
        button({ id: 'undo', disabled: !trusted }, () => ask({ ask: 'undoDecision' }), 'Undo last decision'),
      ),
      drawKnown(report),
      standing.isOwn ? undefined : marked([before]),
      drawList(title, standing, state, viewing),
      drawPager(list, viewing),
    ),
  ];
}

/** A grid, so that screen readers let the keys through to the rows: one tab stop, where the person is. */
function drawList(title: string, { list }: Standing, { report, trusted }: Ready, viewing: Viewing): HTMLElement {
  const { query, total } = list;
  if (report.mismatches !== undefined || word === undefined) word = mismatchWord(report);
  const meaning = word;
  const go = (place: Place): void => {
    if (place.offset === query.offset) rows[place.row]?.focus();
    else if (whereabouts.turnTo(place)) askFor({ ...query, offset: place.offset }, viewing);
  };
  const arrive = (at: number): void => {
    whereabouts.arrive(list.rows[at]?.scored.pair ?? '', at);
    for (const [index, row] of rows.entries()) row.tabIndex = index === at ? 0 : -1;
  };
  const rows = list.rows.map((row, index) =>
    drawRow(row, {
      number: query.offset + index + 1,
      trusted,
      word: meaning,
      arrive: () => arrive(index),
      step: (step) => {
        const place = placeAfter(step, list, index);
        if (place !== undefined) go(place);
      },
      judge: (verdict) => judge(verdict, list, index),
    }),
  );
  const isHere = Boolean(document.activeElement?.closest('.pair-list'));
  const here = rows[whereabouts.follow(list)];
  if (here !== undefined) here.tabIndex = 0;
  if (isHere && here !== undefined) queueMicrotask(() => bringTo(here));
  return element('div', { class: 'pair-list', role: 'grid', 'aria-label': title, 'aria-rowcount': total }, ...rows);
}

/** Once the page is drawn: the focus was in the list, and what had it may not be there any more. */
function bringTo(row: HTMLElement): void {
  if (!row.contains(document.activeElement)) row.focus();
}

function judge(verdict: Verdict, { query, rows }: PairList, index: number): void {
  const pair = rows[index]?.scored.pair;
  if (pair === undefined) return;
  if (query.among === undefined && (verdict === 'exclude' || verdict === 'include')) {
    whereabouts.decide(query.offset + index, verdict === 'exclude');
  }
  ask({ ask: 'judgePair', pair, verdict });
}

function askFor(query: ScoredPairsQuery, viewing: Viewing): void {
  const { report, offset, among } = query;
  if (among === undefined) viewing.keep({ pairs: { report, offset } });
  ask({ ask: 'listPairs', query });
}

function drawPager(list: PairList, viewing: Viewing): HTMLElement {
  const { query, total, rows } = list;
  const { report, offset, limit, among } = query;
  const go = (to: number): void => {
    const place = { offset: Math.max(0, to), row: 0 };
    whereabouts.turnTo(place);
    askFor({ ...query, offset: place.offset }, viewing);
  };
  return element(
    'nav',
    { class: 'pager', 'aria-label': 'Pages of pairs' },
    button({ id: 'earlier', disabled: offset === 0 }, () => go(offset - limit), icon('previous'), 'Earlier'),
    element('span', {}, `${count(offset + 1)} to ${count(offset + rows.length)} of ${plural(total, 'pair')}`),
    button({ id: 'later', disabled: offset + rows.length >= total }, () => go(offset + limit), 'Later', icon('next')),
    among === undefined
      ? undefined
      : button({ id: 'all-pairs' }, () => askFor({ report, offset: 0, limit }, viewing), 'All pairs'),
  );
}
