/** Sooner than this a stage has not shown how fast it is. */
const enoughMs = 2000;
/** What is over by then is not worth saying. */
const soonSeconds = 2;

/** Estimates how long a stage still takes from how far it got since it began. */
export class TimeLeft {
  private stage = '';
  private began = { at: 0, fraction: 0 };

  /** Whole seconds, or `undefined` when it is too soon to tell or nearly over. `now` is in milliseconds. */
  after(stage: string, fraction: number, now: number): number | undefined {
    if (stage !== this.stage || fraction < this.began.fraction) {
      this.stage = stage;
      this.began = { at: now, fraction };
      return undefined;
    }
    const passed = now - this.began.at;
    const gained = fraction - this.began.fraction;
    if (passed < enoughMs || gained <= 0) return undefined;
    const seconds = Math.ceil(((1 - fraction) * passed) / gained / 1000);
    return seconds < soonSeconds ? undefined : seconds;
  }
}
