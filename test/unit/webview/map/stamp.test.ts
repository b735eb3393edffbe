import { describe, expect, it } from 'vitest';
import { press, stamp } from '../../../../webview/ui/map/stamp.ts';

const black = 0xff000000 | 0;

describe('a point that the processor draws', () => {
  it('covers about the area of its shape, a diamond as much as a disc', () => {
    const areaOf = (isDiamond: boolean) => stamp(isDiamond, 12, 1).cover.reduce((sum, cover) => sum + cover / 256, 0);
    expect(areaOf(false)).toBeGreaterThan(0.95 * Math.PI * 36);
    expect(areaOf(false)).toBeLessThan(1.05 * Math.PI * 36);
    expect(Math.abs(areaOf(true) / areaOf(false) - 1)).toBeLessThan(0.15);
  });

  it('replaces what it covers when it is opaque, and is half of both when it is half so', () => {
    const image = new Int32Array(81).fill(black);
    press(image, 9, stamp(false, 5, 1), 4, 4, 0x00c86432);
    expect((image[40] ?? 0) >>> 0).toBe(0xffc86432);
    image.fill(black);
    press(image, 9, stamp(false, 5, 0.5), 4, 4, 0x00c86432);
    expect((image[40] ?? 0) >>> 0).toBe(0xff643219);
  });

  it('is cut off at each edge, and does not come out at the other', () => {
    for (const [x, y, far] of [
      [0, 4, 8],
      [8, 4, 0],
    ] as const) {
      const image = new Int32Array(81).fill(black);
      press(image, 9, stamp(false, 5, 1), x, y, 0x00ffffff);
      const column = Array.from({ length: 9 }, (_, row) => image[row * 9 + far]);
      expect(column.every((pixel) => pixel === black)).toBe(true);
    }
    const image = new Int32Array(81).fill(black);
    press(image, 9, stamp(false, 5, 1), 4, 0, 0x00ffffff);
    expect(image).toHaveLength(81);
    expect((image[4] ?? 0) >>> 0).toBe(0xffffffff);
  });
});
