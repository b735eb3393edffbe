import {
  addDoubles,
  advance,
  type Code,
  different,
  either,
  type FunctionCode,
  fromDoubles,
  get,
  integer,
  larger,
  largerOrFirst,
  load,
  loadOne,
  loadSplat,
  moduleOf,
  repeat,
  repeated,
  set,
  shuffle,
  splat,
  store,
  storeFirst,
  sum,
  toDoubles,
  whileBelow,
  ZEROS,
} from '../../../base/assembler.ts';
import { FLOAT, LANES } from './fours.ts';

/** Columns that are taken at once where there are as many. */
export const WIDE = 16;

type Columns = (from: number, to: number, count: number, step: number) => void;

/** Makes one float32 number of many. All addresses and steps are in bytes. */
export interface Reduction {
  /**
   * Of each of `count` rows, at least 1, one after the other, of which `whole` bytes are taken by {@link LANES} numbers and
   * `rest` bytes one by one: to `to`, `to` + 4…
   */
  readonly rows: (from: number, to: number, count: number, whole: number, rest: number) => void;
  /** Of {@link LANES} columns, over `count` rows, at least 1, that lie `step` from one to the next: to `to`. */
  readonly columns: Columns;
  /** Of {@link WIDE} columns, which fill a line of a cache. */
  readonly wideColumns: Columns;
}

/** How numbers are taken together, in some vectors. */
interface Gathering {
  readonly vectors: number;
  readonly begin: Code;
  /** Takes the four numbers of a vector with what was there. */
  readonly takeFour: (four: number) => Code;
  /** Takes one number. */
  readonly takeOne: (address: number) => Code;
  /** What there is of each place of the vectors, and of all places together in the first. */
  readonly four: Code;
  readonly all: Code;
}

/**
 * Sums, which are made in float64, and the largest numbers (NaN where one is).
 * @param memory holds the numbers, and gets the results
 * @throws WebAssembly.CompileError where there is no SIMD
 */
export function openReductions(memory: WebAssembly.Memory): Readonly<Record<'sums' | 'maxima', Reduction>> {
  const open = (gather: (first: number) => Gathering): Reduction => {
    const module = new WebAssembly.Module(
      moduleOf([rows(gather), columns('columns', gather, LANES), columns('wideColumns', gather, WIDE)]),
    );
    // Of the types that the binary declares.
    return new WebAssembly.Instance(module, { host: { memory } }).exports as unknown as Reduction;
  };
  return { sums: open(sums), maxima: open(maxima) };
}

function rows(gather: (first: number) => Gathering): FunctionCode {
  const [from, to, count, whole, rest, end, four] = [0, 1, 2, 3, 4, 5, 6] as const;
  const { vectors, begin, takeFour, takeOne, all } = gather(four + 1);
  const row = [
    ...begin,
    ...set(end, sum(get(from), get(whole))),
    ...whileBelow(from, end, [...set(four, load(from)), ...takeFour(four), ...advance(from, integer(FLOAT * LANES))]),
    ...set(end, sum(get(from), get(rest))),
    ...whileBelow(from, end, [...takeOne(from), ...advance(from, integer(FLOAT))]),
    ...storeFirst(to, all),
    ...advance(to, integer(FLOAT)),
  ];
  return { name: 'rows', parameters: 5, integers: 1, vectors: 1 + vectors, body: repeat(count, row) };
}

function columns(name: keyof Reduction, gather: (first: number) => Gathering, width: number): FunctionCode {
  const [from, to, count, step, four] = [0, 1, 2, 3, 4] as const;
  const { vectors } = gather(0);
  const parts = repeated(width / LANES, (at) => ({ offset: FLOAT * LANES * at, ...gather(four + 1 + at * vectors) }));
  const turn = [
    ...parts.flatMap(({ offset, takeFour }) => [...set(four, load(from, offset)), ...takeFour(four)]),
    ...advance(from, get(step)),
  ];
  const body = [
    ...parts.flatMap(({ begin }) => begin),
    ...repeat(count, turn),
    ...parts.flatMap(({ offset, four: result }) => store(to, offset, result)),
  ];
  return { name, parameters: 4, integers: 0, vectors: 1 + parts.length * vectors, body };
}

/** Two and two sums. */
function sums(low: number): Gathering {
  const high = low + 1;
  const both = (own: number): Code => addDoubles(get(own), shuffle(get(own), get(own), [2, 3, 0, 1]));
  return {
    vectors: 2,
    begin: [...set(low, ZEROS), ...set(high, ZEROS)],
    takeFour: (four) => [
      ...set(low, addDoubles(get(low), toDoubles(get(four)))),
      ...set(high, addDoubles(get(high), toDoubles(shuffle(get(four), get(four), [2, 3, 2, 3])))),
    ],
    takeOne: (address) => set(low, addDoubles(get(low), toDoubles(loadOne(address)))),
    four: shuffle(fromDoubles(get(low)), fromDoubles(get(high)), [0, 1, 4, 5]),
    all: fromDoubles(addDoubles(both(low), both(high))),
  };
}

/** The largest numbers but NaN, and, as bits that make NaN of any number, where there was NaN. */
function maxima(largest: number): Gathering {
  const bad = largest + 1;
  const take = (four: Code): Code => [
    ...set(largest, largerOrFirst(get(largest), four)),
    ...set(bad, either(get(bad), different(four, four))),
  ];
  const found = either(get(largest), get(bad));
  const withMoved = (places: readonly number[]): Code =>
    larger(get(largest), shuffle(get(largest), get(largest), places));
  return {
    vectors: 2,
    begin: [...set(largest, splat(Number.NEGATIVE_INFINITY)), ...set(bad, ZEROS)],
    takeFour: (four) => take(get(four)),
    takeOne: (address) => take(loadSplat(address, 0)),
    four: found,
    all: [...set(largest, found), ...set(largest, withMoved([2, 3, 0, 1])), ...withMoved([1, 0, 3, 2])],
  };
}
