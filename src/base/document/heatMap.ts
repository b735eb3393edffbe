import { escapeMarkup } from './escape.ts';

/** A square table of shares, drawn. */
export interface HeatMap {
  readonly title: string;
  /** Of the rows and of the columns. */
  readonly names: readonly string[];
  /** In [0, 1], row by row. */
  readonly values: readonly (readonly number[])[];
  /** What the rows and the columns are. */
  readonly rows: string;
  readonly columns: string;
}

const SPACE = 400;
const SMALLEST = 11;
const LARGEST = 34;
const LONGEST_NAME = 16;
/** Room for a name, and for what the rows or columns are. */
const MARGIN = 120;

/**
 * A heat map as standalone SVG text without colours of its own: every screen styles the classes `heat` (fill; its opacity
 * is the value), `label` and `axis`. Each cell says its value when it is pointed at.
 */
export function drawHeatMap({ title, names, values, rows, columns }: HeatMap): string {
  const cell = Math.max(SMALLEST, Math.min(LARGEST, SPACE / Math.max(1, names.length)));
  const side = cell * names.length;
  const size = MARGIN + side + 4;
  const parts = [
    `<title>${escapeMarkup(title)}</title>`,
    label(0, MARGIN + side / 2, rows, 'middle', `rotate(-90 0 ${round(MARGIN + side / 2)}) translate(0 11)`),
    label(MARGIN + side / 2, 11, columns, 'middle'),
    ...names.flatMap((name, at) => nameLabels(name, MARGIN + (at + 0.5) * cell)),
    ...values.flatMap((row, y) => row.map((value, x) => drawCell(value, [names[y], names[x]], x, y, cell))),
    `<path class="axis" fill="none" d="M${MARGIN} ${MARGIN}h${round(side)}v${round(side)}h${round(-side)}Z"/>`,
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(size)} ${round(size)}" role="img" ` +
    `font-size="${round(Math.min(11, 0.95 * cell))}">${parts.join('')}</svg>`
  );
}

function drawCell(value: number, [row = '', column = '']: (string | undefined)[], x: number, y: number, cell: number) {
  const words = `${row} as ${column}: ${(100 * value).toFixed(1)} %`;
  return (
    `<rect class="heat" x="${round(MARGIN + x * cell)}" y="${round(MARGIN + y * cell)}" width="${round(cell)}" ` +
    `height="${round(cell)}" fill-opacity="${value.toFixed(3)}"><title>${escapeMarkup(words)}</title></rect>`
  );
}

/** Beside its row and, turned, above its column. */
function nameLabels(name: string, middle: number): string[] {
  const short = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
  const [near, centre] = [MARGIN - 5, round(middle + 3.5)];
  return [label(near, centre, short, 'end'), label(0, 0, short, 'start', `translate(${centre} ${near}) rotate(-90)`)];
}

function label(x: number, y: number, text: string, anchor: 'start' | 'middle' | 'end', transform?: string): string {
  const turned = transform === undefined ? '' : ` transform="${transform}"`;
  return `<text class="label" x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"${turned}>${escapeMarkup(text)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
