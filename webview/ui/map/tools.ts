import { element } from '../dom.ts';
import { icon } from '../icons.ts';
import { button } from '../toolkit.ts';

export interface ToolActions {
  zoom(factor: number): void;
  reset(): void;
  lasso(on: boolean): void;
}

const closer = 1.5;

/** The buttons in the corner of a map. */
export function tools(actions: ToolActions): HTMLElement {
  const lasso = tool('lasso', 'Select by drawing around points (or drag with Shift; or S on the map)', () => {
    const on = lasso.getAttribute('aria-pressed') !== 'true';
    lasso.setAttribute('aria-pressed', String(on));
    actions.lasso(on);
  });
  lasso.setAttribute('aria-pressed', 'false');
  return element(
    'div',
    { class: 'map-tools', role: 'group', 'aria-label': 'Map' },
    tool('plus', 'Zoom in', () => actions.zoom(closer)),
    tool('minus', 'Zoom out', () => actions.zoom(1 / closer)),
    tool('whole', 'Show the whole map', actions.reset),
    lasso,
  );
}

function tool(name: 'plus' | 'minus' | 'whole' | 'lasso', label: string, press: () => void): HTMLElement {
  return button({ appearance: 'icon', label, tooltip: label }, press, icon(name));
}
