/** A walk of the keyboard from point to point, round and round. */
export class Walk {
  private at: number | undefined;

  constructor(private readonly points: readonly number[]) {}

  /** The next point (1) or the one before (−1); the first step goes to the first point. None where there are none. */
  step(by: 1 | -1): number | undefined {
    const { length } = this.points;
    this.at = this.at === undefined ? 0 : (this.at + by + length) % length;
    return this.points[this.at];
  }
}
