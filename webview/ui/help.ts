import { type Child, element } from './dom.ts';
import { icon } from './icons.ts';

const dismissed = 'dismissed';

/**
 * A button beside a name whose words stand in sight as long as the pointer or the focus is there: a tooltip after the
 * WAI-ARIA pattern, which a screen reader reads as the description of the button. Escape puts the words away.
 */
export function help(id: string, label: string, ...words: Child[]): HTMLElement {
  const content = `${id}-words`;
  const button = element(
    'button',
    { id, class: 'help-button', type: 'button', 'aria-label': label, 'aria-describedby': content },
    icon('question'),
  );
  const whole = element(
    'span',
    { class: 'help' },
    button,
    element('div', { id: content, class: 'help-words', role: 'tooltip' }, ...words),
  );
  for (const event of ['pointerleave', 'focusout']) {
    whole.addEventListener(event, () => whole.classList.remove(dismissed));
  }
  return whole;
}

// On the window: the pointer may be there while the focus is elsewhere.
window.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape') return;
  for (const shown of document.querySelectorAll('.help:hover, .help:focus-within')) shown.classList.add(dismissed);
});
