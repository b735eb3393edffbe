import type { Fact, PairDetail } from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { ask } from '../ui/host.ts';
import { icon } from '../ui/icons.ts';
import { header, section } from '../ui/section.ts';
import { button } from '../ui/toolkit.ts';
import { fileName } from '../ui/words.ts';
import { menuContext } from './choices.ts';
import { drawDecisions, drawExclusion } from './decisions.ts';
import { drawItem } from './item.ts';
import { drawProblem } from './problem.ts';

export interface PairView {
  readonly dataset: string;
  readonly detail: PairDetail;
  /** Whether decisions may be noted down. */
  readonly trusted: boolean;
}

export function drawPair({ dataset, detail, trusted }: PairView, signal: AbortSignal): Node[] {
  const { pair, items, problems, previous, next } = detail;
  moveByKeys(previous, next, signal);
  document.body.dataset['vscodeContext'] = menuContext(detail);
  const exclusion = drawExclusion(detail);
  const content: Node[] = [
    header(
      pair.key,
      pairFacts(dataset, detail),
      button(
        { id: 'previous', tooltip: 'Previous pair (←)', disabled: previous === undefined },
        () => showPair(previous),
        icon('previous'),
        'Previous',
      ),
      button(
        { id: 'next', tooltip: 'Next pair (→)', disabled: next === undefined },
        () => showPair(next),
        'Next',
        icon('next'),
      ),
    ),
    ...(exclusion === undefined ? [] : [exclusion]),
    element(
      'div',
      { class: pair.excluded ? 'items left-out' : 'items' },
      ...items.map((item) => drawItem(item, pair.key, signal)),
    ),
    drawDecisions(detail, trusted, signal),
  ];
  if (problems.length > 0) {
    content.push(
      section(
        'problems',
        'Problems',
        element('ul', { class: 'marked' }, ...problems.map((problem, index) => drawProblem(problem, index, trusted))),
      ),
    );
  }
  return content;
}

function pairFacts(dataset: string, { pair }: PairDetail): Fact[] {
  return [
    { label: 'Class', value: pair.class || 'none' },
    { label: 'Split', value: pair.split || 'none' },
    { label: 'Strength', value: pair.strength === 'strong' ? 'strong (same instance)' : 'weak (same class)' },
    ...(pair.note === undefined ? [] : [{ label: 'Note', value: pair.note }]),
    { label: 'Dataset', value: fileName(dataset) },
  ];
}

function showPair(pair: string | undefined): void {
  if (pair !== undefined) ask({ ask: 'showPair', pair });
}

/** ← and → show the neighbours, unless the control that has the focus uses them itself. */
function moveByKeys(previous: string | undefined, next: string | undefined, signal: AbortSignal): void {
  const move = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === 'ArrowLeft') showPair(previous);
    if (event.key === 'ArrowRight') showPair(next);
  };
  window.addEventListener('keydown', move, { signal });
}
