import { describe, expect, it } from 'vitest';
import { evenOrder } from '../../../../webview/ui/map/order.ts';

describe('the order in which points are drawn', () => {
  it.each([1, 2, 5, 6, 1000, 4096, 9973])('holds each of %d points once', (n) => {
    expect(new Set(evenOrder(n))).toEqual(new Set(Array.from({ length: n }, (_, index) => index)));
  });

  it('begins with a sample of all parts alike', () => {
    const tenths = new Array<number>(10).fill(0);
    for (const index of evenOrder(100_000, 1000)) {
      const tenth = Math.floor(index / 10_000);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    expect(Math.min(...tenths)).toBeGreaterThanOrEqual(98);
    expect(Math.max(...tenths)).toBeLessThanOrEqual(102);
  });

  it('is empty for an empty map', () => {
    expect(evenOrder(0)).toHaveLength(0);
  });
});
