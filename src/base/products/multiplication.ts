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

/**
 * `groups` × {@link ROWS} rows times `panels` × {@link COLUMNS} columns. What is in bytes: a row of the product, and what is
 * skipped between two groups, and between two panels, where these have more inner dimensions.
 */
const [LEFT, RIGHT, PRODUCT, GROUPS, PANELS, DEPTH, PRODUCT_ROW, LEFT_SKIP, RIGHT_SKIP] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8,
] as const;
const PARAMETERS = 9;
/** Where the innermost loop is in the left factor and in the panel, where the panel ends, and the place in the product. */
const [LEFT_AT, RIGHT_AT, PANEL_END, PRODUCT_AT, GROUPS_LEFT] = [9, 10, 11, 12, 13] as const;
const INTEGERS = 5;
const FIRST_SUM = PARAMETERS + INTEGERS;
const FIRST_HALF = FIRST_SUM + ROWS * HALVES;
const ELEMENT = FIRST_HALF + HALVES;

const sumOf = (row: number, half: number): number => FIRST_SUM + row * HALVES + half;
const rows = repeated(ROWS, (row) => row);
const halves = repeated(HALVES, (half) => half);

/**
 * A product of packed factors (`packing.ts`) in float32, or what is added to one. The sums of 4 × 8 elements stay in
 * registers while both factors pass (Goto & van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008), and
 * each is made in the order of the inner dimension. The innermost loop takes one inner dimension a turn: in longer ones V8
 * loads everything first, runs out of registers, and takes twice as long.
 */
export function multiplication(name: 'multiply' | 'add', multiplyAdd: MultiplyAdd): FunctionCode {
  return {
    name,
    parameters: PARAMETERS,
    integers: INTEGERS,
    vectors: ROWS * HALVES + HALVES + 1,
    body: repeat(PANELS, panel(name === 'add' ? loadSums() : zeroSums(), multiplyAdd)),
  };
}

/** All groups of rows with one panel of columns. */
function panel(begin: Code, multiplyAdd: MultiplyAdd): Code {
  return [
    ...set(LEFT_AT, get(LEFT)),
    ...set(PRODUCT_AT, get(PRODUCT)),
    ...set(GROUPS_LEFT, get(GROUPS)),
    ...set(PANEL_END, sum(get(RIGHT), product(get(DEPTH), integer(HALVES * VECTOR)))),
    ...repeat(GROUPS_LEFT, [...begin, ...group(multiplyAdd)]),
    ...set(RIGHT, sum(get(PANEL_END), get(RIGHT_SKIP))),
    ...advance(PRODUCT, integer(HALVES * VECTOR)),
  ];
}

function zeroSums(): Code {
  return rows.flatMap((row) => halves.flatMap((half) => set(sumOf(row, half), ZEROS)));
}

function loadSums(): Code {
  return [
    ...set(RIGHT_AT, get(PRODUCT_AT)),
    ...rows.flatMap((row) => [
      ...halves.flatMap((half) => set(sumOf(row, half), load(RIGHT_AT, half * VECTOR))),
      ...advance(RIGHT_AT, get(PRODUCT_ROW)),
    ]),
  ];
}

/** One group of rows with one panel. */
function group(multiplyAdd: MultiplyAdd): Code {
  return [
    ...set(RIGHT_AT, get(RIGHT)),
    ...repeatWhileBelow(RIGHT_AT, PANEL_END, turn(multiplyAdd)),
    ...advance(LEFT_AT, get(LEFT_SKIP)),
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
