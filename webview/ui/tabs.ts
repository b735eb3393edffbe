import { element } from './dom.ts';

export interface Tab {
  readonly id: string;
  readonly title: string;
}

/** A row of tabs after the WAI-ARIA pattern: one tab stop, arrow keys, Home and End choose. */
export function tabs<T extends Tab>(list: readonly T[], chosen: string, choose: (tab: T) => void): HTMLElement {
  const buttons = list.map((tab) => {
    const selected = tab.id === chosen;
    const control = element(
      'button',
      {
        id: `tab-${tab.id}`,
        role: 'tab',
        type: 'button',
        'aria-selected': String(selected),
        'aria-controls': 'panel',
        tabindex: selected ? 0 : -1,
      },
      tab.title,
    );
    control.addEventListener('click', () => choose(tab));
    return control;
  });
  const row = element('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Parts of the report' }, ...buttons);
  row.addEventListener('keydown', (event) => {
    const at = list.findIndex(({ id }) => id === chosen);
    const target = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: list.length - 1 }[event.key];
    const tab = target === undefined ? undefined : list[(target + list.length) % list.length];
    if (tab === undefined) return;
    event.preventDefault();
    buttons[list.indexOf(tab)]?.focus();
    choose(tab);
  });
  return row;
}

/** What the chosen tab shows. */
export function tabPanel(chosen: string, ...children: (Node | undefined)[]): HTMLElement {
  return element(
    'div',
    { id: 'panel', class: 'tab-panel', role: 'tabpanel', 'aria-labelledby': `tab-${chosen}` },
    ...children,
  );
}
