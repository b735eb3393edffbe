import {
  advance,
  type Code,
  type FunctionCode,
  get,
  integer,
  load,
  loadSplat,
  product,
  repeat,
  repeated,
  repeatWhileBelow,
  set,
  store,
  sum,
  ZEROS,
} from '../assembler.ts';

/** Rows of the left factor that are multiplied at once. */
export const ROWS = 4;
/** Columns of the right factor that are multiplied at once: two vectors of four. */
export const COLUMNS = 8;

export const FLOAT = 4;
const VECTOR = 16;
const HALVES = COLUMNS / 4;

/** Gives the instructions of addend + a·b. */
export type MultiplyAdd = (a: Code, b: Code, addend: Code) => Code;

/** `groups` × {@link ROWS} rows times `panels` × {@link COLUMNS} columns; `productRow` is in bytes. */
const [LEFT, RIGHT, PRODUCT, GROUPS, PANELS, DEPTH, PRODUCT_ROW, PARAMETERS] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
/** Where the innermost loop is in the left factor and in the panel, where the panel ends, and the place in the product. */
const [LEFT_AT, RIGHT_AT, PANEL_END, PRODUCT_AT, GROUPS_LEFT] = [7, 8, 9, 10, 11] as const;
const INTEGERS = 5;
const FIRST_SUM = PARAMETERS + INTEGERS;
const FIRST_HALF = FIRST_SUM + ROWS * HALVES;
const ELEMENT = FIRST_HALF + HALVES;

const sumOf = (row: number, half: number): number => FIRST_SUM + row * HALVES + half;
const rows = repeated(ROWS, (row) => row);
const halves = repeated(HALVES, (half) => half);

/**
 * A product of packed factors (`packing.ts`) in float32. The sums of 4 × 8 elements stay in registers while both factors
 * pass (Goto & van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008), and each is made in the order of
 * the inner dimension. The innermost loop takes one inner dimension a turn: in longer ones V8 loads everything first, runs
 * out of registers, and takes twice as long.
 */
export function multiplication(multiplyAdd: MultiplyAdd): FunctionCode {
  return {
    name: 'multiply',
    parameters: PARAMETERS,
    integers: INTEGERS,
    vectors: ROWS * HALVES + HALVES + 1,
    body: repeat(PANELS, panel(multiplyAdd)),
  };
}

/** All groups of rows with one panel of columns. */
function panel(multiplyAdd: MultiplyAdd): Code {
  return [
    ...set(LEFT_AT, get(LEFT)),
    ...set(PRODUCT_AT, get(PRODUCT)),
    ...set(GROUPS_LEFT, get(GROUPS)),
    ...set(PANEL_END, sum(get(RIGHT), product(get(DEPTH), integer(HALVES * VECTOR)))),
    ...repeat(GROUPS_LEFT, group(multiplyAdd)),
    ...set(RIGHT, get(PANEL_END)),
    ...advance(PRODUCT, integer(HALVES * VECTOR)),
  ];
}

/** One group of rows with one panel. */
function group(multiplyAdd: MultiplyAdd): Code {
  return [
    ...set(RIGHT_AT, get(RIGHT)),
    ...rows.flatMap((row) => halves.flatMap((half) => set(sumOf(row, half), ZEROS))),
    ...repeatWhileBelow(RIGHT_AT, PANEL_END, turn(multiplyAdd)),
    ...rows.flatMap((row) => [
      ...halves.flatMap((half) => store(PRODUCT_AT, half * VECTOR, get(sumOf(row, half)))),
      ...advance(PRODUCT_AT, get(PRODUCT_ROW)),
    ]),
  ];
}

/** One inner dimension. */
function turn(multiplyAdd: MultiplyAdd): Code {
  return [
    ...halves.flatMap((half) => set(FIRST_HALF + half, load(RIGHT_AT, half * VECTOR))),
    ...rows.flatMap((row) => [
      ...set(ELEMENT, loadSplat(LEFT_AT, row * FLOAT)),
      ...halves.flatMap((half) =>
        set(sumOf(row, half), multiplyAdd(get(ELEMENT), get(FIRST_HALF + half), get(sumOf(row, half)))),
      ),
    ]),
    ...advance(LEFT_AT, integer(ROWS * FLOAT)),
    ...advance(RIGHT_AT, integer(HALVES * VECTOR)),
  ];
}
