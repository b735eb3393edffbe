import { count } from '../numbers.ts';

/** Ranks fall into bins that double: 1, 2, 3–4, 5–8, 9–16, … The best and the worst whole rank of one. */
export function binEnds(bin: number): { best: number; worst: number } {
  return { best: bin === 0 ? 1 : 2 ** (bin - 1) + 1, worst: 2 ** bin };
}

/** `1`, `2`, `3–4`, … */
export function binName(bin: number): string {
  const { best, worst } = binEnds(bin);
  return best === worst ? count(best) : `${count(best)}–${count(worst)}`;
}
