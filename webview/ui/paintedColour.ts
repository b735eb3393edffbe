import { element } from './dom.ts';
import type { Rgb } from './rgb.ts';

/** Any colour that CSS knows, as it is painted over another. */
export function paintedColour(colour: string, over = 'transparent'): Rgb {
  const brush = element('canvas', { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
  if (!brush) return [0, 0, 0];
  for (const paint of [over, colour]) {
    brush.fillStyle = paint;
    brush.fillRect(0, 0, 1, 1);
  }
  const [red = 0, green = 0, blue = 0] = brush.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
