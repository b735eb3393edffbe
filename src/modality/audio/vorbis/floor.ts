import { bitLength, type PackedBits } from './bits.ts';
import type { Codebook } from './codebook.ts';
import { DamagedStream, pick } from './damage.ts';

const RANGES = [256, 128, 86, 64];
/** §10.1: 256 steps over 140 dB, the last of which is 1. */
const AMPLITUDES = Float32Array.from({ length: 256 }, (_, step) => 10 ** (((step - 255) * 140) / 256 / 20));

interface FloorClass {
  readonly dimensions: number;
  readonly subclassBits: number;
  readonly master: Codebook | undefined;
  readonly books: readonly (Codebook | undefined)[];
}

/** The spectral envelope as a line through points (Vorbis I, §7, floor type 1). */
export class Floor {
  readonly #classes: readonly FloorClass[];
  readonly #partitions: readonly number[];
  readonly #multiplier: number;
  /** Where the points are: two at the ends, then the others as they are coded. */
  readonly #positions: readonly number[];
  /** Of each point from the third on, the nearest earlier points below and above it. */
  readonly #neighbours: readonly (readonly [low: number, high: number])[];
  /** Indices of the points from left to right. */
  readonly #order: readonly number[];

  constructor(bits: PackedBits, books: readonly Codebook[]) {
    // Type 0 was given up before encoders were released.
    if (bits.read(16) !== 1) throw new DamagedStream('a floor is of a type that nobody uses');
    this.#partitions = Array.from({ length: bits.read(5) }, () => bits.read(4));
    const classCount = Math.max(-1, ...this.#partitions) + 1;
    this.#classes = Array.from({ length: classCount }, () => readClass(bits, books));
    this.#multiplier = bits.read(2) + 1;
    const width = bits.read(4);
    const inner = this.#partitions.flatMap((index) =>
      Array.from({ length: pick(this.#classes, index).dimensions }, () => bits.read(width)),
    );
    this.#positions = [0, 2 ** width, ...inner];
    if (new Set(this.#positions).size < this.#positions.length) throw new DamagedStream('a floor is damaged');
    this.#neighbours = this.#positions.map((_, point) => neighboursOf(this.#positions, point));
    this.#order = [...this.#positions.keys()].sort((a, b) => (this.#positions[a] ?? 0) - (this.#positions[b] ?? 0));
  }

  /** The coded heights of the points; `undefined` for a channel that is silent in this block (§7.2.3). */
  read(bits: PackedBits): number[] | undefined {
    if (!bits.flag()) return undefined;
    const width = bitLength((RANGES[this.#multiplier - 1] ?? 0) - 1);
    const heights = [bits.read(width), bits.read(width)];
    for (const index of this.#partitions) {
      const { dimensions, subclassBits, master, books } = pick(this.#classes, index);
      let selector = master?.readEntry(bits) ?? 0;
      for (let dimension = 0; dimension < dimensions; dimension++) {
        heights.push(books[selector & (2 ** subclassBits - 1)]?.readEntry(bits) ?? 0);
        selector >>= subclassBits;
      }
    }
    return heights;
  }

  /** Multiplies a spectrum by the envelope through these heights (§7.2.4). */
  apply(coded: readonly number[], spectrum: Float32Array): void {
    const { heights, isUsed } = this.#unwrap(coded);
    let [fromX, fromY] = [0, (heights[0] ?? 0) * this.#multiplier];
    for (const point of this.#order.slice(1)) {
      if (!isUsed[point]) continue;
      const [toX, toY] = [this.#positions[point] ?? 0, (heights[point] ?? 0) * this.#multiplier];
      applyLine(spectrum, fromX, fromY, toX, toY);
      [fromX, fromY] = [toX, toY];
    }
    applyLine(spectrum, fromX, fromY, spectrum.length, fromY);
  }

  /** Heights are coded as differences from the line between the neighbours, wrapped into the range. */
  #unwrap(coded: readonly number[]): { heights: number[]; isUsed: boolean[] } {
    const range = RANGES[this.#multiplier - 1] ?? 0;
    const heights = coded.slice(0, 2);
    const isUsed = [true, true];
    for (let point = 2; point < this.#positions.length; point++) {
      const [low, high] = this.#neighbours[point] ?? [0, 1];
      const predicted = pointOnLine(
        this.#positions[low] ?? 0,
        heights[low] ?? 0,
        this.#positions[high] ?? 0,
        heights[high] ?? 0,
        this.#positions[point] ?? 0,
      );
      const value = coded[point] ?? 0;
      isUsed[point] = value !== 0;
      if (value !== 0) [isUsed[low], isUsed[high]] = [true, true];
      heights[point] = predicted + unfold(value, predicted, range - predicted);
    }
    return { heights, isUsed };
  }
}

function readClass(bits: PackedBits, books: readonly Codebook[]): FloorClass {
  const dimensions = bits.read(3) + 1;
  const subclassBits = bits.read(2);
  const master = subclassBits > 0 ? pick(books, bits.read(8)) : undefined;
  const subclasses = Array.from({ length: 2 ** subclassBits }, () => {
    const book = bits.read(8) - 1;
    return book < 0 ? undefined : pick(books, book);
  });
  return { dimensions, subclassBits, master, books: subclasses };
}

function neighboursOf(positions: readonly number[], point: number): readonly [number, number] {
  const own = positions[point] ?? 0;
  let [low, high] = [0, 1];
  for (let other = 0; other < point; other++) {
    const position = positions[other] ?? 0;
    if (position < own && position > (positions[low] ?? 0)) low = other;
    if (position > own && position < (positions[high] ?? 0)) high = other;
  }
  return [low, high];
}

/** Small differences go to both sides in turn; where one side has no more room, all go to the other one. */
function unfold(value: number, lowRoom: number, highRoom: number): number {
  if (value >= 2 * Math.min(lowRoom, highRoom)) {
    return highRoom > lowRoom ? value - lowRoom : highRoom - value - 1;
  }
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
}

/** §9.2.6. */
function pointOnLine(x0: number, y0: number, x1: number, y1: number, x: number): number {
  const offset = Math.floor((Math.abs(y1 - y0) * (x - x0)) / (x1 - x0));
  return y1 < y0 ? y0 - offset : y0 + offset;
}

/** §9.2.7: a line of whole numbers, each of which stands for an amplitude. */
function applyLine(spectrum: Float32Array, x0: number, y0: number, x1: number, y1: number): void {
  const width = x1 - x0;
  const base = Math.trunc((y1 - y0) / width);
  const step = y1 < y0 ? base - 1 : base + 1;
  const remainder = Math.abs(y1 - y0) - Math.abs(base) * width;
  let [y, error] = [y0, 0];
  for (let x = x0; x < x1 && x < spectrum.length; x++) {
    spectrum[x] = (spectrum[x] ?? 0) * (AMPLITUDES[Math.max(0, Math.min(255, y))] ?? 0);
    error += remainder;
    if (error >= width) {
      error -= width;
      y += step;
    } else {
      y += base;
    }
  }
}
