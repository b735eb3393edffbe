import type { Box, Point, Size } from './data.ts';

/** What part of the map is in sight: what lies in the middle, and CSS pixels for one unit. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** The same for a screen of any size: what lies in the middle, and how far it is zoomed in from the fitting view. */
export interface Sight {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** Pixels kept free around a map that fits. */
const margin = 24;
/** How far out of the fitting view one can zoom, and how far in before 32-bit floats show. */
const farthest = 0.5;
const closest = 4000;

/** The smallest box around all finite points; one unit around the origin where there are none. */
export function boundsOf(positions: Float32Array): Box {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let at = 0; at < positions.length; at += 2) {
    const x = positions[at] ?? 0;
    const y = positions[at + 1] ?? 0;
    if (!Number.isFinite(x + y)) continue;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < bottom) bottom = y;
    if (y > top) top = y;
  }
  return left > right ? { left: -1, right: 1, bottom: -1, top: 1 } : { left, right, bottom, top };
}

/** The view that shows a whole box. */
export function fitted(box: Box, size: Size): View {
  const across = (length: number, pixels: number) => Math.max(1, pixels - 2 * margin) / (length || Number.MIN_VALUE);
  const scale = Math.min(across(box.right - box.left, size.width), across(box.top - box.bottom, size.height));
  return {
    x: (box.left + box.right) / 2,
    y: (box.bottom + box.top) / 2,
    // All points in one place: any scale fits.
    scale: Math.min(scale, 1e6),
  };
}

export function sightOf({ x, y, scale }: View, fitting: View): Sight {
  return { x, y, zoom: scale / fitting.scale };
}

/** The view of a sight; the fitting one where nothing else was looked at. */
export function viewOf(sight: Sight | undefined, fitting: View): View {
  return sight === undefined ? fitting : { x: sight.x, y: sight.y, scale: fitting.scale * sight.zoom };
}

/** Zooms by a factor about a place on the screen, which stays where it is. `fitting` bounds how far it goes. */
export function zoomAt(view: View, size: Size, at: Point, factor: number, fitting: View): View {
  const scale = Math.min(fitting.scale * closest, Math.max(fitting.scale * farthest, view.scale * factor));
  const held = toMap(view, size, at);
  return {
    x: held.x - (at.x - size.width / 2) / scale,
    y: held.y + (at.y - size.height / 2) / scale,
    scale,
  };
}

/** Moves what is shown by pixels. */
export function pan(view: View, right: number, down: number): View {
  return { ...view, x: view.x - right / view.scale, y: view.y + down / view.scale };
}

/** From a place on the screen, in CSS pixels from the top left, to one on the map. */
export function toMap(view: View, size: Size, { x, y }: Point): Point {
  return { x: view.x + (x - size.width / 2) / view.scale, y: view.y - (y - size.height / 2) / view.scale };
}

export function toScreen(view: View, size: Size, { x, y }: Point): Point {
  return { x: size.width / 2 + (x - view.x) * view.scale, y: size.height / 2 - (y - view.y) * view.scale };
}

/** The part of the map that is in sight. */
export function boxInSight(view: View, size: Size): Box {
  const [acrossHalf, upHalf] = [size.width / 2 / view.scale, size.height / 2 / view.scale];
  return { left: view.x - acrossHalf, right: view.x + acrossHalf, bottom: view.y - upHalf, top: view.y + upHalf };
}

export function contains(box: Box, x: number, y: number): boolean {
  return x >= box.left && x <= box.right && y >= box.bottom && y <= box.top;
}
