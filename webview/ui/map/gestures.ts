import type { Point } from './data.ts';

/** What the pointer asks of a map. Places are in CSS pixels from its top left. */
export interface PointerTarget {
  /** Whether a drag draws a lasso even without Shift. */
  lassoing(): boolean;
  pan(right: number, down: number): void;
  /** Returns whether the map could zoom any further. */
  zoom(at: Point, factor: number): boolean;
  hover(at: Point): void;
  leave(): void;
  open(at: Point): void;
  lasso(outline: readonly Point[]): void;
  lassoed(outline: readonly Point[]): void;
}

/** Pixels that a pointer may tremble while it clicks. */
const tremble = 4;
/** Pixels between two corners of a lasso. */
const stride = 4;
/** How much a pixel of the wheel zooms, and one of a pinch on a touchpad, which comes as a wheel with Ctrl. */
const wheelSpeed = 0.0018;
const pinchSpeed = 0.01;
const pixelsPerLine = 30;

/** Reads drags, clicks, pinches and the wheel of an element. */
export function listenToPointer(element: HTMLElement, target: PointerTarget): void {
  const down = new Map<number, Point>();
  let outline: Point[] | undefined;
  let start: Point | undefined;

  const placeOf = (event: MouseEvent): Point => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    const at = placeOf(event);
    element.setPointerCapture(event.pointerId);
    down.set(event.pointerId, at);
    start = down.size === 1 ? at : undefined;
    if (outline) target.lasso([]);
    outline = down.size === 1 && (event.shiftKey || target.lassoing()) ? [at] : undefined;
  });

  element.addEventListener('pointermove', (event) => {
    const at = placeOf(event);
    const before = down.get(event.pointerId);
    if (!before) return target.hover(at);
    if (start && distance(start, at) > tremble) start = undefined;
    if (start) return;
    if (outline) return extend(outline, at);
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    down.set(event.pointerId, at);
    if (!other) return target.pan(at.x - before.x, at.y - before.y);
    target.zoom(other, distance(other, at) / Math.max(1, distance(other, before)));
  });

  const extend = (corners: Point[], at: Point) => {
    const last = corners.at(-1);
    if (last && distance(last, at) < stride) return;
    corners.push(at);
    target.lasso(corners);
  };

  element.addEventListener('pointerup', (event) => {
    if (!down.delete(event.pointerId)) return;
    if (start) target.open(start);
    else if (outline) target.lassoed(outline);
    start = undefined;
    outline = undefined;
  });

  element.addEventListener('pointercancel', (event) => {
    down.delete(event.pointerId);
    start = undefined;
    if (outline) target.lasso([]);
    outline = undefined;
  });

  element.addEventListener('pointerleave', () => target.leave());

  element.addEventListener('wheel', (event) => {
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * pixelsPerLine : event.deltaY;
    const factor = Math.exp(-pixels * (event.ctrlKey ? pinchSpeed : wheelSpeed));
    // A map that is wholly in sight lets the page scroll on.
    if (target.zoom(placeOf(event), factor) || event.ctrlKey) event.preventDefault();
  });
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
