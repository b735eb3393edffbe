import type { Point, Size } from './data.ts';
import { changeRegion, cornersOf, type Region, regionAround } from './region.ts';

/** What a rectangle of the keyboard does to its map. Outlines are in CSS pixels from the map's top left. */
export interface RegionTarget {
  size(): Size;
  /** Draws the rectangle, and says what is in it; none when it is gone. */
  outline(outline: readonly Point[]): void;
  choose(outline: readonly Point[]): void;
}

/** Lets the keyboard draw a rectangle on a map, until it is chosen or given up. */
export class RegionTool {
  private region: Region | undefined;

  constructor(private readonly target: RegionTarget) {}

  start(middle: Point): void {
    this.show(regionAround(middle, this.target.size()));
  }

  /** Does what a key stands for while there is a rectangle. Returns whether it stands for something. */
  press({ key, shiftKey }: { key: string; shiftKey: boolean }): boolean {
    const { region } = this;
    if (!region) return false;
    const changed = changeRegion(region, key, shiftKey, this.target.size());
    if (changed) this.show(changed);
    else if (key === 'Enter') this.choose(region);
    else if (key === 'Escape') this.end();
    else return false;
    return true;
  }

  /** The map has moved below it. */
  refresh(): void {
    if (this.region) this.show(this.region);
  }

  end(): void {
    if (!this.region) return;
    this.region = undefined;
    this.target.outline([]);
  }

  private show(region: Region): void {
    this.region = region;
    this.target.outline(cornersOf(region));
  }

  private choose(region: Region): void {
    this.region = undefined;
    this.target.choose(cornersOf(region));
  }
}
