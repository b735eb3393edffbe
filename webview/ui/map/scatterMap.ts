import { element } from '../dom.ts';
import { plural } from '../numbers.ts';
import { CpuPainter } from './cpuPainter.ts';
import type { MapColour, MapData, Point } from './data.ts';
import { listenToPointer } from './gestures.ts';
import { GlPainter } from './glPainter.ts';
import { pngOf, svgOf } from './image.ts';
import { keysSentence, pressKey } from './keys.ts';
import { pointsInside } from './lasso.ts';
import { legend } from './legend.ts';
import { evenOrder } from './order.ts';
import type { Painter } from './painter.ts';
import { Scene } from './scene.ts';
import { Stage } from './stage.ts';
import { tools } from './tools.ts';
import { Tooltip } from './tooltip.ts';
import { Walk } from './walk.ts';

export interface MapEvents {
  /** A line or a few about a point, for the tooltip and the screen reader. A promise of it must not fail. */
  describe(point: number): string | Promise<string>;
  /** A point was clicked, or Enter pressed on it. */
  open(point: number): void;
  /** The user selected points, in the order of their indices; none when the selection was cleared. */
  select(points: Uint32Array): void;
}

/** How near to a point one points at it, in CSS pixels. */
const near = 8;
/** Points that the keyboard steps through. */
const mostSteps = 200;

/**
 * A map of up to a million points in two modalities, with links between partners: zoomed and moved by pointer and keys,
 * with a lasso, a legend, and words about the point that is pointed at.
 */
export class ScatterMap {
  readonly element: HTMLElement;
  private readonly painter: Painter;
  private readonly scene: Scene;
  private readonly stage: Stage;
  private readonly tooltip = new Tooltip();
  private readonly status = element('p', { class: 'map-status muted', role: 'status' });
  private key: HTMLElement;
  private isLassoing = false;
  /** Of the keyboard, through what is nearest to the middle: anew whenever something else is in sight. */
  private walk: Walk | undefined;

  /** `signal` ends what the map listens to outside of its element. */
  constructor(
    data: MapData,
    private readonly events: MapEvents,
    signal: AbortSignal,
  ) {
    const order = evenOrder(data.kind.length);
    const restored = () => this.stage.redraw();
    this.painter = GlPainter.create(data.positions, order, restored, signal) ?? new CpuPainter(data.positions, order);
    this.scene = new Scene(data, order.subarray(0, this.painter.count), data.colour);
    this.stage = new Stage(
      this.scene,
      this.painter,
      { viewed: () => this.viewed(), themed: () => this.drawLegend() },
      signal,
    );
    this.key = this.makeLegend();
    this.element = this.assemble(data);
    this.listen();
  }

  /** Colours the points by something else. */
  recolour(colour: MapColour): void {
    this.scene.recolour(colour);
    this.stage.restyle();
    this.drawLegend();
  }

  /** Selects points, as if the user had, but without telling. */
  select(points: Uint32Array): void {
    this.scene.select(points);
    this.stage.restyle();
    this.status.textContent = points.length === 0 ? '' : `${plural(points.length, 'point')} selected`;
  }

  /** What is in sight, on the theme's background, with two pixels for a CSS pixel. Fails where it is too large. */
  toPng(): Promise<Blob> {
    return pngOf(this.stage);
  }

  /** What is in sight as an SVG: shapes up to 20,000 points in sight, a PNG within it beyond. */
  toSvg(): string {
    return svgOf(this.scene, this.stage);
  }

  private assemble(data: MapData): HTMLElement {
    const { element: stage } = this.stage;
    stage.setAttribute('role', 'application');
    stage.setAttribute('aria-label', labelOf(data));
    stage.setAttribute('aria-description', keysSentence);
    stage.append(this.tooltip.element);
    const buttons = tools({
      zoom: (factor) => this.stage.zoom(factor),
      reset: () => this.stage.reset(),
      lasso: (on) => this.lassoWith(on),
    });
    return element(
      'div',
      { class: 'map' },
      element('div', { class: 'map-frame' }, stage, buttons),
      this.key,
      this.status,
      this.painter.limit === '' ? undefined : element('p', { class: 'map-limit muted' }, this.painter.limit),
    );
  }

  private listen(): void {
    const { stage } = this;
    stage.element.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const isKnown = pressKey(event.key, {
        pan: (right, down) => stage.pan(right, down),
        zoom: (factor) => stage.zoom(factor),
        reset: () => stage.reset(),
        step: (by) => this.step(by),
        openCursor: () => stage.cursor !== undefined && this.events.open(stage.cursor),
        clear: () => this.clear(),
      });
      if (isKnown) event.preventDefault();
    });
    listenToPointer(stage.element, {
      lassoing: () => this.isLassoing,
      pan: (right, down) => stage.pan(right, down),
      zoom: (at, factor) => stage.zoom(factor, at),
      hover: (at) => this.hover(stage.pointAt(at, near)),
      leave: () => this.hover(undefined),
      open: (at) => this.open(stage.pointAt(at, near)),
      lasso: (outline) => this.outline(outline),
      lassoed: (outline) => this.choose(pointsInside(this.outline(outline), this.scene.index, this.scene.isShown)),
    });
  }

  private hover(point: number | undefined): void {
    if (point === this.stage.hovered) return;
    this.stage.hovered = point;
    this.stage.element.classList.toggle('pointing', point !== undefined);
    this.stage.mark();
    this.tooltip.hide();
    if (point !== undefined) this.describe(point, () => this.stage.hovered === point);
  }

  private open(point: number | undefined): void {
    if (point !== undefined) this.events.open(point);
  }

  private step(by: 1 | -1): void {
    this.walk ??= new Walk(this.stage.nearestToMiddle(mostSteps));
    const point = this.walk.step(by);
    this.stage.cursor = point;
    this.stage.mark();
    if (point === undefined) this.status.textContent = 'No point is in sight.';
    else this.describe(point, () => this.stage.cursor === point, this.status);
  }

  /** Shows what is known about a point beside it, unless something else is `wanted` by then. */
  private async describe(point: number, wanted: () => boolean, voice?: HTMLElement): Promise<void> {
    const text = await this.events.describe(point);
    if (!wanted()) return;
    this.tooltip.show(text, this.stage.placeOf(point), this.stage.size);
    if (voice) voice.textContent = text;
  }

  /** Draws the lasso. Returns it in units of the map. */
  private outline(outline: readonly Point[]): readonly Point[] {
    this.stage.lasso = outline.map((corner) => this.stage.toMap(corner));
    this.stage.mark();
    return this.stage.lasso;
  }

  private choose(points: Uint32Array): void {
    this.stage.lasso = [];
    this.select(points);
    this.events.select(points);
  }

  private clear(): void {
    this.stage.cursor = undefined;
    this.walk = undefined;
    this.tooltip.hide();
    this.choose(new Uint32Array());
  }

  private lassoWith(on: boolean): void {
    this.isLassoing = on;
    this.stage.element.classList.toggle('lassoing', on);
  }

  private viewed(): void {
    this.walk = undefined;
    this.stage.hovered = undefined;
    this.tooltip.hide();
  }

  /** Something was hidden or has come back. */
  private refilter(): void {
    const { cursor } = this.stage;
    if (cursor !== undefined && !this.scene.isShown(cursor)) this.stage.cursor = undefined;
    this.walk = undefined;
    this.tooltip.hide();
    this.stage.restyle();
  }

  private drawLegend(): void {
    const next = this.makeLegend();
    this.key.replaceWith(next);
    this.key = next;
  }

  private makeLegend(): HTMLElement {
    return legend(this.scene, this.stage.theme, () => this.refilter());
  }
}

function labelOf({ kind, names, pairs }: MapData): string {
  const second = kind.reduce((sum, value) => sum + value, 0);
  const first = kind.length - second;
  const parts = `${plural(first, `${names[0]} circle`)}, ${plural(second, `${names[1]} diamond`)}`;
  return `Map of ${plural(kind.length, 'point')}: ${parts}, ${plural(pairs.length / 2, 'pair')}`;
}
