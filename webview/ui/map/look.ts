import type { Size } from './data.ts';

/** How much of its opacity a point keeps that is not selected. */
export const dimming = 0.12;

/** Diamonds are drawn wider, so that they cover as much as circles. */
export const diamondScale = 1.25;

export interface Look {
  /** Width of a point in CSS pixels. */
  readonly width: number;
  /** In [0, 1]. */
  readonly opacity: number;
}

/**
 * How large and how opaque points are, by the mean gap between `count` of them at a zoom over the fitting view: many are
 * small and let each other shine through, so that dense places look dense.
 */
export function lookOf(count: number, { width, height }: Size, zoom: number): Look {
  const gap = Math.sqrt((width * height) / Math.max(1, count)) * zoom;
  return { width: between(2.4, gap * 0.55, 10), opacity: between(0.4, gap / 6, 0.92) };
}

function between(low: number, value: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
