import type { Matrix } from '../../base/matrix.ts';
import { COLUMNS, DEPTH, type Kernel, openKernel, ROWS } from './kernel.ts';

const PAGE_BYTES = 65_536;
/** Rows of a left factor that are in memory at once. */
const BLOCK = 512;
/** Groups of rows that meet one panel after the other: of 512 dimensions they take 128 KB, and stay in the second cache. */
const GROUPS = 16;

/**
 * The right factor of products, K × M, which many left factors may meet. An element of a product depends on its row and
 * its column alone, to the last bit, not on where they stand in a block.
 */
export class RightFactor {
  readonly columns: number;
  /** Panels of {@link COLUMNS} columns end to end, each row after row, filled up with zeros. */
  readonly panels: Float32Array;
  /** Inner dimensions, filled up. */
  readonly depth: number;

  private constructor(rows: number, columns: number) {
    this.columns = columns;
    this.depth = roundUp(Math.max(1, rows), DEPTH);
    this.panels = new Float32Array(this.depth * roundUp(columns, COLUMNS));
  }

  static of({ rows, columns, data }: Matrix): RightFactor {
    const factor = new RightFactor(rows, columns);
    const { panels, depth } = factor;
    for (let k = 0, at = 0; k < rows; k++) {
      for (let c = 0; c < columns; c++, at++) {
        panels[(c - (c % COLUMNS)) * depth + k * COLUMNS + (c % COLUMNS)] = data[at] ?? 0;
      }
    }
    return factor;
  }

  /** Mᵀ. */
  static transposed({ rows, columns, data }: Matrix): RightFactor {
    const factor = new RightFactor(columns, rows);
    const { panels, depth } = factor;
    for (let c = 0, from = 0; c < rows; c++) {
      let at = (c - (c % COLUMNS)) * depth + (c % COLUMNS);
      for (let k = 0; k < columns; k++, from++, at += COLUMNS) panels[at] = data[from] ?? 0;
    }
    return factor;
  }

  /** `left` (N × K) times this factor: N × M. */
  times(left: Matrix): Matrix {
    const data = new Float32Array(left.rows * this.columns);
    for (let from = 0; from < left.rows; from += BLOCK) {
      const block = blockOf(left, from, Math.min(left.rows, from + BLOCK));
      data.set(this.view(block).data, from * this.columns);
    }
    return { rows: left.rows, columns: this.columns, data };
  }

  /** As {@link times}, for as many rows as a tile has at most, in memory that the next product of this thread uses again. */
  view(left: Matrix): Matrix {
    multiplier ??= new Multiplier();
    return multiplier.multiply(left, this);
  }
}

/** A·B. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  return RightFactor.of(b).times(a);
}

/** AᵀB of two matrices with the same number of rows. */
export function multiplyTransposed(a: Matrix, b: Matrix): Matrix {
  return multiply(turned(a), b);
}

/** The kernel of this thread with its memory: the panels of a right factor, rows of a left one, and their product. */
class Multiplier {
  readonly #memory = new WebAssembly.Memory({ initial: 1 });
  readonly #kernel: Kernel = openKernel(this.#memory);
  #loaded: RightFactor | undefined;

  multiply({ rows, columns: depth, data }: Matrix, right: RightFactor): Matrix {
    const width = roundUp(right.columns, COLUMNS);
    const [leftAt, leftRow] = [right.panels.length, right.depth];
    const groups = Math.ceil(rows / ROWS);
    const productAt = leftAt + groups * ROWS * leftRow;
    const numbers = this.#numbers(productAt + groups * ROWS * width);
    if (this.#loaded !== right) numbers.set(right.panels);
    this.#loaded = right;
    if (depth === leftRow) numbers.set(data, leftAt);
    else {
      numbers.fill(0, leftAt, productAt);
      for (let r = 0; r < rows; r++) numbers.set(data.subarray(r * depth, (r + 1) * depth), leftAt + r * leftRow);
    }
    for (let group = 0; group < groups; group += GROUPS) {
      const row = group * ROWS;
      const some = Math.min(GROUPS, groups - group);
      for (let c = 0; c < width; c += COLUMNS) {
        const [left, product] = [leftAt + row * leftRow, productAt + row * width + c];
        this.#kernel(4 * left, 4 * c * leftRow, 4 * product, 4 * leftRow, some, 4 * width);
      }
    }
    const product = numbers.subarray(productAt, productAt + rows * width);
    return { rows, columns: right.columns, data: withoutFilling(product, width, right.columns) };
  }

  /** At least so many; what a smaller memory held is still there. */
  #numbers(count: number): Float32Array {
    const pages = Math.ceil((4 * count) / PAGE_BYTES) - this.#memory.buffer.byteLength / PAGE_BYTES;
    if (pages > 0) this.#memory.grow(pages);
    return new Float32Array(this.#memory.buffer);
  }
}

/** Opened with the first product of the thread. */
let multiplier: Multiplier | undefined;

function blockOf({ columns, data }: Matrix, from: number, to: number): Matrix {
  return { rows: to - from, columns, data: data.subarray(from * columns, to * columns) };
}

function turned({ rows, columns, data }: Matrix): Matrix {
  const values = new Float32Array(data.length);
  for (let r = 0, from = 0; r < rows; r++) {
    for (let c = 0, at = r; c < columns; c++, from++, at += rows) values[at] = data[from] ?? 0;
  }
  return { rows: columns, columns: rows, data: values };
}

/** The first `columns` of `width` numbers of each row, moved together in place. */
function withoutFilling(rows: Float32Array, width: number, columns: number): Float32Array {
  if (width === columns) return rows;
  const count = rows.length / Math.max(1, width);
  for (let r = 1; r < count; r++) rows.copyWithin(r * columns, r * width, r * width + columns);
  return rows.subarray(0, count * columns);
}

function roundUp(count: number, step: number): number {
  return Math.ceil(count / step) * step;
}
