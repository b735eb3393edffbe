import { element } from '../dom.ts';
import type { Point, Size } from './data.ts';
import { type Marks, Overlay } from './overlay.ts';
import { Pace } from './pace.ts';
import type { Painter } from './painter.ts';
import { type Picture, pictureOf } from './picture.ts';
import { onThemeChange, readTheme } from './readTheme.ts';
import type { Scene } from './scene.ts';
import type { Theme } from './theme.ts';
import { boxInSight, fitted, pan, type Sight, sightOf, toMap, type View, viewOf, zoomAt } from './view.ts';

/** Pairs in sight, or of the selection, up to which they are drawn as lines. */
const fewLinks = 300;

const none = new Uint32Array();

/**
 * The picture of a scene and what part of it is in sight. Each movement draws as many points as the machine can in a
 * frame; the frames that follow add the others, until all are there.
 */
export class Stage {
  readonly element: HTMLElement;
  theme: Theme = readTheme();
  view: View = { x: 0, y: 0, scale: 1 };
  size: Size = { width: 0, height: 0 };
  hovered: number | undefined;
  cursor: number | undefined;
  lasso: readonly Point[] = [];
  private readonly overlay: Overlay;
  private readonly pace = new Pace();
  private fitting: View = this.view;
  private links: Uint32Array = none;
  private isRequested = false;
  /** What the next frame does: draws anew, or the overlay alone. */
  private isStale = true;
  private isMarked = true;
  private isSettled = false;
  /** How many points of the order the picture holds by now. */
  private drawn = 0;
  private lastFrame: number | undefined;

  constructor(
    private readonly scene: Scene,
    private painter: Painter,
    private readonly events: { viewed(): void; themed(): void },
    /** What is in sight at first, and from then on; none where all is. */
    public sight: Sight | undefined,
    signal: AbortSignal,
  ) {
    this.overlay = new Overlay(scene.data.positions);
    this.element = element('div', { class: 'map-stage', tabindex: 0 }, painter.canvas, this.overlay.canvas);
    const observer = new ResizeObserver(() => this.resize());
    observer.observe(this.element);
    // The zoom of the window changes the pixels without changing the size.
    window.addEventListener('resize', () => this.redraw(), { signal });
    onThemeChange(() => this.retheme(), signal);
    signal.addEventListener('abort', () => observer.disconnect());
    this.restyle();
  }

  /** Draws the points by another painter from now on. */
  paintWith(painter: Painter): void {
    this.painter.canvas.replaceWith(painter.canvas);
    this.painter = painter;
    this.restyle();
  }

  /** Draws the points anew with the styles that the scene gives them now. */
  restyle(): void {
    this.painter.style(this.scene.styles(this.theme));
    this.redraw();
  }

  redraw(): void {
    this.isStale = true;
    this.isSettled = false;
    this.request();
  }

  /** Draws what lies over the points anew. */
  mark(): void {
    this.isMarked = true;
    this.request();
  }

  reset(): void {
    this.show(undefined);
  }

  pan(right: number, down: number): void {
    this.show(sightOf(pan(this.view, right, down), this.fitting));
  }

  /** Zooms about a place, the middle unless said. Returns whether there was room to. */
  zoom(factor: number, at: Point = { x: this.size.width / 2, y: this.size.height / 2 }): boolean {
    const view = zoomAt(this.view, this.size, at, factor, this.fitting);
    if (view.scale === this.view.scale) return false;
    this.show(sightOf(view, this.fitting));
    return true;
  }

  /** The point that a place on the screen is on or near. */
  pointAt(at: Point, pixels: number): number | undefined {
    const { index, isShown } = this.scene;
    return index.nearest(toMap(this.view, this.size, at), pixels / this.view.scale, isShown);
  }

  /** The points in sight that are nearest to the middle, nearest first. */
  nearestToMiddle(most: number): number[] {
    const corner = Math.hypot(this.size.width, this.size.height) / 2 / this.view.scale;
    for (let radius = corner / 256; ; radius *= 2) {
      const found = this.scene.index.within(this.view, Math.min(radius, corner), most, this.scene.isShown);
      if (found.length === most || radius >= corner) return found;
    }
  }

  placeOf(point: number): Point {
    return this.overlay.place(point, this.picture());
  }

  toMap(at: Point): Point {
    return toMap(this.view, this.size, at);
  }

  /** The whole picture on a canvas of its own, with `ratio` pixels for a CSS pixel. Without what is pointed at. */
  copy(ratio: number): HTMLCanvasElement {
    const picture = { ...this.picture(), ratio };
    const width = Math.round(this.size.width * ratio);
    const copy = element('canvas', { width, height: Math.round(this.size.height * ratio) });
    const brush = copy.getContext('2d');
    this.painter.clear(picture);
    this.painter.draw(picture, 0, this.painter.count);
    brush?.drawImage(this.painter.canvas, 0, 0);
    if (brush) this.overlay.drawOn(brush, picture, this.theme, { ...this.marks(), ...unmarked });
    this.redraw();
    return copy;
  }

  picture(): Picture {
    const { view, size, theme } = this;
    const dimmed = this.scene.selected.length > 0;
    return pictureOf({ view, size, theme, dimmed }, this.painter.count, this.fitting, window.devicePixelRatio);
  }

  /** The pairs that are drawn as lines while nothing is pointed at. */
  linksShown(): Uint32Array {
    return this.links;
  }

  private show(sight: Sight | undefined): void {
    this.sight = sight;
    this.view = viewOf(sight, this.fitting);
    this.redraw();
    this.events.viewed();
  }

  private resize(): void {
    this.size = { width: this.element.clientWidth, height: this.element.clientHeight };
    this.fitting = fitted(this.scene.index.bounds, this.size);
    this.view = viewOf(this.sight, this.fitting);
    this.redraw();
  }

  private retheme(): void {
    this.theme = readTheme();
    this.restyle();
    this.events.themed();
  }

  private request(): void {
    if (this.isRequested) return;
    this.isRequested = true;
    requestAnimationFrame((now) => {
      this.isRequested = false;
      this.frame(now);
    });
  }

  private frame(now: number): void {
    if (this.size.width === 0 || this.size.height === 0) return;
    if (this.lastFrame !== undefined) this.pace.took(now - this.lastFrame);
    const picture = this.picture();
    const isAdding = this.isStale || this.drawn < this.painter.count;
    if (isAdding) this.addPoints(picture);
    if (!isAdding && !this.isSettled) this.settle();
    if (isAdding || this.isMarked) this.overlay.draw(picture, this.theme, this.marks());
    this.isMarked = false;
    // One frame more, that tells how long this one took.
    this.lastFrame = isAdding ? now : undefined;
    if (isAdding) this.request();
  }

  private addPoints(picture: Picture): void {
    if (this.isStale) {
      this.painter.clear(picture);
      this.drawn = 0;
      this.isStale = false;
    }
    const to = Math.min(this.painter.count, this.drawn + this.pace.points);
    this.painter.draw(picture, this.drawn, to);
    this.drawn = to;
  }

  /** Looks for the links to draw, once nothing moves. */
  private settle(): void {
    const { links, selected, isChosen, isShown, data } = this.scene;
    this.isSettled = true;
    this.isMarked = true;
    this.links =
      selected.length > 0
        ? links.of(fewLinks, isChosen, isShown)
        : links.touching(boxInSight(this.view, this.size), data.positions, fewLinks, isShown);
  }

  private marks(): Marks {
    const { hovered, cursor, lasso, links } = this;
    return { links, strongLinks: this.linksOf(hovered ?? cursor), hovered, cursor, lasso };
  }

  private linksOf(point: number | undefined): Uint32Array {
    if (point === undefined) return none;
    const partners = [...this.scene.links.partnersOf(point)].filter(this.scene.isShown);
    return Uint32Array.from(partners.slice(0, fewLinks).flatMap((partner) => [point, partner]));
  }
}

const unmarked = { strongLinks: none, hovered: undefined, cursor: undefined, lasso: [] };
