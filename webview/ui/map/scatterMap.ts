import { element, fill } from '../dom.ts';
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
import { RegionTool } from './regionTool.ts';
import { Scene } from './scene.ts';
import { Stage } from './stage.ts';
import { tools } from './tools.ts';
import { Tooltip } from './tooltip.ts';
import type { Sight } from './view.ts';
import { Walk } from './walk.ts';

export interface MapEvents {
  /** A line or a few about a point, for the tooltip and the screen reader. A promise of it must not fail. */
  describe(point: number): string | Promise<string>;
  /** A point was clicked, or Enter pressed on it. */
  open(point: number): void;
  /**
   * The user selected points, in the order of their indices, within an outline in units of the map; none when the
   * selection was cleared.
   */
  select(points: Uint32Array, outline: readonly Point[]): void;
  /** The user looks at another part of the map; at all of it where there is no sight. */
  view(sight: Sight | undefined): void;
}

export interface MapOptions {
  /** Of the element that has the focus: it keeps it when the page is drawn anew. */
  readonly id: string;
  /** What is in sight at first, where it is not all of the map. */
  readonly sight?: Sight | undefined;
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
  private readonly scene: Scene;
  private readonly stage: Stage;
  private readonly tooltip = new Tooltip();
  private readonly status = element('p', { class: 'map-status muted', role: 'status' });
  private readonly limit = element('p', { class: 'map-limit muted', role: 'status' });
  private key: HTMLElement;
  private isLassoing = false;
  private readonly region = this.makeRegion();
  /** Of the keyboard, through what is nearest to the middle: anew whenever something else is in sight. */
  private walk: Walk | undefined;

  /** `signal` ends what the map listens to outside of its element. */
  constructor(
    data: MapData,
    private readonly events: MapEvents,
    { id, sight }: MapOptions,
    signal: AbortSignal,
  ) {
    const order = evenOrder(data.kind.length);
    const painter = this.makePainter(data, order, signal);
    this.scene = new Scene(data, order.subarray(0, painter.count), data.colour);
    const stageEvents = { viewed: () => this.viewed(), themed: () => this.drawLegend() };
    this.stage = new Stage(this.scene, painter, stageEvents, sight, signal);
    this.limit.textContent = painter.limit;
    this.key = this.makeLegend();
    this.element = this.assemble(data, id);
    this.listen();
  }

  /** Colours the points by something else. */
  recolour(colour: MapColour): void {
    this.scene.recolour(colour);
    this.stage.restyle();
    this.drawLegend();
  }

  /** Lets points stand out as selected, without telling anybody. */
  mark(points: Uint32Array): void {
    this.scene.select(points);
    this.stage.restyle();
  }

  /** The points in sight or not that an outline encloses, in units of the map: what a lasso would select. */
  enclosed(outline: readonly Point[]): Uint32Array {
    return pointsInside(outline, this.scene.index, this.scene.isShown);
  }

  /** What is in sight, on the theme's background, with two pixels for a CSS pixel. Fails where it is too large. */
  toPng(): Promise<Blob> {
    return pngOf(this.stage);
  }

  /** What is in sight as an SVG: shapes up to 20,000 points in sight, a PNG within it beyond. */
  toSvg(): string {
    return svgOf(this.scene, this.stage);
  }

  /** The graphics card as long as it draws, else the processor. */
  private makePainter({ positions }: MapData, order: Uint32Array, signal: AbortSignal): Painter {
    const context = {
      lost: () => this.paintWith(new CpuPainter(positions, this.scene.order, 'lost')),
      restored: () => card && this.paintWith(card),
    };
    const card = GlPainter.create(positions, order, context, signal);
    return card ?? new CpuPainter(positions, order, 'none');
  }

  private paintWith(painter: Painter): void {
    this.stage.paintWith(painter);
    this.limit.textContent = painter.limit;
  }

  private assemble(data: MapData, id: string): HTMLElement {
    const { element: stage } = this.stage;
    const help = element('p', { id: `${id}-keys`, class: 'map-keys muted' }, keysSentence);
    fill(stage, { id, role: 'application', 'aria-label': labelOf(data), 'aria-describedby': help.id }, [
      this.tooltip.element,
    ]);
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
      this.limit,
      help,
    );
  }

  private listen(): void {
    const { stage } = this;
    stage.element.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (this.region.press(event)) return event.preventDefault();
      const isKnown = pressKey(event.key, {
        pan: (right, down) => stage.pan(right, down),
        zoom: (factor) => stage.zoom(factor),
        reset: () => stage.reset(),
        step: (by) => this.step(by),
        openCursor: () => stage.cursor !== undefined && this.events.open(stage.cursor),
        startRegion: () => this.startRegion(),
        clear: () => this.clear(),
      });
      if (isKnown) event.preventDefault();
    });
    stage.element.addEventListener('blur', () => this.region.end());
    stage.element.addEventListener('pointerdown', () => this.region.end());
    listenToPointer(stage.element, {
      lassoing: () => this.isLassoing,
      pan: (right, down) => stage.pan(right, down),
      zoom: (at, factor) => stage.zoom(factor, at),
      hover: (at) => this.hover(stage.pointAt(at, near)),
      leave: () => this.hover(undefined),
      open: (at) => this.open(stage.pointAt(at, near)),
      lasso: (outline) => this.outline(outline),
      lassoed: (outline) => this.choose(this.outline(outline)),
    });
  }

  /** The rectangle of the keyboard; its words take the place of those about a point. */
  private makeRegion(): RegionTool {
    return new RegionTool({
      size: () => this.stage.size,
      outline: (outline) => {
        const points = this.enclosed(this.outline(outline)).length;
        this.status.textContent = outline.length === 0 ? 'No rectangle' : `Rectangle around ${plural(points, 'point')}`;
      },
      choose: (outline) => this.choose(this.outline(outline)),
    });
  }

  private startRegion(): void {
    const { cursor, size } = this.stage;
    this.tooltip.hide();
    this.region.start(cursor === undefined ? { x: size.width / 2, y: size.height / 2 } : this.stage.placeOf(cursor));
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

  private choose(outline: readonly Point[]): void {
    const points = this.enclosed(outline);
    this.stage.lasso = [];
    this.mark(points);
    this.status.textContent = outline.length === 0 ? '' : `${plural(points.length, 'point')} selected`;
    this.events.select(points, outline);
  }

  private clear(): void {
    this.stage.cursor = undefined;
    this.walk = undefined;
    this.tooltip.hide();
    this.choose([]);
  }

  private lassoWith(on: boolean): void {
    this.isLassoing = on;
    this.stage.element.classList.toggle('lassoing', on);
  }

  private viewed(): void {
    this.walk = undefined;
    this.stage.hovered = undefined;
    this.tooltip.hide();
    this.region.refresh();
    this.events.view(this.stage.sight);
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
