import { isDark, legible, mix, type Rgb } from '../rgb.ts';

/** Told apart by people with any kind of colour vision (Okabe and Ito, "Color Universal Design", 2008). */
const distinct: readonly Rgb[] = [
  [0, 114, 178],
  [230, 159, 0],
  [0, 158, 115],
  [204, 121, 167],
  [86, 180, 233],
  [213, 94, 0],
  [240, 228, 66],
];

/** How far each round through the list is mixed towards the text and towards the background. */
const rounds = [0, 0.4, -0.45];

/** Contrast that the edge of a graphic needs (WCAG 2.2, 1.4.11). */
const least = 3;

/**
 * Colours for `count` categories on a background: seven hues, then the same stronger, then paler; from the 22nd on they
 * come again.
 */
export function categoryColours(count: number, background: Rgb, foreground: Rgb): Rgb[] {
  return Array.from({ length: count }, (_, index) => {
    const base = distinct[index % distinct.length] ?? foreground;
    const shift = rounds[Math.floor(index / distinct.length) % rounds.length] ?? 0;
    const shifted = mix(base, shift > 0 ? foreground : background, Math.abs(shift));
    return legible(shifted, background, shift < 0 ? least * 0.7 : least);
  });
}

/**
 * Matplotlib's viridis (Smith and van der Walt, 2015) at nine even steps: lightness rises evenly from end to end, for
 * every kind of colour vision.
 */
const viridis: readonly Rgb[] = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
];

/** The part of the ramp that stands out from a dark background, and from a light one. */
const darkPart = [0.2, 1] as const;
const lightPart = [0, 0.86] as const;

/** The colour of a share in [0, 1] of the ramp that is fit for a background; the same end is high on every background. */
export function rampColour(share: number, background: Rgb): Rgb {
  const [from, to] = isDark(background) ? darkPart : lightPart;
  const place = (from + Math.min(1, Math.max(0, share)) * (to - from)) * (viridis.length - 1);
  const below = Math.min(viridis.length - 2, Math.floor(place));
  return mix(viridis[below] ?? [0, 0, 0], viridis[below + 1] ?? [0, 0, 0], place - below);
}
