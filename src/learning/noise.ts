import { Random } from '../base/random.ts';
import type { Strength } from '../protocol.ts';
import type { InputPair } from './data.ts';
import { type ClassPool, withPairs } from './pools.ts';
import type { TargetTask } from './tasks.ts';

/** Its multiples spread over [0, 1) more evenly than random numbers (Weyl's sequence of the golden ratio). */
const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** So that 0.29 · 100 is 29. */
const ROUNDING = 1e-9;

/**
 * A task whose k-shot support shows wrong labels, each drawn from the other classes with equal chance (symmetric noise;
 * methods.md 11, C9): rate · ways · k of them, rounded up in some tasks and down in the others, so that their share over
 * many tasks is the rate also where a support has few labels. Which items those are, and what they show, depends on the
 * seed, the task and k alone: a higher rate keeps the wrong labels of a lower one and adds others. Queries keep theirs.
 */
export function withLabelNoise(task: TargetTask, shots: number, rate: number, seed: number): TargetTask {
  const ways = task.classes.length;
  const random = Random.of(seed, `label noise of task ${task.index} with ${shots} shots`);
  const order = random.shuffle([...Array(ways * shots).keys()]);
  const offsets = order.map(() => 1 + random.integer(ways - 1));
  const shown = task.classes.map((_, label) => Array.from({ length: shots }, () => label));
  const up = (Random.of(seed, `label noise with ${shots} shots`).uniform() + task.index * GOLDEN) % 1;
  const wrong = Math.floor(rate * order.length + ROUNDING + up * (1 - 2 * ROUNDING));
  for (const [place, item] of order.slice(0, wrong).entries()) {
    const label = item % ways;
    const own = shown[label];
    if (own !== undefined) own[Math.floor(item / ways)] = (label + (offsets[place] ?? 0)) % ways;
  }
  return { ...task, shown };
}

/**
 * The pools with round(rate · n) of their n links permuted: these hand their targets on in a circle through all classes,
 * so that each gets another one's target (methods.md 11, C8). A strong link is a pair. A weak one is a target item in its
 * class, with all its pairs there: that is all that weak pairs say. The class stays that of the source. Which links those
 * are depends on the seed alone: a higher rate takes those of a lower one and others.
 */
export function withPairNoise(
  pools: readonly ClassPool[],
  strength: Strength,
  rate: number,
  seed: number,
): ClassPool[] {
  const links = pools.flatMap((pool) => linksOf(pool, strength));
  const chosen = Random.of(seed, 'pair noise')
    .shuffle(links)
    .slice(0, Math.round(rate * links.length));
  const targets = new Map<InputPair, number>();
  for (const [index, { pairs }] of chosen.entries()) {
    const next = chosen[(index + 1) % chosen.length];
    if (next !== undefined) for (const pair of pairs) targets.set(pair, next.target);
  }
  return pools.map((pool) =>
    withPairs(
      pool,
      pool.pairs.map((pair) => ({ ...pair, target: targets.get(pair) ?? pair.target })),
    ),
  );
}

function linksOf({ pairs, alignedTargets }: ClassPool, strength: Strength) {
  if (strength === 'strong') return pairs.map((pair) => ({ target: pair.target, pairs: [pair] }));
  return alignedTargets.map((target) => ({ target, pairs: pairs.filter((pair) => pair.target === target) }));
}
