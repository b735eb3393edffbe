import { element } from './dom.ts';
import { type Loading, LoadingStrip } from './loading.ts';
import { failure } from './message.ts';

/** Milliseconds before something under way is spoken: what is done at once needs no words. */
const saidAfter = 700;

/**
 * The part of a page that stays while its content changes: one landmark, the strip that says what is under way, and the
 * voice for screen readers. While something is under way the last content stays in sight, and out of reach unless it is
 * said to be usable.
 */
export class Frame {
  private readonly main = element('main');
  private readonly voice = element('div', { class: 'spoken', role: 'status', 'aria-live': 'polite' });
  private readonly strip = new LoadingStrip();
  private shown = new AbortController();
  /** Id of the control that the user was on: a drawing anew must not lose it. */
  private focused = '';
  private stage = '';
  private patience: number | undefined;
  private readonly usable: boolean;

  /** @param usable the last content may be used while something is under way */
  constructor({ usable = false } = {}) {
    this.usable = usable;
    document.body.replaceChildren(this.main, this.strip.element, this.voice);
    this.main.addEventListener('focusin', (event) => {
      this.focused = event.target instanceof Element ? event.target.id : '';
    });
  }

  /** Says what is under way, above the last content. */
  loading(state: Loading): void {
    this.main.inert = !this.usable;
    if (!this.usable) this.main.setAttribute('aria-busy', 'true');
    this.strip.update(state, this.main.hasChildNodes());
    if (state.stage === this.stage) return;
    clearTimeout(this.patience);
    this.stage = state.stage;
    this.patience = window.setTimeout(() => this.say(state.stage), saidAfter);
  }

  /** Says why there is nothing to show. */
  failed(sentence: string): void {
    this.show(sentence, () => [failure(sentence)]);
  }

  /** Draws new content. Its listeners outside of it end with the signal, when the next content comes. */
  show(announcement: string, draw: (signal: AbortSignal) => Node[]): void {
    this.shown.abort();
    this.shown = new AbortController();
    clearTimeout(this.patience);
    this.stage = '';
    this.strip.hide();
    this.main.inert = false;
    this.main.removeAttribute('aria-busy');
    const wanted = this.focused;
    this.main.replaceChildren(...draw(this.shown.signal));
    if (wanted !== '') document.getElementById(wanted)?.focus({ preventScroll: true });
    this.say(announcement);
  }

  private say(text: string): void {
    if (this.voice.textContent !== text) this.voice.textContent = text;
  }
}
