import type { Rgb } from '../rgb.ts';
import type { Size } from './data.ts';
import { type Look, lookOf } from './look.ts';
import type { Theme } from './theme.ts';
import type { View } from './view.ts';

/** Pixels of the canvas for one CSS pixel are bounded: beyond, nobody sees the difference. */
const finest = 3;
/** Points smaller than this have no outline (CSS pixels). */
const outlinedFrom = 5;

/** How one picture of the points is drawn. */
export interface Picture {
  readonly view: View;
  readonly size: Size;
  /** Pixels of the canvas for one CSS pixel. */
  readonly ratio: number;
  readonly look: Look;
  readonly background: Rgb;
  readonly outline: Rgb;
  /** CSS pixels. */
  readonly outlineWidth: number;
  /** Only selected points are strong. */
  readonly dimmed: boolean;
}

/** A picture of `count` points, of which `fitting` is the view that shows all. */
export function pictureOf(
  { view, size, theme, dimmed }: { view: View; size: Size; theme: Theme; dimmed: boolean },
  count: number,
  fitting: View,
  pixelRatio: number,
): Picture {
  const look = lookOf(count, size, view.scale / fitting.scale);
  const outlineWidth = theme.highContrast ? 1 : 0.8;
  return {
    view,
    size,
    ratio: Math.min(finest, pixelRatio),
    look: theme.highContrast ? { ...look, opacity: 1 } : look,
    background: theme.background,
    outline: theme.highContrast ? theme.foreground : theme.background,
    outlineWidth: look.width < outlinedFrom ? 0 : outlineWidth,
    dimmed,
  };
}
