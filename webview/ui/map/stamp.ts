import { diamondScale } from './look.ts';

/** The pixels of a point's shape, counted from the point's own pixel, and how much of each it covers, in (0, 256]. */
export interface Stamp {
  readonly right: Int32Array;
  readonly down: Int32Array;
  readonly cover: Int32Array;
  /** How far the shape reaches from the point's own pixel. */
  readonly reach: number;
}

/** A disc or a diamond, `width` pixels wide and of an opacity in [0, 1], as the shader of the graphics card draws it. */
export function stamp(isDiamond: boolean, width: number, opacity: number): Stamp {
  const radius = (width * (isDiamond ? diamondScale : 1)) / 2;
  const reach = Math.ceil(radius);
  const pixels: [number, number, number][] = [];
  for (let down = -reach; down <= reach; down++) {
    for (let right = -reach; right <= reach; right++) {
      const distance = isDiamond ? Math.abs(right) + Math.abs(down) : Math.hypot(right, down);
      const cover = Math.round(256 * opacity * Math.min(1, Math.max(0, radius - distance + 0.5)));
      if (cover > 0) pixels.push([right, down, cover]);
    }
  }
  return {
    right: Int32Array.from(pixels, ([right]) => right),
    down: Int32Array.from(pixels, ([, down]) => down),
    cover: Int32Array.from(pixels, ([, , cover]) => cover),
    reach,
  };
}

/**
 * Blends a stamp into an image of packed RGBA pixels (red lowest), `width` of them a row, at the pixel (x, y). `colour`
 * is packed alike, without its alpha; the image is opaque and stays so.
 */
export function press(image: Int32Array, width: number, shape: Stamp, x: number, y: number, colour: number): void {
  const { right, down, cover, reach } = shape;
  const isWhole = x >= reach && x < width - reach && y >= reach && (y + reach + 1) * width <= image.length;
  for (let pixel = 0; pixel < cover.length; pixel++) {
    const column = x + (right[pixel] ?? 0);
    if (!isWhole && (column < 0 || column >= width)) continue;
    const at = (y + (down[pixel] ?? 0)) * width + column;
    if (!isWhole && (at < 0 || at >= image.length)) continue;
    image[at] = blend(image[at] ?? 0, colour, cover[pixel] ?? 0);
  }
}

/** `share` of 256 of the way from one opaque pixel to another, two channels at a time. */
function blend(from: number, to: number, share: number): number {
  const rest = 256 - share;
  const redBlue = (Math.imul(from & 0xff00ff, rest) + Math.imul(to & 0xff00ff, share)) >>> 8;
  const green = (Math.imul(from & 0x00ff00, rest) + Math.imul(to & 0x00ff00, share)) >>> 8;
  return 0xff000000 | (redBlue & 0xff00ff) | (green & 0x00ff00);
}
