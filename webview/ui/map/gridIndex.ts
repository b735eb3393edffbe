import type { Box, Point } from './data.ts';
import { boundsOf } from './view.ts';

/** Points that a cell holds on average, and the most cells a side. */
const perCell = 4;
const mostCells = 512;

/** Whether a point counts: hidden ones do not. */
export type Accept = (point: number) => boolean;

/** Points sorted into the cells of a grid, for finding those in a place. O(n) to build, 4 bytes a point and a cell. */
export class GridIndex {
  readonly bounds: Box;
  readonly side: number;
  /** Of a cell, in units of the map. */
  readonly width: number;
  readonly height: number;
  /** Where the points of each cell begin in `members`. */
  private readonly starts: Uint32Array;
  private readonly members: Uint32Array;

  /** `positions` are n × 2, `points` those of them that are on the map. */
  constructor(
    readonly positions: Float32Array,
    points: Uint32Array,
  ) {
    this.bounds = boundsOf(positions);
    this.side = Math.max(1, Math.min(mostCells, Math.ceil(Math.sqrt(points.length / perCell))));
    this.width = (this.bounds.right - this.bounds.left) / this.side || 1;
    this.height = (this.bounds.top - this.bounds.bottom) / this.side || 1;
    this.starts = new Uint32Array(this.side * this.side + 1);
    this.members = this.sort(points);
  }

  /** The accepted point nearest to a place, no farther than `radius` (in units of the map). */
  nearest(at: Point, radius: number, accept: Accept): number | undefined {
    let best: number | undefined;
    let least = radius * radius;
    this.each(around(at, radius), (point) => {
      const distance = this.squaredDistance(point, at);
      if (distance > least || !accept(point)) return;
      least = distance;
      best = point;
    });
    return best;
  }

  /** The accepted points within a radius, nearest first, at most `most`. */
  within(at: Point, radius: number, most: number, accept: Accept): number[] {
    const found: { point: number; distance: number }[] = [];
    this.each(around(at, radius), (point) => {
      const distance = this.squaredDistance(point, at);
      if (distance <= radius * radius && accept(point)) found.push({ point, distance });
    });
    found.sort((a, b) => a.distance - b.distance);
    return found.slice(0, most).map(({ point }) => point);
  }

  /** Hands out the points of a cell. */
  eachIn(column: number, row: number, visit: (point: number) => void): void {
    const cell = row * this.side + column;
    const end = this.starts[cell + 1] ?? 0;
    for (let member = this.starts[cell] ?? 0; member < end; member++) visit(this.members[member] ?? 0);
  }

  /** The middle of a cell, on the map. */
  middleOf(column: number, row: number): Point {
    return {
      x: this.bounds.left + (column + 0.5) * this.width,
      y: this.bounds.bottom + (row + 0.5) * this.height,
    };
  }

  /** The cell of a place; one beyond the edge for a place beyond the bounds is clamped to the edge. */
  columnOf(x: number): number {
    return this.clamp((x - this.bounds.left) / this.width);
  }

  rowOf(y: number): number {
    return this.clamp((y - this.bounds.bottom) / this.height);
  }

  private clamp(place: number): number {
    return Math.max(0, Math.min(this.side - 1, Math.floor(place)));
  }

  private each(box: Box, visit: (point: number) => void): void {
    const [firstColumn, lastColumn] = [this.columnOf(box.left), this.columnOf(box.right)];
    const [firstRow, lastRow] = [this.rowOf(box.bottom), this.rowOf(box.top)];
    for (let row = firstRow; row <= lastRow; row++) {
      for (let column = firstColumn; column <= lastColumn; column++) this.eachIn(column, row, visit);
    }
  }

  /** A counting sort by cell. */
  private sort(points: Uint32Array): Uint32Array {
    const { positions, starts } = this;
    const cells = new Int32Array(points.length);
    for (let place = 0; place < points.length; place++) {
      const at = 2 * (points[place] ?? 0);
      const x = positions[at] ?? 0;
      const y = positions[at + 1] ?? 0;
      const cell = Number.isFinite(x + y) ? this.rowOf(y) * this.side + this.columnOf(x) : -1;
      cells[place] = cell;
      if (cell >= 0) starts[cell + 1] = (starts[cell + 1] ?? 0) + 1;
    }
    for (let cell = 1; cell < starts.length; cell++) starts[cell] = (starts[cell] ?? 0) + (starts[cell - 1] ?? 0);
    const next = starts.slice();
    const members = new Uint32Array(starts.at(-1) ?? 0);
    for (let place = 0; place < points.length; place++) {
      const cell = cells[place] ?? -1;
      if (cell < 0) continue;
      const slot = next[cell] ?? 0;
      members[slot] = points[place] ?? 0;
      next[cell] = slot + 1;
    }
    return members;
  }

  private squaredDistance(point: number, { x, y }: Point): number {
    const acrossBy = (this.positions[2 * point] ?? 0) - x;
    const upBy = (this.positions[2 * point + 1] ?? 0) - y;
    return acrossBy * acrossBy + upBy * upBy;
  }
}

function around({ x, y }: Point, radius: number): Box {
  return { left: x - radius, right: x + radius, bottom: y - radius, top: y + radius };
}
