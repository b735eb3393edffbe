import type { Random } from '../base/random.ts';

/**
 * Splits pairs into folds of about equal size so that pairs with a common item, directly or through others, are in the
 * same fold: what is held out was never seen. `firstOf[p]` and `secondOf[p]` number the items of pair p. Returns the
 * fold of each pair; there are fewer folds than asked for when there are fewer groups of connected pairs.
 */
export function assignFolds(
  firstOf: ArrayLike<number>,
  secondOf: ArrayLike<number>,
  folds: number,
  random: Random,
): { foldOf: Uint32Array; folds: number } {
  const groups = random.shuffle(connectedPairs(firstOf, secondOf)).sort((a, b) => b.length - a.length);
  const sizes = new Array<number>(Math.min(folds, groups.length)).fill(0);
  const foldOf = new Uint32Array(firstOf.length);
  for (const group of groups) {
    const fold = sizes.indexOf(Math.min(...sizes));
    sizes[fold] = (sizes[fold] ?? 0) + group.length;
    for (const pair of group) foldOf[pair] = fold;
  }
  return { foldOf, folds: sizes.length };
}

/** Pairs grouped by union–find over their items, in the order of each group's first pair. */
function connectedPairs(firstOf: ArrayLike<number>, secondOf: ArrayLike<number>): number[][] {
  const parent = Array.from({ length: firstOf.length }, (_, pair) => pair);
  const root = (pair: number): number => {
    let top = pair;
    while (parent[top] !== top) {
      parent[top] = parent[parent[top] ?? top] ?? top;
      top = parent[top] ?? top;
    }
    return top;
  };
  for (const itemOf of [firstOf, secondOf]) {
    const seen = new Map<number, number>();
    for (let pair = 0; pair < itemOf.length; pair++) {
      const item = itemOf[pair] ?? 0;
      const earlier = seen.get(item);
      if (earlier === undefined) seen.set(item, pair);
      else parent[root(pair)] = root(earlier);
    }
  }
  const groups = new Map<number, number[]>();
  for (let pair = 0; pair < parent.length; pair++) {
    const top = root(pair);
    const group = groups.get(top);
    if (group === undefined) groups.set(top, [pair]);
    else group.push(pair);
  }
  return [...groups.values()];
}

/** Pairs of which no two share an item: the first pair of every item that is still free, in order. */
export function pairsWithoutSharedItems(firstOf: ArrayLike<number>, secondOf: ArrayLike<number>): number[] {
  const [usedFirst, usedSecond] = [new Set<number>(), new Set<number>()];
  const chosen: number[] = [];
  for (let pair = 0; pair < firstOf.length; pair++) {
    const [first, second] = [firstOf[pair] ?? 0, secondOf[pair] ?? 0];
    if (usedFirst.has(first) || usedSecond.has(second)) continue;
    usedFirst.add(first);
    usedSecond.add(second);
    chosen.push(pair);
  }
  return chosen;
}
