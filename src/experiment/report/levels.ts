import type { NoiseLevel } from '../../protocol.ts';

/** What may vary between the rows of a report besides the method and the number of shots. */
export type Axis = 'labelNoise' | 'pairNoise' | 'pairsPerClass';
export const AXES: readonly Axis[] = ['labelNoise', 'pairNoise', 'pairsPerClass'];

/** Where a level stands on an axis; all pairs are more than any number of them. */
export function valueOn(level: NoiseLevel, axis: Axis): number {
  return level[axis] ?? Number.POSITIVE_INFINITY;
}

/** The values of an axis that occur, rising. */
export function valuesOn(levels: readonly NoiseLevel[], axis: Axis): number[] {
  return [...new Set(levels.map((level) => valueOn(level, axis)))].sort((a, b) => a - b);
}

/** The least noise of each kind and the most pairs. */
export function cleanestOf(levels: readonly NoiseLevel[]): NoiseLevel {
  const pairs = Math.max(...valuesOn(levels, 'pairsPerClass'));
  return {
    labelNoise: Math.min(...valuesOn(levels, 'labelNoise')),
    pairNoise: Math.min(...valuesOn(levels, 'pairNoise')),
    ...(Number.isFinite(pairs) && { pairsPerClass: pairs }),
  };
}

/** The axes on which two levels differ. */
export function differingAxes(a: NoiseLevel, b: NoiseLevel): Axis[] {
  return AXES.filter((axis) => valueOn(a, axis) !== valueOn(b, axis));
}

/** The level alone, of anything that has one. */
export function levelOf({ labelNoise, pairNoise, pairsPerClass }: NoiseLevel): NoiseLevel {
  return { labelNoise, pairNoise, ...(pairsPerClass !== undefined && { pairsPerClass }) };
}
