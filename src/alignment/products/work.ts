import { measureShapes } from '../geometry/shapes.ts';
import { fitMaps } from '../maps/fitWork.ts';
import { mapRows } from '../maps/mapWork.ts';
import { sumMoments } from '../maps/momentsWork.ts';
import { bestOfClass, compareAcross, compareWithin, precisionOf, scorePairs } from './passWork.ts';

/** All that threads do for their owner. Every one takes its input and the units that it shares with the other threads. */
const WORK = {
  scorePairs,
  bestOfClass,
  compareAcross,
  compareWithin,
  precisionOf,
  sumMoments,
  fitMaps,
  mapRows,
  measureShapes,
};

type Works = typeof WORK;
export type WorkName = keyof Works;
type Shapes = { [N in WorkName]: { input: Parameters<Works[N]>[0]; output: ReturnType<Works[N]> } };
export type WorkInput<N extends WorkName> = Shapes[N]['input'];
export type WorkOutput<N extends WorkName> = Shapes[N]['output'];

type Performers = { [N in WorkName]: (input: Shapes[N]['input'], units: Iterable<number>) => Shapes[N]['output'] };

/** Takes units until none is left, and gives what was gathered of them. */
export function perform<N extends WorkName>(name: N, input: WorkInput<N>, units: Iterable<number>): WorkOutput<N> {
  const performers: Performers = WORK;
  return performers[name](input, units);
}
