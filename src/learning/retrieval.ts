import * as tf from '@tensorflow/tfjs-core';
import { mean } from '../base/statistics.ts';
import type { InputPair } from './data.ts';
import type { Episodes } from './episodes.ts';
import type { LearningMethod } from './methods/method.ts';
import type { WeightVector } from './networks/layout.ts';

/** Shares of the queries in [0, 1] whose match stands among the first 1, 5 and 10 candidates. */
export interface Recalls {
  readonly recall1: number;
  readonly recall5: number;
  readonly recall10: number;
}

/** How well a method's embeddings of new classes find each other, without any adaptation. */
export interface Retrieval {
  /** Queries, and candidates for each of them. */
  readonly pairs: number;
  readonly sourceToTarget: Recalls;
  readonly targetToSource: Recalls;
}

/**
 * Retrieval among pairs of test classes by the cosine of the embeddings (methods.md 8.1 and 11, C10). The match of an
 * item is its partner; where pairs are weak, the best of the items of its class. Equal cosines rank the lower index first.
 * `undefined` for a method that embeds nothing, or where the test classes have no pairs.
 */
export async function retrievalOf(
  method: LearningMethod,
  weights: WeightVector,
  { retrievalPairs: pairs, strength }: Pick<Episodes, 'retrievalPairs' | 'strength'>,
): Promise<Retrieval | undefined> {
  if (method.embed === undefined || pairs.length === 0) return undefined;
  const held = tf.tensor1d(weights);
  try {
    const sources = await method.embed(held, 'source', rowsOf(pairs, 'source'));
    const targets = await method.embed(held, 'target', rowsOf(pairs, 'target'));
    const matches = (i: number, j: number) => i === j || (strength === 'weak' && pairs[i]?.class === pairs[j]?.class);
    const cosines = sources.map((source) => targets.map((target) => cosine(source, target)));
    const transposed = targets.map((_, j) => cosines.map((row) => row[j] ?? 0));
    return {
      pairs: pairs.length,
      sourceToTarget: recalls(cosines, matches),
      targetToSource: recalls(transposed, matches),
    };
  } finally {
    held.dispose();
  }
}

function rowsOf(pairs: readonly InputPair[], side: 'source' | 'target'): number[] {
  return pairs.map((pair) => pair[side]);
}

function recalls(scores: readonly number[][], matches: (i: number, j: number) => boolean): Recalls {
  const ranks = scores.map((row, query) => {
    const order = [...row.keys()].sort((a, b) => (row[b] ?? 0) - (row[a] ?? 0) || a - b);
    return 1 + order.findIndex((candidate) => matches(query, candidate));
  });
  const within = (k: number) => mean(ranks.map((rank) => Number(rank <= k)));
  return { recall1: within(1), recall5: within(5), recall10: within(10) };
}

function cosine(a: Float32Array, b: Float32Array): number {
  const product = dot(a, b);
  return product === 0 ? 0 : product / Math.sqrt(dot(a, a) * dot(b, b));
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
