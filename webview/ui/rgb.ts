/** Red, green and blue in [0, 255]. */
export type Rgb = readonly [number, number, number];

const white: Rgb = [255, 255, 255];
const black: Rgb = [0, 0, 0];

/** `share` of the way from one colour to another, each channel by itself. */
export function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const channel = (index: 0 | 1 | 2) => Math.round(from[index] + (to[index] - from[index]) * share);
  return [channel(0), channel(1), channel(2)];
}

/** Relative luminance in [0, 1] (WCAG 2.2, "relative luminance"). */
export function luminance([red, green, blue]: Rgb): number {
  const linear = (channel: number) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** Contrast ratio in [1, 21] (WCAG 2.2, "contrast ratio"). */
export function contrast(a: Rgb, b: Rgb): number {
  const [one, other] = [luminance(a), luminance(b)];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

export function isDark(background: Rgb): boolean {
  return contrast(background, white) > contrast(background, black);
}

/** The colour, made lighter on a dark background and darker on a light one until it stands out by a contrast ratio. */
export function legible(colour: Rgb, background: Rgb, ratio: number): Rgb {
  const away = isDark(background) ? white : black;
  for (let share = 0; share < 1; share += 0.05) {
    const candidate = mix(colour, away, share);
    if (contrast(candidate, background) >= ratio) return candidate;
  }
  return away;
}

export function css([red, green, blue]: Rgb): string {
  return `rgb(${red}, ${green}, ${blue})`;
}
