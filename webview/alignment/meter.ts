import { element } from '../ui/dom.ts';

/** A bar filled to a fraction in [0, 1], with a mark where chance lies. The text beside it says the same. */
export function meter(filled: number, chance: number | undefined): HTMLElement {
  const bar = element('span', { class: 'meter', 'aria-hidden': 'true' });
  bar.style.setProperty('--filled', share(filled));
  if (chance !== undefined) {
    bar.classList.add('with-chance');
    bar.style.setProperty('--chance', share(chance));
  }
  return bar;
}

function share(fraction: number): string {
  return `${(Math.min(1, Math.max(0, fraction)) * 100).toFixed(2)}%`;
}
