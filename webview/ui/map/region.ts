import type { Point, Size } from './data.ts';

/** A rectangle that the keyboard draws on a map, in CSS pixels from the map's top left. */
export interface Region {
  readonly middle: Point;
  readonly width: number;
  readonly height: number;
}

/** Pixels of a new rectangle, of the smallest, and by which one press of a key changes it. */
const first = 120;
const least = 20;
const step = 20;

/** A rectangle around a place, as much of it as is in sight. */
export function regionAround(middle: Point, size: Size): Region {
  return within({ middle, width: first, height: first }, size);
}

/** The rectangle after an arrow key, wider, narrower, higher or lower; or, with Shift, moved. None for other keys. */
export function changeRegion(region: Region, key: string, moves: boolean, size: Size): Region | undefined {
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (way === undefined) return undefined;
  const [right = 0, down = 0] = way;
  const { middle, width, height } = region;
  if (moves) return within({ ...region, middle: { x: middle.x + right * step, y: middle.y + down * step } }, size);
  // Up makes it higher: both ways from the middle, so by two steps.
  return within({ middle, width: width + 2 * right * step, height: height - 2 * down * step }, size);
}

/** Its corners, as a lasso gives them. */
export function cornersOf({ middle: { x, y }, width, height }: Region): Point[] {
  const [left, right, top, bottom] = [x - width / 2, x + width / 2, y - height / 2, y + height / 2];
  return [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ];
}

/** No larger than the map, and wholly on it. */
function within({ middle, width, height }: Region, size: Size): Region {
  const [wide, high] = [between(least, width, size.width), between(least, height, size.height)];
  return {
    middle: {
      x: between(wide / 2, middle.x, size.width - wide / 2),
      y: between(high / 2, middle.y, size.height - high / 2),
    },
    width: wide,
    height: high,
  };
}

function between(low: number, value: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
