/**
 * The binary of WebAssembly, by the core specification with SIMD and relaxed SIMD (webassembly.github.io/spec): as much of
 * it as products of matrices and functions of their elements need.
 */
export type Code = readonly number[];

/** What a module exports: takes 32-bit integers and gives nothing. */
export interface FunctionCode {
  readonly name: string;
  readonly parameters: number;
  /** Further 32-bit integers, numbered after the parameters. */
  readonly integers: number;
  /** Vectors of four numbers, numbered after these. */
  readonly vectors: number;
  readonly body: Code;
}

const I32 = 0x7f;
const V128 = 0x7b;

/** A module that exports the functions and imports its memory as `host.memory`. */
export function moduleOf(functions: readonly FunctionCode[]): Uint8Array {
  const types = functions.map(({ parameters }) => [0x60, ...list(repeated(parameters, () => [I32])), 0]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, list(types)),
    ...section(2, list([[...text('host'), ...text('memory'), 0x02, 0x00, 0x00]])),
    ...section(3, list(functions.map((_, at) => unsigned(at)))),
    ...section(7, list(functions.map(({ name }, at) => [...text(name), 0x00, ...unsigned(at)]))),
    ...section(10, list(functions.map(codeOf))),
  ]);
}

function codeOf({ integers, vectors, body }: FunctionCode): Code {
  const locals = list([
    [...unsigned(integers), I32],
    [...unsigned(vectors), V128],
  ]);
  const code = [...locals, ...body, 0x0b];
  return [...unsigned(code.length), ...code];
}

export function get(local: number): Code {
  return [0x20, ...unsigned(local)];
}

/** `local` becomes what `value` leaves. */
export function set(local: number, value: Code): Code {
  return [...value, 0x21, ...unsigned(local)];
}

export function integer(value: number): Code {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    if (rest >= 0 && rest < 0x40) return [0x41, ...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

export function sum(a: Code, b: Code): Code {
  return [...a, ...b, 0x6a];
}

export function product(a: Code, b: Code): Code {
  return [...a, ...b, 0x6c];
}

/** `local` grows by `step`. */
export function advance(local: number, step: Code): Code {
  return set(local, sum(get(local), step));
}

/** Repeats `body` while the local `at` is below the local `end`; once at least. */
export function repeatWhileBelow(at: number, end: number, body: Code): Code {
  return [0x03, 0x40, ...body, ...get(at), ...get(end), 0x49, 0x0d, 0, 0x0b];
}

/** The same, or not at all. */
export function whileBelow(at: number, end: number, body: Code): Code {
  return [...get(at), ...get(end), 0x49, 0x04, 0x40, ...repeatWhileBelow(at, end, body), 0x0b];
}

/** Repeats `body` as often as the local `count` says, which then is 0; once at least. */
export function repeat(count: number, body: Code): Code {
  return [0x03, 0x40, ...body, ...set(count, [...get(count), ...integer(1), 0x6b]), ...get(count), 0x0d, 0, 0x0b];
}

export const ZEROS = splat(0);

/** Four numbers at the address in `local`, `offset` bytes after it. */
export function load(local: number, offset = 0): Code {
  return [...get(local), 0xfd, 0x00, 2, ...unsigned(offset)];
}

/** One number, and three zeros. */
export function loadOne(local: number): Code {
  return [...get(local), 0xfd, 0x5c, 2, 0];
}

/** One number four times. */
export function loadSplat(local: number, offset: number): Code {
  return [...get(local), 0xfd, 0x09, 2, ...unsigned(offset)];
}

export function store(local: number, offset: number, value: Code): Code {
  return [...get(local), ...value, 0xfd, 0x0b, 2, ...unsigned(offset)];
}

/** The first of four numbers. */
export function storeFirst(local: number, value: Code): Code {
  return [...get(local), ...value, 0xfd, 0x5a, 2, 0, 0];
}

/** Four of the eight numbers of two vectors, by their places. */
export function shuffle(a: Code, b: Code, places: readonly number[]): Code {
  return [...a, ...b, 0xfd, 0x0d, ...places.flatMap((place) => repeated(4, (byte) => 4 * place + byte))];
}

/** A number of float32 four times. */
export function splat(value: number): Code {
  return constant(Float32Array.of(value, value, value, value));
}

/** A 32-bit integer four times. */
export function splatInteger(value: number): Code {
  return constant(Int32Array.of(value, value, value, value));
}

export const squareRoot = vectorOperation(0xe3);
/** Of four numbers each, element by element; NaN stays NaN. */
export const add = vectorOperation(0xe4);
export const subtract = vectorOperation(0xe5);
export const multiply = vectorOperation(0xe6);
export const divide = vectorOperation(0xe7);
export const larger = vectorOperation(0xe9);
/** The first of two numbers where either is NaN: faster. */
export const smallerOrFirst = vectorOperation(0xea);
export const largerOrFirst = vectorOperation(0xeb);
/** All bits of a number where two are different, as NaN is from itself; and the bits of either. */
export const different = vectorOperation(0x42);
export const either = vectorOperation(0x50);
/** The first two of four numbers in float64; and two numbers of float64 as the first two of four. */
export const toDoubles = vectorOperation(0x5f);
export const fromDoubles = vectorOperation(0x5e);
/** Of two numbers of float64 each. */
export const addDoubles = vectorOperation(0xf0);
/** Of four 32-bit integers each. */
export const addIntegers = vectorOperation(0xae);
export const subtractIntegers = vectorOperation(0xb1);

/** Four 32-bit integers, by as many bits as one integer says; the sign stays. */
export const shiftLeft = vectorOperation(0xab);
export const shiftRight = vectorOperation(0xac);

/** addend + a·b, rounded twice. */
export function multiplyAdd(a: Code, b: Code, addend: Code): Code {
  return add(addend, multiply(a, b));
}

/** addend + a·b of relaxed SIMD: rounded once where the processor can, which is then twice as fast. */
export function fusedMultiplyAdd(a: Code, b: Code, addend: Code): Code {
  return [...a, ...b, ...addend, 0xfd, ...unsigned(0x105)];
}

export function repeated<T>(count: number, make: (at: number) => T): T[] {
  return Array.from({ length: count }, (_, at) => make(at));
}

function constant(four: Float32Array | Int32Array): Code {
  return [0xfd, 0x0c, ...new Uint8Array(four.buffer)];
}

function vectorOperation(code: number): (...operands: readonly Code[]) => Code {
  return (...operands) => [...operands.flat(), 0xfd, ...unsigned(code)];
}

/** LEB128, seven bits a byte. */
function unsigned(value: number): Code {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

function text(characters: string): Code {
  return [...unsigned(characters.length), ...new TextEncoder().encode(characters)];
}

function list(elements: readonly Code[]): Code {
  return [...unsigned(elements.length), ...elements.flat()];
}

function section(id: number, content: Code): Code {
  return [id, ...unsigned(content.length), ...content];
}
