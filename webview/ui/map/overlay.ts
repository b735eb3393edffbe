import { element } from '../dom.ts';
import { css } from '../rgb.ts';
import type { Point } from './data.ts';
import { resize } from './painter.ts';
import type { Picture } from './picture.ts';
import type { Theme } from './theme.ts';
import { toScreen } from './view.ts';

/** What lies over the points. Points are named by their index, pairs flat by their two points. */
export interface Marks {
  readonly links: Uint32Array;
  /** The pairs of the point that is pointed at. */
  readonly strongLinks: Uint32Array;
  readonly hovered: number | undefined;
  readonly cursor: number | undefined;
  /** In units of the map. */
  readonly lasso: readonly Point[];
}

/** The few things over the points: links, rings and the lasso. */
export class Overlay {
  readonly canvas = element('canvas', { class: 'map-layer', 'aria-hidden': 'true' });
  private readonly brush = this.canvas.getContext('2d');

  constructor(private readonly positions: Float32Array) {}

  draw(picture: Picture, theme: Theme, marks: Marks): void {
    if (!this.brush) return;
    if (!resize(this.canvas, picture)) this.brush.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.drawOn(this.brush, picture, theme, marks);
  }

  /** The same on another canvas, over what is there. */
  drawOn(brush: CanvasRenderingContext2D, picture: Picture, theme: Theme, marks: Marks): void {
    brush.setTransform(picture.ratio, 0, 0, picture.ratio, 0, 0);
    brush.strokeStyle = css(theme.foreground);
    this.drawLinks(brush, picture, marks.links, theme.highContrast ? 0.6 : 0.35, 1);
    this.drawLinks(brush, picture, marks.strongLinks, 1, 1.5);
    for (const end of new Set(marks.strongLinks)) this.ring(brush, picture, end, 1);
    if (marks.hovered !== undefined) this.ring(brush, picture, marks.hovered, 2);
    brush.strokeStyle = css(theme.focus);
    if (marks.cursor !== undefined) this.ring(brush, picture, marks.cursor, 3);
    this.drawLasso(brush, picture, theme, marks.lasso);
    brush.setTransform(1, 0, 0, 1, 0, 0);
  }

  /** Where a point is on the screen. */
  place(point: number, { view, size }: Picture): Point {
    return toScreen(view, size, { x: this.positions[2 * point] ?? 0, y: this.positions[2 * point + 1] ?? 0 });
  }

  private drawLinks(
    brush: CanvasRenderingContext2D,
    picture: Picture,
    links: Uint32Array,
    opacity: number,
    width: number,
  ): void {
    if (links.length === 0) return;
    brush.globalAlpha = opacity;
    brush.lineWidth = width;
    brush.beginPath();
    for (let at = 0; at < links.length; at += 2) {
      const [from, to] = [this.place(links[at] ?? 0, picture), this.place(links[at + 1] ?? 0, picture)];
      brush.moveTo(from.x, from.y);
      brush.lineTo(to.x, to.y);
    }
    brush.stroke();
    brush.globalAlpha = 1;
  }

  private ring(brush: CanvasRenderingContext2D, picture: Picture, point: number, width: number): void {
    const { x, y } = this.place(point, picture);
    brush.lineWidth = width;
    brush.beginPath();
    brush.arc(x, y, picture.look.width / 2 + 3, 0, 2 * Math.PI);
    brush.stroke();
  }

  private drawLasso(
    brush: CanvasRenderingContext2D,
    { view, size }: Picture,
    theme: Theme,
    lasso: readonly Point[],
  ): void {
    if (lasso.length < 2) return;
    brush.beginPath();
    for (const corner of lasso) {
      const { x, y } = toScreen(view, size, corner);
      brush.lineTo(x, y);
    }
    brush.closePath();
    brush.fillStyle = css(theme.focus);
    brush.globalAlpha = 0.12;
    brush.fill();
    brush.globalAlpha = 1;
    brush.lineWidth = 1.5;
    brush.setLineDash([5, 3]);
    brush.stroke();
    brush.setLineDash([]);
  }
}
