/** Points drawn in a frame before anything is known of the machine. Maps of fewer are always drawn at once. */
const first = 200_000;
const fewest = 20_000;
const most = 4_000_000;

/** Milliseconds of a frame: above the first it is too slow, below the second there is time left. */
const slow = 30;
const quick = 20;

/** How many points a frame may draw, from how long the last ones took. */
export class Pace {
  points = first;
  /** Of the last frames, the latest weighing most: one late frame is no reason yet. */
  private mean = (slow + quick) / 2;

  /** Takes the milliseconds from one frame that drew to the next. */
  took(time: number): void {
    this.mean += (time - this.mean) * 0.2;
    if (this.mean > slow) this.points = Math.max(fewest, Math.round(this.points * 0.9));
    else if (this.mean < quick) this.points = Math.min(most, Math.round(this.points * 1.1));
  }
}
