import type { Rgb } from '../rgb.ts';
import type { MapColour, MapData } from './data.ts';
import { GridIndex } from './gridIndex.ts';
import { Links } from './links.ts';
import { categoryColours, rampColour } from './palette.ts';
import type { Theme } from './theme.ts';

/** What the fourth byte of a point's style says. */
export const flags = { second: 1, hidden: 2, selected: 4 } as const;

/** Steps of the ramp that numbers are coloured by. */
const steps = 256;

/** What is on a map and what of it is shown, whoever draws it. */
export class Scene {
  readonly index: GridIndex;
  readonly links: Links;
  selected: Uint32Array = new Uint32Array();
  private readonly kindHidden = new Uint8Array(2);
  private categoryHidden = new Uint8Array();
  private readonly isDrawn: Uint8Array;
  private readonly isSelected: Uint8Array;

  /** `order` holds the points that are drawn, in the order in which they are. */
  constructor(
    readonly data: MapData,
    readonly order: Uint32Array,
    private colour: MapColour,
  ) {
    this.index = new GridIndex(data.positions, order);
    this.links = new Links(data.kind.length, data.pairs);
    this.isDrawn = new Uint8Array(data.kind.length);
    this.isSelected = new Uint8Array(data.kind.length);
    for (const point of order) this.isDrawn[point] = this.isFinite(point) ? 1 : 0;
    this.recolour(colour);
  }

  /** Whether a point can be seen, pointed at and selected. */
  readonly isShown = (point: number): boolean =>
    this.isDrawn[point] === 1 &&
    this.kindHidden[this.data.kind[point] ?? 0] !== 1 &&
    (this.colour.kind !== 'category' || this.categoryHidden[this.colour.values[point] ?? 0] !== 1);

  /** Whether a point belongs to the selection. */
  readonly isChosen = (point: number): boolean => this.isSelected[point] === 1;

  get colouring(): MapColour {
    return this.colour;
  }

  /** Colours the points by something else; hidden categories come back. */
  recolour(colour: MapColour): void {
    this.colour = colour;
    this.categoryHidden = new Uint8Array(colour.kind === 'category' ? colour.names.length : 0);
  }

  hideKind(kind: 0 | 1, hidden: boolean): void {
    this.kindHidden[kind] = Number(hidden);
  }

  isKindHidden(kind: 0 | 1): boolean {
    return this.kindHidden[kind] === 1;
  }

  hideCategory(category: number, hidden: boolean): void {
    this.categoryHidden[category] = Number(hidden);
  }

  isCategoryHidden(category: number): boolean {
    return this.categoryHidden[category] === 1;
  }

  select(points: Uint32Array): void {
    this.selected = points;
    this.isSelected.fill(0);
    for (const point of points) this.isSelected[point] = 1;
  }

  /** 4 bytes for each drawn point: red, green, blue, and {@link flags}. */
  styles(theme: Theme): Uint8Array {
    const { colours, entryOf } = this.palette(theme);
    const table = Uint8Array.from([...colours, theme.muted].flat());
    const bytes = new Uint8Array(4 * this.order.length);
    for (let place = 0; place < this.order.length; place++) {
      const point = this.order[place] ?? 0;
      const entry = 3 * Math.min(colours.length, entryOf(point));
      bytes[4 * place] = table[entry] ?? 0;
      bytes[4 * place + 1] = table[entry + 1] ?? 0;
      bytes[4 * place + 2] = table[entry + 2] ?? 0;
      bytes[4 * place + 3] =
        (this.data.kind[point] === 1 ? flags.second : 0) |
        (this.isShown(point) ? 0 : flags.hidden) |
        (this.isSelected[point] === 1 ? flags.selected : 0);
    }
    return bytes;
  }

  /** The colours there are, and which of them a point has; an entry beyond the last stands for what is not known. */
  private palette({ background, foreground, kinds }: Theme): { colours: Rgb[]; entryOf(point: number): number } {
    const { colour, data } = this;
    if (colour.kind === 'category') {
      const { values, names } = colour;
      const colours = categoryColours(names.length, background, foreground);
      return { colours, entryOf: (point) => values[point] ?? names.length };
    }
    if (colour.kind === 'number') {
      const { values, low, high } = colour;
      const colours = Array.from({ length: steps }, (_, step) => rampColour(step / (steps - 1), background));
      const scale = (steps - 1) / (high - low || 1);
      const entryOf = (point: number) => {
        const value = values[point] ?? Number.NaN;
        return Number.isNaN(value) ? steps : Math.max(0, Math.min(steps - 1, Math.round((value - low) * scale)));
      };
      return { colours, entryOf };
    }
    return { colours: [...kinds], entryOf: (point) => data.kind[point] ?? 0 };
  }

  private isFinite(point: number): boolean {
    return Number.isFinite((this.data.positions[2 * point] ?? NaN) + (this.data.positions[2 * point + 1] ?? NaN));
  }
}
