import { element } from '../dom.ts';
import type { Point, Size } from './data.ts';

/** Pixels between the pointer and the words. */
const gap = 12;

/** Words beside a place on the map. What they say is spoken elsewhere. */
export class Tooltip {
  readonly element = element('div', { class: 'map-tooltip', 'aria-hidden': 'true', hidden: true });

  /** Keeps within the size of the map. */
  show(text: string, at: Point, size: Size): void {
    this.element.textContent = text;
    this.element.hidden = false;
    const { offsetWidth, offsetHeight } = this.element;
    const x = at.x + gap + offsetWidth <= size.width ? at.x + gap : Math.max(0, at.x - gap - offsetWidth);
    const y = at.y + gap + offsetHeight <= size.height ? at.y + gap : Math.max(0, at.y - gap - offsetHeight);
    this.element.style.transform = `translate(${x}px, ${y}px)`;
  }

  hide(): void {
    this.element.hidden = true;
  }
}
