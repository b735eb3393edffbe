import type { Matrix } from '../../base/matrix.ts';
import { COLUMNS, type Factor, FLOAT, ProductKernel, packedBytes, padded, SLACK } from '../../base/products/kernel.ts';
import { countRows, gatherInto, type Rows } from './rows.ts';

const PAGE_BYTES = 65_536;
/** Rows of a left factor that are in memory at once. */
const BLOCK = 512;

type Lying = Factor['lying'];

/**
 * The right factor of products, K × M, which many left factors may meet. An element of a product depends on its row and
 * its column alone, to the last bit, not on where they stand in a block.
 */
export class RightFactor {
  readonly columns: number;
  readonly depth: number;
  /** Its numbers, which are packed again when other factors were multiplied in between. */
  readonly data: Float32Array;
  readonly lying: Lying;

  private constructor(depth: number, columns: number, data: Float32Array, lying: Lying) {
    this.depth = depth;
    this.columns = columns;
    this.data = data;
    this.lying = lying;
  }

  static of({ rows, columns, data }: Matrix): RightFactor {
    return new RightFactor(rows, columns, data, 'across');
  }

  /** Mᵀ. */
  static transposed({ rows, columns, data }: Matrix): RightFactor {
    return new RightFactor(columns, rows, data, 'along');
  }

  /** `left` (N × K) times this factor: N × M. */
  times(left: Matrix): Matrix {
    const data = new Float32Array(left.rows * this.columns);
    for (let from = 0; from < left.rows; from += BLOCK) {
      const block = this.view({ matrix: left }, from, Math.min(left.rows, from + BLOCK));
      data.set(block.data, from * this.columns);
    }
    return { rows: left.rows, columns: this.columns, data };
  }

  /**
   * As {@link times}, of the rows `from`…`to` − 1, as many as a tile has at most, in memory that the next product of this
   * thread uses again.
   */
  view(left: Rows, from = 0, to = countRows(left)): Matrix {
    multiplier ??= new Multiplier();
    return multiplier.multiply((into) => gatherInto(left, from, to, into), to - from, 'along', this);
  }
}

/** A·B. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  return RightFactor.of(b).times(a);
}

/** AᵀB of two matrices with the same number of rows. */
export function multiplyTransposed(a: Matrix, b: Matrix): Matrix {
  multiplier ??= new Multiplier();
  const product = multiplier.multiply((into) => into.set(a.data), a.columns, 'across', RightFactor.of(b));
  return { ...product, data: product.data.slice() };
}

/** A product of {@link RightFactor.view}, the last one of this thread, seen from its columns: in memory as there. */
export function turned(product: Matrix): Matrix {
  multiplier ??= new Multiplier();
  return multiplier.turn(product);
}

/** The kernel of this thread with its memory: the packed right factor, the left one as it is and packed, the product twice. */
class Multiplier {
  readonly #memory = new WebAssembly.Memory({ initial: 1 });
  readonly #kernel = new ProductKernel(this.#memory);
  #packed: RightFactor | undefined;

  /** @param writeLeft writes the left factor: `rows` × the depth of the right one */
  multiply(writeLeft: (into: Float32Array) => void, rows: number, lying: Lying, right: RightFactor): Matrix {
    const { depth, columns } = right;
    if (rows === 0 || depth === 0 || columns === 0) {
      return { rows, columns, data: new Float32Array(rows * columns) };
    }
    const width = padded(columns, COLUMNS);
    const leftAt = packedBytes({ lines: columns, depth });
    const packedAt = leftAt + Math.max(FLOAT * rows * depth, right.data.byteLength) + SLACK;
    const productAt = packedAt + packedBytes({ lines: rows, depth });
    this.#makeRoom(productAt + 2 * productBytes(rows, columns) + SLACK);
    if (this.#packed !== right) this.#pack(right, leftAt);
    writeLeft(this.#numbers(leftAt, rows * depth));
    this.#kernel.packLeft({ address: leftAt, lines: rows, depth, lying }, packedAt);
    this.#kernel.multiply(packedAt, 0, productAt, rows, depth, columns);
    const product = this.#numbers(productAt, rows * width);
    return { rows, columns, data: withoutPadding(product, width, columns) };
  }

  turn({ rows, columns, data }: Matrix): Matrix {
    if (data.length === 0) return { rows: columns, columns: rows, data };
    if (data.buffer !== this.#memory.buffer) throw new RangeError('turned() takes the last product of its thread');
    const to = data.byteOffset + productBytes(rows, columns);
    this.#kernel.turn(data.byteOffset, rows, columns, to);
    return { rows: columns, columns: rows, data: this.#numbers(to, data.length) };
  }

  #pack(right: RightFactor, from: number): void {
    const { columns, depth, data, lying } = right;
    this.#numbers(from, data.length).set(data);
    this.#kernel.packRight({ address: from, lines: columns, depth, lying }, 0);
    this.#packed = right;
  }

  /** What a smaller memory held is still there. */
  #makeRoom(bytes: number): void {
    const pages = Math.ceil((bytes - this.#memory.buffer.byteLength) / PAGE_BYTES);
    if (pages > 0) this.#memory.grow(pages);
  }

  #numbers(address: number, count: number): Float32Array {
    return new Float32Array(this.#memory.buffer, address, count);
  }
}

/** With the padding of its rows and columns. */
function productBytes(rows: number, columns: number): number {
  return FLOAT * padded(rows, COLUMNS) * padded(columns, COLUMNS);
}

/** Opened with the first product of the thread. */
let multiplier: Multiplier | undefined;

/** The first `columns` of `width` numbers of each row, moved together in place. */
function withoutPadding(rows: Float32Array, width: number, columns: number): Float32Array {
  if (width === columns) return rows;
  const count = rows.length / width;
  for (let r = 1; r < count; r++) rows.copyWithin(r * columns, r * width, r * width + columns);
  return rows.subarray(0, count * columns);
}
