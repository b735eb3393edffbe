/** What the keyboard asks of a map. */
export interface KeyTarget {
  pan(right: number, down: number): void;
  /** About the middle. */
  zoom(factor: number): void;
  reset(): void;
  /** Goes to the next (1) or the previous (−1) of the points nearest to the middle. */
  step(by: 1 | -1): void;
  openCursor(): void;
  /** Draws a rectangle to choose points with. */
  startRegion(): void;
  clear(): void;
}

/** Pixels that an arrow key moves by. */
const far = 60;
const closer = 1.3;

export const keysSentence =
  'Arrow keys move the map, plus and minus zoom, 0 shows all of it. N and P step through the points nearest to the middle, Enter opens one. S draws a rectangle around that point, or the middle: arrow keys size it, with Shift move it, Enter chooses the points in it. Escape ends the rectangle, then the selection.';

/** Does what a key stands for. Returns whether it stands for something. */
export function pressKey(key: string, target: KeyTarget): boolean {
  const action = {
    ArrowLeft: () => target.pan(far, 0),
    ArrowRight: () => target.pan(-far, 0),
    ArrowUp: () => target.pan(0, far),
    ArrowDown: () => target.pan(0, -far),
    '+': () => target.zoom(closer),
    '=': () => target.zoom(closer),
    '-': () => target.zoom(1 / closer),
    '0': () => target.reset(),
    n: () => target.step(1),
    p: () => target.step(-1),
    s: () => target.startRegion(),
    Enter: () => target.openCursor(),
    Escape: () => target.clear(),
  }[key.length === 1 ? key.toLowerCase() : key];
  action?.();
  return action !== undefined;
}
