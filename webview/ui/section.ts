import type { Fact } from '../../src/protocol.ts';
import { type Child, element } from './dom.ts';
import { icon } from './icons.ts';

/** A part of a page under a heading. */
export function section(id: string, title: string, ...children: Child[]): HTMLElement {
  return element('section', { class: id, 'aria-labelledby': id }, element('h2', { id }, title), ...children);
}

/** The top of a page: what it is about, the facts that place it, and its actions. */
export function header(title: string, list: readonly Fact[], ...actions: Child[]): HTMLElement {
  return element(
    'header',
    { class: 'page-header' },
    element('h1', {}, element('bdi', {}, title)),
    element('div', { class: 'actions' }, ...actions),
    facts(list, 'facts inline'),
  );
}

/** Label and value, one line each, or in a row in a header. */
export function facts(list: readonly Fact[], className = 'facts'): HTMLElement {
  return element(
    'dl',
    { class: className },
    ...list.map(({ label, value }) =>
      element('div', {}, element('dt', {}, label), element('dd', {}, element('bdi', {}, value))),
    ),
  );
}

/** What limits the numbers of a page. */
export function notes(sentences: readonly string[]): HTMLElement | undefined {
  const list = marked(sentences);
  return list && section('notes', 'Notes', list);
}

/** Sentences to mind, if there are any. */
export function marked(sentences: readonly string[]): HTMLElement | undefined {
  if (sentences.length === 0) return undefined;
  const items = sentences.map((sentence) => element('li', {}, icon('information'), element('span', {}, sentence)));
  return element('ul', { class: 'marked' }, ...items);
}
