import { describe, expect, it } from 'vitest';
import { categoryColours, rampColour } from '../../../../webview/ui/map/palette.ts';
import { contrast, legible, luminance, type Rgb } from '../../../../webview/ui/rgb.ts';

const backgrounds: [string, Rgb, Rgb][] = [
  ['light', [255, 255, 255], [59, 59, 59]],
  ['dark', [31, 31, 31], [204, 204, 204]],
  ['high contrast', [0, 0, 0], [255, 255, 255]],
];

describe('contrast', () => {
  it('is 21 between black and white, and 1 between a colour and itself', () => {
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 10);
    expect(contrast([12, 200, 40], [12, 200, 40])).toBe(1);
  });

  it('of #767676 on white is the 4.54 that WCAG is known for', () => {
    expect(contrast([118, 118, 118], [255, 255, 255])).toBeCloseTo(4.54, 2);
  });

  it('leaves a colour alone that stands out', () => {
    expect(legible([0, 114, 178], [255, 255, 255], 3)).toEqual([0, 114, 178]);
    expect(contrast(legible([240, 228, 66], [255, 255, 255], 3), [255, 255, 255])).toBeGreaterThanOrEqual(3);
  });
});

describe.each(backgrounds)('on a %s background', (_, background, foreground) => {
  it('the colours of 14 categories stand out and differ', () => {
    const colours = categoryColours(14, background, foreground);
    for (const colour of colours) expect(contrast(colour, background)).toBeGreaterThanOrEqual(3);
    expect(new Set(colours.map(String)).size).toBe(14);
  });

  it('the ramp gets lighter from end to end and never vanishes', () => {
    const ramp = Array.from({ length: 64 }, (_, step) => rampColour(step / 63, background));
    const lights = ramp.map(luminance);
    expect(lights).toEqual([...lights].sort((a, b) => a - b));
    expect(Math.min(...ramp.map((colour) => contrast(colour, background)))).toBeGreaterThan(1.5);
  });

  it('values beyond the ends take the colours of the ends', () => {
    expect(rampColour(-3, background)).toEqual(rampColour(0, background));
    expect(rampColour(7, background)).toEqual(rampColour(1, background));
  });
});
