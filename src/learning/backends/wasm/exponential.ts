import {
  add,
  addIntegers,
  advance,
  type Code,
  divide,
  type FunctionCode,
  get,
  integer,
  largerOrFirst,
  load,
  moduleOf,
  multiply,
  multiplyAdd,
  repeatWhileBelow,
  set,
  shiftLeft,
  shiftRight,
  smallerOrFirst,
  splat,
  splatInteger,
  store,
  subtract,
  subtractIntegers,
} from '../../../base/assembler.ts';
import { FLOAT, LANES } from './fours.ts';

const [FROM, TO, END, PARAMETERS] = [0, 1, 2, 3] as const;
const [X, ROUNDED, POWER, RESULT] = [PARAMETERS, PARAMETERS + 1, PARAMETERS + 2, PARAMETERS + 3] as const;
const VECTORS = 4;

/** Beyond these the result is 0 or infinite in float32. */
const [LEAST, LARGEST] = [-104, 89] as const;
/** A number of float32 has no fraction once this is added, and its last bits are those of the nearest integer. */
const ROUNDING = 1.5 * 2 ** 23;
/** ln 2 in two parts, the first of which has few bits: its multiples are exact. */
const [LN2_HIGH, LN2_LOW] = [0.693359375, -2.1219444e-4] as const;
/** exp(r) = 1 + r + r²·polynomial(r) for |r| ≤ ½ ln 2: Cephes' expf (Moshier). */
const POLYNOMIAL = [
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
] as const;

/** Each takes the numbers between two addresses, by {@link LANES}, to a third: from, to, end of from, all in bytes. */
export interface Exponentials {
  readonly exponential: (from: number, to: number, end: number) => void;
  readonly sigmoid: (from: number, to: number, end: number) => void;
}

/**
 * exp(x) and 1 / (1 + exp(−x)) of float32 numbers on WebAssembly with SIMD, within 2 units of the last place: several times
 * as fast as one number after the other.
 * @param memory holds the numbers, and gets the results
 * @throws WebAssembly.CompileError where there is no SIMD
 */
export function openExponentials(memory: WebAssembly.Memory): Exponentials {
  const module = new WebAssembly.Module(
    moduleOf([
      ofEach('exponential', load(FROM), get(RESULT)),
      ofEach('sigmoid', subtract(splat(0), load(FROM)), divide(splat(1), add(splat(1), get(RESULT)))),
    ]),
  );
  // Of the types that the binary declares.
  return new WebAssembly.Instance(module, { host: { memory } }).exports as unknown as Exponentials;
}

/** `result` of the exponential of `x`. */
function ofEach(name: string, x: Code, result: Code): FunctionCode {
  const body = [
    ...set(X, clipped(x)),
    ...set(ROUNDED, add(multiply(get(X), splat(Math.LOG2E)), splat(ROUNDING))),
    ...set(POWER, subtract(get(ROUNDED), splat(ROUNDING))),
    ...set(X, subtract(get(X), multiply(get(POWER), splat(LN2_HIGH)))),
    ...set(X, subtract(get(X), multiply(get(POWER), splat(LN2_LOW)))),
    ...set(RESULT, splat(POLYNOMIAL[0])),
    ...POLYNOMIAL.slice(1).flatMap((term) => set(RESULT, multiplyAdd(get(RESULT), get(X), splat(term)))),
    ...set(RESULT, add(multiplyAdd(get(RESULT), multiply(get(X), get(X)), get(X)), splat(1))),
    ...set(POWER, subtractIntegers(get(ROUNDED), splat(ROUNDING))),
    // In two steps: 2¹²⁸ and 2⁻¹⁵⁰ have no exponents of their own.
    ...set(X, shiftRight(get(POWER), integer(1))),
    ...set(
      RESULT,
      multiply(multiply(get(RESULT), powerOfTwo(get(X))), powerOfTwo(subtractIntegers(get(POWER), get(X)))),
    ),
    ...store(TO, 0, result),
    ...advance(FROM, integer(FLOAT * LANES)),
    ...advance(TO, integer(FLOAT * LANES)),
  ];
  return { name, parameters: PARAMETERS, integers: 0, vectors: VECTORS, body: repeatWhileBelow(FROM, END, body) };
}

/** NaN stays NaN. */
function clipped(x: Code): Code {
  return smallerOrFirst(largerOrFirst(x, splat(LEAST)), splat(LARGEST));
}

/** 2ⁿ, made as the bits of a float32 whose exponent is n. */
function powerOfTwo(n: Code): Code {
  return shiftLeft(addIntegers(n, splatInteger(127)), integer(23));
}
