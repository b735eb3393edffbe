import { element } from '../dom.ts';
import type { Rgb } from '../rgb.ts';
import { dimming } from './look.ts';
import { type Painter, resize } from './painter.ts';
import type { Picture } from './picture.ts';
import { flags } from './scene.ts';
import { press, type Stamp, stamp } from './stamp.ts';

/** Points that even a processor draws at once. */
const quick = 20_000;

/** Why the processor draws. */
const reasons = {
  none: 'There is no graphics card with WebGL 2 here',
  lost: 'The graphics card has stopped drawing this map',
} as const;

/** Draws points where there is no graphics card: each is a small stamp that is blended into an image in memory. */
export class CpuPainter implements Painter {
  readonly canvas = element('canvas', { class: 'map-layer', 'aria-hidden': 'true' });
  readonly count: number;
  readonly limit: string;
  private readonly brush = this.canvas.getContext('2d', { alpha: false });
  private image: ImageData | undefined;
  /** The styles, packed a word each: red lowest, flags highest. */
  private styles = new Int32Array();

  constructor(
    private readonly positions: Float32Array,
    private readonly order: Uint32Array,
    reason: keyof typeof reasons,
  ) {
    this.count = order.length;
    this.limit = limitOf(order.length, reason);
  }

  style(bytes: Uint8Array): void {
    this.styles = new Int32Array(bytes.slice().buffer);
  }

  clear(picture: Picture): void {
    if (resize(this.canvas, picture)) this.image = undefined;
    this.image ??= this.brush?.createImageData(this.canvas.width, this.canvas.height);
    if (this.image) new Int32Array(this.image.data.buffer).fill(packed(picture.background));
  }

  draw(picture: Picture, from: number, to: number): void {
    if (!this.image) return;
    const { view, size, ratio } = picture;
    const { width, height } = this.image;
    const pixels = new Int32Array(this.image.data.buffer);
    const stamps = stampsOf(picture);
    const outline = packed(picture.outline);
    const scale = view.scale * ratio;
    const left = (size.width / 2) * ratio - view.x * scale;
    const top = (size.height / 2) * ratio + view.y * scale;
    for (let place = from; place < to; place++) {
      const style = this.styles[place] ?? 0;
      const shape = stamps[style >>> 24];
      if (!shape) continue;
      const at = 2 * (this.order[place] ?? 0);
      const x = Math.floor(left + (this.positions[at] ?? 0) * scale);
      const y = Math.floor(top - (this.positions[at + 1] ?? 0) * scale);
      const { reach } = shape.whole;
      if (x < -reach || y < -reach || x >= width + reach || y >= height + reach) continue;
      if (shape.inner) press(pixels, width, shape.whole, x, y, outline);
      press(pixels, width, shape.inner ?? shape.whole, x, y, style);
    }
    this.brush?.putImageData(this.image, 0, 0);
  }
}

/** Of few points nobody notices who draws them, unless it changes before their eyes. */
function limitOf(count: number, reason: keyof typeof reasons): string {
  if (count > quick) return `${reasons[reason]}: the processor draws the points, fewer while the map moves.`;
  return reason === 'lost' ? `${reasons.lost}: the processor draws the points.` : '';
}

interface PointShape {
  readonly whole: Stamp;
  /** What is inside of the outline, where there is one. */
  readonly inner?: Stamp;
}

/** The shape of a point for each of its flags; none for hidden ones. */
function stampsOf({ look, ratio, outlineWidth, dimmed }: Picture): (PointShape | undefined)[] {
  const states = Array.from({ length: flags.second + flags.hidden + flags.selected + 1 }, (_, state) => state);
  return states.map((state) => {
    if (state & flags.hidden) return undefined;
    const isDiamond = (state & flags.second) !== 0;
    const opacity = dimmed && !(state & flags.selected) ? look.opacity * dimming : look.opacity;
    const whole = stamp(isDiamond, look.width * ratio, opacity);
    if (outlineWidth === 0) return { whole };
    return { whole, inner: stamp(isDiamond, (look.width - 2 * outlineWidth) * ratio, opacity) };
  });
}

function packed([red, green, blue]: Rgb): number {
  return 0xff000000 | (blue << 16) | (green << 8) | red;
}
