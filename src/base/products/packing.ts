import {
  advance,
  type FunctionCode,
  get,
  integer,
  load,
  repeat,
  repeated,
  repeatWhileBelow,
  set,
  shuffle,
  store,
} from './binary.ts';
import { FLOAT } from './multiplication.ts';

/** Lines that are packed at once. */
export const STRIP = 4;
const VECTOR = STRIP * FLOAT;

/**
 * The code of packing: a factor is cut into panels of `width` lines (rows of the left factor, columns of the right one), and
 * the numbers of a panel lie in the order of the inner dimension, so that a product reads both factors from front to back.
 * Each call packs a strip of four lines of a panel.
 */
export function packings(name: string, width: number): FunctionCode[] {
  return [copying(`${name}Across`, width * FLOAT), turning(`${name}Along`, width * FLOAT)];
}

/** Of numbers that lie inner dimension after inner dimension: four lines lie side by side. */
function copying(name: string, step: number): FunctionCode {
  const [from, fromStep, to, depth] = [0, 1, 2, 3] as const;
  const body = [...store(to, 0, load(from)), ...advance(from, get(fromStep)), ...advance(to, integer(step))];
  return { name, parameters: 4, integers: 0, vectors: 0, body: repeat(depth, body) };
}

/** Of numbers that lie line after line. By four inner dimensions, up to three of which may lie behind the end. */
function turning(name: string, step: number): FunctionCode {
  const lines = repeated(STRIP, (line) => line);
  const [end, to] = [STRIP, STRIP + 1];
  const parameters = STRIP + 2;
  const [line, pair] = [parameters, parameters + STRIP];
  const interleaved = (first: number, places: readonly number[]) =>
    shuffle(get(line + first), get(line + first + 1), places);
  const packed = (low: number, places: readonly number[]) => shuffle(get(pair + low), get(pair + low + 1), places);
  const body = [
    ...lines.flatMap((at) => set(line + at, load(at))),
    ...[...set(pair, interleaved(0, [0, 4, 1, 5])), ...set(pair + 1, interleaved(2, [0, 4, 1, 5]))],
    ...[...set(pair + 2, interleaved(0, [2, 6, 3, 7])), ...set(pair + 3, interleaved(2, [2, 6, 3, 7]))],
    ...lines.flatMap((at) => store(to, at * step, packed(at & 2, at & 1 ? [2, 3, 6, 7] : [0, 1, 4, 5]))),
    ...lines.flatMap((at) => advance(at, integer(VECTOR))),
    ...advance(to, integer(STRIP * step)),
  ];
  return { name, parameters, integers: 0, vectors: 2 * STRIP, body: repeatWhileBelow(0, end, body) };
}
