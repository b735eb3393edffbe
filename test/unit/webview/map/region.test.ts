import { describe, expect, it } from 'vitest';
import type { Point } from '../../../../webview/ui/map/data.ts';
import { changeRegion, cornersOf, regionAround } from '../../../../webview/ui/map/region.ts';
import { RegionTool } from '../../../../webview/ui/map/regionTool.ts';

const size = { width: 800, height: 400 };
const region = regionAround({ x: 300, y: 200 }, size);

describe('a rectangle on a map', () => {
  it('lies around its place', () => {
    expect(cornersOf(region)).toEqual([
      { x: 240, y: 140 },
      { x: 360, y: 140 },
      { x: 360, y: 260 },
      { x: 240, y: 260 },
    ]);
  });

  it('becomes wider, narrower, higher and lower about its middle', () => {
    const resized = (key: string) => changeRegion(region, key, false, size);
    expect(resized('ArrowRight')).toEqual({ ...region, width: 160 });
    expect(resized('ArrowLeft')).toEqual({ ...region, width: 80 });
    expect(resized('ArrowUp')).toEqual({ ...region, height: 160 });
    expect(resized('ArrowDown')).toEqual({ ...region, height: 80 });
  });

  it('moves with Shift, as large as it is', () => {
    expect(changeRegion(region, 'ArrowDown', true, size)).toEqual({ ...region, middle: { x: 300, y: 220 } });
  });

  it('stays on the map, and never vanishes', () => {
    const corner = regionAround({ x: 5, y: 399 }, size);
    expect(cornersOf(corner)[3]).toEqual({ x: 0, y: 400 });
    expect(changeRegion(corner, 'ArrowLeft', true, size)).toEqual(corner);
    let small = region;
    for (let press = 0; press < 10; press++) small = changeRegion(small, 'ArrowLeft', false, size) ?? small;
    expect(small.width).toBe(20);
  });

  it('leaves all other keys to the map', () => {
    expect(changeRegion(region, '+', false, size)).toBeUndefined();
  });
});

describe('drawing a rectangle by keys', () => {
  it('chooses it with Enter, as it is by then', () => {
    const { tool, outlines, chosen } = made();
    tool.start({ x: 300, y: 200 });
    expect(press(tool, 'ArrowRight')).toBe(true);
    expect(press(tool, 'Enter')).toBe(true);
    expect(chosen).toEqual([outlines[1]]);
    expect(outlines[1]?.[1]).toEqual({ x: 380, y: 140 });
    expect(press(tool, 'ArrowRight')).toBe(false);
  });

  it('gives it up with Escape, and then leaves the keys to the map again', () => {
    const { tool, outlines, chosen } = made();
    expect(press(tool, 'Escape')).toBe(false);
    tool.start({ x: 300, y: 200 });
    expect(press(tool, 'Escape')).toBe(true);
    expect(outlines.at(-1)).toEqual([]);
    expect(chosen).toEqual([]);
    expect(press(tool, 'Escape')).toBe(false);
  });

  it('says anew what is in it when the map has moved', () => {
    const { tool, outlines } = made();
    tool.refresh();
    expect(outlines).toHaveLength(0);
    tool.start({ x: 300, y: 200 });
    tool.refresh();
    expect(outlines).toHaveLength(2);
  });
});

function made(): { tool: RegionTool; outlines: (readonly Point[])[]; chosen: (readonly Point[])[] } {
  const outlines: (readonly Point[])[] = [];
  const chosen: (readonly Point[])[] = [];
  const tool = new RegionTool({
    size: () => size,
    outline: (outline) => outlines.push(outline),
    choose: (outline) => chosen.push(outline),
  });
  return { tool, outlines, chosen };
}

function press(tool: RegionTool, key: string): boolean {
  return tool.press({ key, shiftKey: false });
}
