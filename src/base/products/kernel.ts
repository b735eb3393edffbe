import { setFlagsFromString } from 'node:v8';
import { type FunctionCode, fusedMultiplyAdd, moduleOf, multiplyAdd } from '../assembler.ts';
import { COLUMNS, FLOAT, multiplication, ROWS } from './multiplication.ts';
import { packings, STRIP } from './packing.ts';

/** Bytes that packing may write, and products and packing may read, behind the end of what they are given. */
export const SLACK = 128;
/** Rows of the left factor that meet all panels before the next ones do: with {@link DEPTH} they stay in the second cache. */
const BLOCK = 64;
/** Inner dimensions that are added up before the next ones: of a panel of them, and a group, both stay in the first cache. */
const DEPTH = 512;
/** Numbers that lie across and are packed before the next ones: they stay in the first cache. */
const TAKEN = 8192;
const LEAST_TAKEN = 16;
/** Columns that are turned round before the next ones: what is written of them stays in the first cache. */
const TURNED = 16;

/** A factor of a product in the memory of WebAssembly. */
export interface Factor {
  /** In bytes. */
  readonly address: number;
  /** Rows of the left factor, or columns of the right one. */
  readonly lines: number;
  /** Inner dimensions. */
  readonly depth: number;
  /** Whether a line's numbers lie one after the other (`along`), or those of an inner dimension (`across`). */
  readonly lying: 'along' | 'across';
}

type Multiply = (
  ...parameters: readonly [
    ...[left: number, right: number, product: number, groups: number, panels: number, depth: number],
    ...[productRow: number, leftSkip: number, rightSkip: number],
  ]
) => void;

interface Functions {
  readonly multiply: Multiply;
  /** To what is there. */
  readonly add: Multiply;
  readonly across: (from: number, fromStep: number, to: number, step: number, depth: number) => void;
  readonly along: (
    first: number,
    second: number,
    third: number,
    fourth: number,
    end: number,
    to: number,
    step: number,
  ) => void;
}

/**
 * Products of matrices in float32 on WebAssembly with SIMD, on one thread. An element depends on its row and its column
 * alone, to the last bit, not on where they stand. Where the engine has relaxed SIMD and the processor can, a product and a
 * sum are rounded once (numbers may differ from those of another kind of processor, as with any native library).
 */
export class ProductKernel {
  readonly #functions: Functions;

  /**
   * @param memory holds the factors, and gets what is packed and multiplied
   * @throws WebAssembly.CompileError where there is no SIMD
   */
  constructor(memory: WebAssembly.Memory) {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(productModule()), { host: { memory } });
    // Of the types that the binary declares.
    this.#functions = exports as unknown as Functions;
  }

  /** Packs the left factor to an address, {@link packedBytes} long. */
  packLeft(factor: Factor, to: number): void {
    this.#pack(factor, to, ROWS);
  }

  /** Packs the right factor to an address, {@link packedBytes} long. */
  packRight(factor: Factor, to: number): void {
    this.#pack(factor, to, COLUMNS);
  }

  /**
   * Writes the product of packed factors, rows × columns, to an address. Its rows are {@link padded} to a multiple of 4,
   * its columns to one of 8, with numbers that mean nothing; so a row is `padded(columns, COLUMNS)` numbers long. No size
   * may be 0.
   */
  multiply(left: number, right: number, product: number, rows: number, depth: number, columns: number): void {
    const [panels, productRow] = [Math.ceil(columns / COLUMNS), FLOAT * padded(columns, COLUMNS)];
    for (let from = 0; from < depth; from += DEPTH) {
      const multiply = from === 0 ? this.#functions.multiply : this.#functions.add;
      const own = Math.min(DEPTH, depth - from);
      const [leftSkip, rightSkip] = [FLOAT * ROWS * (depth - own), FLOAT * COLUMNS * (depth - own)];
      const [leftFrom, rightFrom] = [left + FLOAT * ROWS * from, right + FLOAT * COLUMNS * from];
      for (let row = 0; row < rows; row += BLOCK) {
        const groups = Math.ceil(Math.min(BLOCK, rows - row) / ROWS);
        const [leftAt, productAt] = [leftFrom + FLOAT * row * depth, product + row * productRow];
        multiply(leftAt, rightFrom, productAt, groups, panels, own, productRow, leftSkip, rightSkip);
      }
    }
  }

  /**
   * Writes rows × columns numbers at an address turned round to another one, where up to three rows more may be written,
   * and {@link SLACK}. No size may be 0.
   */
  turn(from: number, rows: number, columns: number, to: number): void {
    for (let left = 0; left < columns; left += TURNED) {
      const count = Math.min(columns - left, TURNED);
      // The last strip first: what it writes behind the last row is where the first one writes later.
      for (let row = STRIP * Math.floor((rows - 1) / STRIP); row >= 0; row -= STRIP) {
        const start = (at: number): number => from + FLOAT * (Math.min(row + at, rows - 1) * columns + left);
        this.#along(start, count, to + FLOAT * (left * rows + row), FLOAT * rows);
      }
    }
  }

  /** Behind the last line, a panel gets that line again, or what lies after it: nobody looks at these products. */
  #pack(factor: Factor, to: number, width: number): void {
    const { lines, depth, lying } = factor;
    // Strips of lines that lie across share cache lines: all take the same inner dimensions before the next ones.
    const taken = lying === 'along' ? depth : Math.max(LEAST_TAKEN, Math.floor(TAKEN / lines));
    for (let from = 0; from < depth; from += taken) {
      const until = Math.min(depth, from + taken);
      for (let line = 0; line < padded(lines, width); line += STRIP) {
        const inPanel = line % width;
        const target = to + FLOAT * ((line - inPanel) * depth + from * width + inPanel);
        this.#packStrip(factor, line, from, until, target, FLOAT * width);
      }
    }
  }

  /** The inner dimensions `from`…`until` − 1 of four lines. */
  #packStrip(
    { address, lines, depth, lying }: Factor,
    line: number,
    from: number,
    until: number,
    to: number,
    step: number,
  ): void {
    if (lying === 'across') {
      const start = address + FLOAT * (from * lines + Math.min(line, lines - 1));
      this.#functions.across(start, FLOAT * lines, to, step, until - from);
    } else {
      const start = (at: number): number => address + FLOAT * depth * Math.min(line + at, lines - 1);
      this.#along(start, depth, to, step);
    }
  }

  /** The numbers of four lines, one inner dimension after the other. */
  #along(start: (line: number) => number, depth: number, to: number, step: number): void {
    this.#functions.along(start(0), start(1), start(2), start(3), start(0) + FLOAT * depth, to, step);
  }
}

export { COLUMNS, FLOAT, ROWS };

/** `count`, rounded up to a multiple of `step`. */
export function padded(count: number, step: number): number {
  return Math.ceil(count / step) * step;
}

/** The bytes of a packed factor with what may be written behind it. */
export function packedBytes({ lines, depth }: Pick<Factor, 'lines' | 'depth'>): number {
  return FLOAT * padded(lines, COLUMNS) * depth + SLACK;
}

let module: Uint8Array | undefined;

function productModule(): Uint8Array {
  module ??= fusedModule() ?? moduleOf(functions(multiplyAdd));
  return module;
}

/** Undefined where the engine has no relaxed SIMD. */
function fusedModule(): Uint8Array | undefined {
  const fused = moduleOf(functions(fusedMultiplyAdd));
  // V8 11.3, that of Node.js 20, has it behind a flag; later ones have it anyway.
  if (!WebAssembly.validate(fused)) setFlagsFromString('--experimental-wasm-relaxed-simd');
  return WebAssembly.validate(fused) ? fused : undefined;
}

function functions(add: typeof multiplyAdd): FunctionCode[] {
  return [multiplication('multiply', add), multiplication('add', add), ...packings()];
}
