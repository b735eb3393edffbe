import type { PairDetail } from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { ask } from '../ui/host.ts';
import { icon } from '../ui/icons.ts';
import { button } from '../ui/toolkit.ts';
import { type Choice, choicesFor } from './choices.ts';

const untrusted = 'untrusted';

/** Buttons for what can be decided about the pair; each says its key. */
export function drawDecisions(detail: PairDetail, trusted: boolean, signal: AbortSignal): HTMLElement {
  const choices = choicesFor(detail);
  if (trusted) decideByKeys(choices, signal);
  const buttons = choices.map(({ what, text, key }) =>
    button(
      {
        // Include stands where Exclude stood: the focus stays there.
        id: what === 'include' ? 'decide-exclude' : `decide-${what}`,
        tooltip: `${text} (${key.toUpperCase()})`,
        disabled: !trusted,
        describedBy: trusted ? undefined : untrusted,
      },
      () => ask({ ask: 'decide', what }),
      text,
    ),
  );
  const reason = 'Restricted Mode: trust this workspace to decide about pairs.';
  return element(
    'section',
    { class: 'decisions', 'aria-label': 'Decisions' },
    element('div', { class: 'actions' }, ...buttons),
    trusted ? undefined : element('p', { id: untrusted, class: 'muted' }, reason),
  );
}

/** Says that the pair is left out, where nobody can miss it. */
export function drawExclusion({ pair }: PairDetail): HTMLElement | undefined {
  if (!pair.excluded) return undefined;
  return element(
    'p',
    { class: 'exclusion', role: 'note' },
    icon('excluded'),
    element('span', {}, 'Excluded: all later steps leave this pair out.'),
  );
}

function decideByKeys(choices: readonly Choice[], signal: AbortSignal): void {
  const decide = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
    const pressed = event.key === 'Delete' ? 'x' : event.key;
    const choice = choices.find(({ key }) => key === pressed);
    if (choice !== undefined) ask({ ask: 'decide', what: choice.what });
  };
  window.addEventListener('keydown', decide, { signal });
}
