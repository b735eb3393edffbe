import { Random } from '../base/random.ts';
import { type InputPair, type LearningData, rowsByClass } from './data.ts';

/** What meta-training may use of one class. */
export interface ClassPool {
  readonly class: number;
  /** Source rows whose labels may be used. */
  readonly classification: readonly number[];
  /** Pairs that may be aligned, and their rows without repetition. */
  readonly pairs: readonly InputPair[];
  readonly alignedSources: readonly number[];
  readonly alignedTargets: readonly number[];
  /** All its target rows: for the methods that learn from the target modality, with labels or without. */
  readonly targets: readonly number[];
}

/**
 * Halves the items of each class (methods.md 1.2): of its source items that are in a pair, a random half is reserved
 * for alignment with all their pairs; the others, and those in no pair, are for classification. So a source item that
 * is used to align is never used with its label, also where one item is in many pairs.
 */
export function divideItems(data: LearningData, seed: number): ClassPool[] {
  const rows = rowsByClass(data.source, data.classes.length);
  const targets = rowsByClass(data.target, data.classes.length);
  const pairs = data.classes.map((): InputPair[] => []);
  for (const pair of data.pairs) if (isUsable(pair, data)) pairs[pair.class]?.push(pair);
  return pairs.map((own, index) => {
    const sources = Random.of(seed, `halves of class ${index}`).shuffle(unique(own.map((pair) => pair.source)));
    const reserved = new Set(sources.slice(0, Math.ceil(sources.length / 2)));
    const aligned = own.filter((pair) => reserved.has(pair.source));
    return {
      class: index,
      classification: (rows[index] ?? []).filter((row) => !reserved.has(row)),
      pairs: aligned,
      alignedSources: unique(aligned.map((pair) => pair.source)),
      alignedTargets: unique(aligned.map((pair) => pair.target)),
      targets: unique([...(targets[index] ?? []), ...own.map((pair) => pair.target)]),
    };
  });
}

/** The pool with other pairs to align. */
export function withPairs(pool: ClassPool, pairs: readonly InputPair[]): ClassPool {
  return {
    ...pool,
    pairs,
    alignedSources: unique(pairs.map((pair) => pair.source)),
    alignedTargets: unique(pairs.map((pair) => pair.target)),
  };
}

/**
 * The pools with at most `most` pairs each, drawn by the seed: a smaller number takes some of those of a larger one. The
 * items of the other pairs are not used, so that nothing but the number of pairs differs.
 */
export function limitPairs(pools: readonly ClassPool[], most: number, seed: number): ClassPool[] {
  return pools.map((pool) => {
    const order = Random.of(seed, `pairs of class ${pool.class}`).shuffle(pool.pairs);
    return withPairs(pool, order.slice(0, most));
  });
}

/** A pair counts for its class when neither item says otherwise; so no item of a test class is ever aligned. */
export function isUsable(pair: InputPair, { source, target }: LearningData): boolean {
  const agrees = (label: number | undefined) => label === -1 || label === pair.class;
  return pair.class >= 0 && agrees(source.classes[pair.source]) && agrees(target.classes[pair.target]);
}

function unique(rows: readonly number[]): number[] {
  return [...new Set(rows)];
}
