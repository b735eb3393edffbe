/** Rows of the left factor that one round of the kernel multiplies. */
export const ROWS = 4;
/** Columns of the right factor that one round multiplies: two vectors of four. */
export const COLUMNS = 8;
/** Inner dimensions that one turn of the innermost loop adds up; factors are filled up with zeros to a multiple. */
export const DEPTH = 4;

const FLOAT = 4;
const VECTOR = 16;
const I32 = 0x7f;
const V128 = 0x7b;

/** Multiplies groups of {@link ROWS} rows with a panel of {@link COLUMNS} columns; all in bytes but `groups`. */
export type Kernel = (
  left: number,
  panel: number,
  product: number,
  leftRow: number,
  groups: number,
  productRow: number,
) => void;

/** The binary of WebAssembly, by the core specification with SIMD (webassembly.github.io/spec). */
type Code = readonly number[];

/**
 * A product of matrices in float32 on WebAssembly with SIMD: every sum is made in the order of the inner dimension, by
 * multiplication and addition, so that an element depends on its row and its column alone, to the last bit, on any machine.
 * The sums of a round stay in registers, 4 × 8 being as many as there are (Goto & van de Geijn, "Anatomy of
 * High-Performance Matrix Multiplication", 2008).
 *
 * @param memory holds the factors, and gets the product
 */
export function openKernel(memory: WebAssembly.Memory): Kernel {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleOf(body())), { host: { memory } });
  // Of the type that the binary declares.
  return exports['multiply'] as Kernel;
}

function moduleOf(code: Code): Uint8Array {
  const parameters = vector(Array.from({ length: PARAMETERS }, () => [I32]));
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector([[0x60, ...parameters, 0]])),
    ...section(2, vector([[...name('host'), ...name('memory'), 0x02, 0x00, ...unsigned(0)]])),
    ...section(3, vector([[0]])),
    ...section(7, vector([[...name('multiply'), 0x00, 0x00]])),
    ...section(10, vector([[...unsigned(code.length), ...code]])),
  ]);
}

const PARAMETERS = 6;
const [LEFT, PANEL, PRODUCT, LEFT_ROW, GROUPS, PRODUCT_ROW] = [0, 1, 2, 3, 4, 5] as const;
/** The place in the panel, and that in each row of the left factor, of which the first ends at `END`. */
const [AT, END, ROW] = [PARAMETERS, PARAMETERS + 1, PARAMETERS + 2] as const;
const INTEGERS = 2 + ROWS;
const FIRST_SUM = PARAMETERS + INTEGERS;
const HALVES = COLUMNS / 4;
const FIRST_HALF = FIRST_SUM + ROWS * HALVES;
const ELEMENT = FIRST_HALF + HALVES;
const VECTORS = ROWS * HALVES + HALVES + 1;

const sumOf = (row: number, half: number): number => FIRST_SUM + row * HALVES + half;
const rows = Array.from({ length: ROWS }, (_, row) => row);
const halves = Array.from({ length: HALVES }, (_, half) => half);

function body(): Code {
  const locals = vector([
    [...unsigned(INTEGERS), I32],
    [...unsigned(VECTORS), V128],
  ]);
  return [...locals, ...loop([...beginGroup(), ...loop(turn()), ...endGroup()]), 0x0b];
}

/** Every row begins where the one before ends. */
function beginGroup(): Code {
  return [
    ...[...get(LEFT), ...set(ROW)],
    ...rows.slice(1).flatMap((row) => [...sum(get(ROW + row - 1), get(LEFT_ROW)), ...set(ROW + row)]),
    ...[...sum(get(LEFT), get(LEFT_ROW)), ...set(END)],
    ...[...get(PANEL), ...set(AT)],
    ...rows.flatMap((row) => halves.flatMap((half) => [...ZEROS, ...set(sumOf(row, half))])),
  ];
}

/** Adds {@link DEPTH} inner dimensions to the sums of a group, and goes on until its rows end. */
function turn(): Code {
  const depths = Array.from({ length: DEPTH }, (_, depth) => depth);
  return [
    ...depths.flatMap((depth) => [
      ...halves.flatMap((half) => [...load(AT, (depth * HALVES + half) * VECTOR), ...set(FIRST_HALF + half)]),
      ...rows.flatMap((row) => [
        ...[...loadSplat(ROW + row, depth * FLOAT), ...set(ELEMENT)],
        ...halves.flatMap((half) => [
          ...[...get(sumOf(row, half)), ...get(ELEMENT), ...get(FIRST_HALF + half)],
          ...[...MULTIPLY, ...ADD, ...set(sumOf(row, half))],
        ]),
      ]),
    ]),
    ...[...sum(get(AT), integer(DEPTH * HALVES * VECTOR)), ...set(AT)],
    ...rows.flatMap((row) => [...sum(get(ROW + row), integer(DEPTH * FLOAT)), ...set(ROW + row)]),
    ...[...get(ROW), ...get(END), ...IS_LESS, ...AGAIN_IF],
  ];
}

/** Writes the sums of a group, and goes on until no group is left. */
function endGroup(): Code {
  return [
    ...rows.flatMap((row) => [
      ...halves.flatMap((half) => store(PRODUCT, sumOf(row, half), half * VECTOR)),
      ...[...sum(get(PRODUCT), get(PRODUCT_ROW)), ...set(PRODUCT)],
    ]),
    ...[...sum(get(LEFT), [...get(LEFT_ROW), ...integer(ROWS), 0x6c]), ...set(LEFT)],
    ...[...get(GROUPS), ...integer(1), 0x6b, ...set(GROUPS), ...get(GROUPS), ...AGAIN_IF],
  ];
}

const ZEROS = [0xfd, 0x0c, ...Array.from({ length: VECTOR }, () => 0)];
const MULTIPLY = [0xfd, ...unsigned(0xe6)];
const ADD = [0xfd, ...unsigned(0xe4)];
const IS_LESS = [0x49];
/** The loop that it stands in. */
const AGAIN_IF = [0x0d, 0];

function loop(code: Code): Code {
  return [0x03, 0x40, ...code, 0x0b];
}

function get(local: number): Code {
  return [0x20, ...unsigned(local)];
}

function set(local: number): Code {
  return [0x21, ...unsigned(local)];
}

function sum(a: Code, b: Code): Code {
  return [...a, ...b, 0x6a];
}

function load(from: number, offset: number): Code {
  return [...get(from), 0xfd, 0x00, 4, ...unsigned(offset)];
}

/** One number four times. */
function loadSplat(from: number, offset: number): Code {
  return [...get(from), 0xfd, 0x09, 2, ...unsigned(offset)];
}

function store(to: number, value: number, offset: number): Code {
  return [...get(to), ...get(value), 0xfd, 0x0b, 4, ...unsigned(offset)];
}

function integer(value: number): Code {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    if (rest < 0x40) return [0x41, ...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

/** LEB128, seven bits a byte. */
function unsigned(value: number): Code {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

function name(text: string): Code {
  return [...unsigned(text.length), ...new TextEncoder().encode(text)];
}

function vector(elements: readonly Code[]): Code {
  return [...unsigned(elements.length), ...elements.flat()];
}

function section(id: number, content: Code): Code {
  return [id, ...unsigned(content.length), ...content];
}
