import { describe, expect, it } from 'vitest';
import { lookOf } from '../../../../webview/ui/map/look.ts';
import {
  boundsOf,
  boxInSight,
  fitted,
  pan,
  sightOf,
  toMap,
  toScreen,
  viewOf,
  zoomAt,
} from '../../../../webview/ui/map/view.ts';

const size = { width: 800, height: 400 };
const view = fitted({ left: -4, right: 4, bottom: 0, top: 2 }, size);

describe('the view of a map', () => {
  it('that fits shows the whole box, with a margin', () => {
    const box = boxInSight(view, size);
    expect(box.left).toBeLessThan(-4);
    expect(box.top).toBeGreaterThan(2);
    expect([view.x, view.y, view.scale]).toEqual([0, 1, 94]);
  });

  it('has up as up', () => {
    expect(toScreen(view, size, { x: 0, y: 2 }).y).toBeLessThan(toScreen(view, size, { x: 0, y: 0 }).y);
  });

  it('keeps the place under the pointer where it is while it zooms', () => {
    const at = { x: 130, y: 333 };
    const before = toMap(view, size, at);
    const after = toMap(zoomAt(view, size, at, 3.7, view), size, at);
    expect(after.x).toBeCloseTo(before.x, 10);
    expect(after.y).toBeCloseTo(before.y, 10);
  });

  it('zooms out to half of what fits and no farther', () => {
    expect(zoomAt(view, size, { x: 0, y: 0 }, 1e-9, view).scale).toBe(view.scale / 2);
  });

  it('follows the pointer while it is dragged', () => {
    const place = toMap(view, size, { x: 100, y: 100 });
    const dragged = toScreen(pan(view, 30, -20), size, place);
    expect(dragged.x).toBeCloseTo(130, 10);
    expect(dragged.y).toBeCloseTo(80, 10);
  });

  it('shows the same, larger, on a larger screen', () => {
    const zoomed = zoomAt(pan(view, 70, 30), size, { x: 100, y: 100 }, 3, view);
    const sight = sightOf(zoomed, view);
    expect(viewOf(sight, view)).toEqual(zoomed);
    const larger = fitted({ left: -4, right: 4, bottom: 0, top: 2 }, { width: 1552, height: 752 });
    expect(viewOf(sight, larger)).toEqual({ x: zoomed.x, y: zoomed.y, scale: 2 * zoomed.scale });
    expect(viewOf(undefined, larger)).toBe(larger);
  });

  it('is finite for a single point and for none', () => {
    for (const positions of [[3, 3], [], [Number.NaN, 1]]) {
      const { x, y, scale } = fitted(boundsOf(Float32Array.from(positions)), size);
      expect([x, y, scale].every(Number.isFinite)).toBe(true);
    }
  });
});

describe('the look of points', () => {
  it('is smaller and lets more shine through the more there are, and the reverse the closer one is', () => {
    const [few, many] = [lookOf(3000, size, 1), lookOf(100_000, size, 1)];
    expect(many.width).toBeLessThan(few.width);
    expect(many.opacity).toBeLessThan(few.opacity);
    expect(lookOf(100_000, size, 20).width).toBeGreaterThan(many.width);
  });
});
