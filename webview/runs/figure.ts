import type { Figure } from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';

/** Adopts the SVG text of a report's figure; the page's styles colour it by its classes. */
export function drawFigure({ title, svg }: Figure): HTMLElement {
  const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  const caption = element('figcaption', {}, title);
  if (parsed.localName !== 'svg') {
    return element('figure', {}, caption, element('p', { class: 'muted' }, 'This figure cannot be drawn.'));
  }
  const drawing = document.adoptNode(parsed);
  for (const foreign of drawing.querySelectorAll('script, style, foreignObject')) foreign.remove();
  drawing.setAttribute('role', 'img');
  drawing.setAttribute('aria-label', title);
  return element('figure', {}, caption, drawing);
}
