import { count } from '../numbers.ts';

/** Ranks go into bins that double: 1, 2, 3–4, 5–8, 9–16, … A tie's rank between two goes with the worse. */
export function rankBin(rank: number): number {
  return Math.ceil(Math.log2(Math.max(1, rank)));
}

/** How many ranks fall into each bin, up to the last that is not empty. */
export function binRanks(ranks: ArrayLike<number>): number[] {
  const counts: number[] = [];
  for (let index = 0; index < ranks.length; index++) {
    const bin = rankBin(ranks[index] ?? 1);
    while (counts.length <= bin) counts.push(0);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

/** The best and the worst whole rank of a bin. */
export function binEnds(bin: number): { best: number; worst: number } {
  return { best: bin === 0 ? 1 : 2 ** (bin - 1) + 1, worst: 2 ** bin };
}

/** `1`, `2`, `3–4`, … */
export function binName(bin: number): string {
  const { best, worst } = binEnds(bin);
  return best === worst ? count(best) : `${count(best)}–${count(worst)}`;
}

/** Bins that the ranks among so many candidates can fall into. */
export function binsFor(candidates: number): number {
  return rankBin(candidates) + 1;
}

/** The share of ranks in a bin where every rank from 1 to `candidates` is as likely as every other. */
export function chanceShare(bin: number, candidates: number): number {
  const { best, worst } = binEnds(bin);
  return Math.max(0, Math.min(worst, candidates) - best + 1) / candidates;
}
