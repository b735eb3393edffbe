import { element } from '../ui/dom.ts';
import { decimal } from '../ui/numbers.ts';

/** Share of the sound that one arrow key moves by. */
const step = 0.05;

/** The length of a sound as a slider: a click, a drag or the arrow keys seek; Space or Enter plays and pauses. */
export class Timeline {
  readonly element = element(
    'div',
    {
      id: 'timeline',
      class: 'timeline',
      role: 'slider',
      tabindex: 0,
      'aria-label': 'Position in the sound',
      'aria-valuemin': 0,
    },
    element('div', { class: 'playhead' }),
  );
  private fraction = 0;

  /** `seek` gets a fraction in [0, 1] of the whole length. */
  constructor(
    private readonly seek: (fraction: number) => void,
    private readonly toggle: () => void,
  ) {
    this.element.addEventListener('keydown', (event) => this.onKey(event));
    this.element.addEventListener('pointerdown', (event) => {
      this.element.setPointerCapture(event.pointerId);
      this.seekTo(event);
    });
    this.element.addEventListener('pointermove', (event) => {
      if (this.element.hasPointerCapture(event.pointerId)) this.seekTo(event);
    });
  }

  /** Moves the playhead. Both in seconds. */
  show(current: number, length: number): void {
    this.fraction = length > 0 ? current / length : 0;
    this.element.style.setProperty('--played', `${(this.fraction * 100).toFixed(2)}%`);
    this.element.setAttribute('aria-valuemax', decimal(length, 2));
    this.element.setAttribute('aria-valuenow', decimal(current, 2));
    this.element.setAttribute('aria-valuetext', `${decimal(current, 1)} of ${decimal(length, 1)} seconds`);
  }

  private seekTo(event: PointerEvent): void {
    const { left, width } = this.element.getBoundingClientRect();
    this.seek(Math.min(1, Math.max(0, (event.clientX - left) / width)));
  }

  private onKey(event: KeyboardEvent): void {
    const target = { ArrowLeft: this.fraction - step, ArrowRight: this.fraction + step, Home: 0, End: 1 }[event.key];
    if (target !== undefined) this.seek(Math.min(1, Math.max(0, target)));
    else if (event.key === ' ' || event.key === 'Enter') this.toggle();
    else return;
    event.preventDefault();
  }
}
