import { element } from './dom.ts';
import { ask } from './host.ts';
import { type IconName, icon } from './icons.ts';
import { button } from './toolkit.ts';

/** A page that has no content: what is so, why, and the way on. */
export function message(picture: IconName, title: string, sentence: string, ...actions: Node[]): HTMLElement {
  return element(
    'section',
    { class: 'message' },
    icon(picture),
    element('h1', {}, title),
    element('p', {}, sentence),
    element('div', { class: 'actions' }, ...actions),
  );
}

export function failure(sentence: string): HTMLElement {
  const retry = button({ id: 'retry', appearance: 'primary' }, () => ask({ ask: 'retry' }), 'Try again');
  return message('error', 'This cannot be shown', sentence, retry);
}
