import type { PairPageState } from '../../src/protocol.ts';
import { element } from './dom.ts';
import { ask } from './host.ts';
import { count, duration } from './numbers.ts';
import { TimeLeft } from './timeLeft.ts';
import { button, progressRing } from './toolkit.ts';
import { capitalised } from './words.ts';

/** The state that all pages share: something is under way. */
export type Loading = Extract<PairPageState, { status: 'loading' }>;

/** Stage, progress and Cancel. It is updated in place, so that Cancel keeps the focus. */
export class LoadingStrip {
  private readonly stage = element('span', { class: 'loading-stage' });
  private readonly amount = element('span', { class: 'loading-amount' });
  private readonly left = new TimeLeft();
  private readonly bar = element('div', { class: 'loading-bar', role: 'progressbar', 'aria-label': 'Progress' });
  readonly element = element(
    'div',
    { class: 'loading', hidden: true },
    progressRing(),
    this.stage,
    this.amount,
    button({}, () => ask({ ask: 'cancel' }), 'Cancel'),
    this.bar,
  );

  update({ stage, done, total }: Loading, aboveContent: boolean): void {
    this.element.hidden = false;
    this.element.classList.toggle('alone', !aboveContent);
    this.stage.textContent = capitalised(stage);
    const known = done !== undefined && total !== undefined && total > 0;
    this.bar.hidden = !known;
    const seconds = known ? this.left.after(stage, done / total, performance.now()) : undefined;
    const remaining = seconds === undefined ? '' : `, about ${duration(seconds)} left`;
    this.amount.textContent = known ? `${count(done)} of ${count(total)}${remaining}` : count(done ?? 0);
    this.amount.hidden = !known && !done;
    if (!known) return;
    const percentage = Math.min(100, Math.round((done / total) * 100));
    this.bar.style.setProperty('--done', `${percentage}%`);
    this.bar.setAttribute('aria-valuenow', String(percentage));
  }

  hide(): void {
    this.element.hidden = true;
  }
}
