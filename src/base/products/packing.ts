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
} from '../assembler.ts';
import { FLOAT } from './multiplication.ts';

/** Lines that are packed at once. */
export const STRIP = 4;
const VECTOR = STRIP * FLOAT;

/**
 * The code of packing: a factor is cut into panels of some lines (rows of the left factor, columns of the right one), and
 * the numbers of a panel lie in the order of the inner dimension, so that a product reads both factors from front to back.
 * Each call packs a strip of four lines of a panel; `step` is the width of the panel in bytes.
 */
export function packings(): FunctionCode[] {
  return [copying('across'), turning('along')];
}

/** Of numbers that lie inner dimension after inner dimension: four lines lie side by side. */
function copying(name: string): FunctionCode {
  const [from, fromStep, to, step, depth] = [0, 1, 2, 3, 4] as const;
  const body = [...store(to, 0, load(from)), ...advance(from, get(fromStep)), ...advance(to, get(step))];
  return { name, parameters: 5, integers: 0, vectors: 0, body: repeat(depth, body) };
}

/** Of numbers that lie line after line. By four inner dimensions, up to three of which may lie behind the end. */
function turning(name: string): FunctionCode {
  const lines = repeated(STRIP, (line) => line);
  const [end, to, step] = [STRIP, STRIP + 1, STRIP + 2];
  const parameters = STRIP + 3;
  const [line, pair] = [parameters, parameters + STRIP];
  const interleaved = (first: number, places: readonly number[]) =>
    shuffle(get(line + first), get(line + first + 1), places);
  const packed = (low: number, places: readonly number[]) => shuffle(get(pair + low), get(pair + low + 1), places);
  const body = [
    ...lines.flatMap((at) => set(line + at, load(at))),
    ...[...set(pair, interleaved(0, [0, 4, 1, 5])), ...set(pair + 1, interleaved(2, [0, 4, 1, 5]))],
    ...[...set(pair + 2, interleaved(0, [2, 6, 3, 7])), ...set(pair + 3, interleaved(2, [2, 6, 3, 7]))],
    ...lines.flatMap((at) => [
      ...store(to, 0, packed(at & 2, at & 1 ? [2, 3, 6, 7] : [0, 1, 4, 5])),
      ...advance(to, get(step)),
    ]),
    ...lines.flatMap((at) => advance(at, integer(VECTOR))),
  ];
  return { name, parameters, integers: 0, vectors: 2 * STRIP, body: repeatWhileBelow(0, end, body) };
}
