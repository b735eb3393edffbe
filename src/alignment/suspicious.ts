import type { PairRow, SuspiciousPair } from '../protocol.ts';
import type { CrossValidation } from './crossValidation.ts';

const SHOWN = 20;

/**
 * The pairs that look most wrong, worst first: those with the lowest margin, which is the out-of-fold cosine of the two
 * items minus the mean of the ten best others, averaged over both directions (as cross-domain similarity local scaling
 * does, Conneau et al., ICLR 2018). In [−2, 2]; a right pair of well-aligned modalities is above 0.
 */
export function mostSuspicious(pairs: readonly PairRow[], { forward, backward }: CrossValidation): SuspiciousPair[] {
  const scored = pairs.flatMap((pair, index) => {
    const there = forward.scored[index];
    const back = backward.scored[index];
    if (there === undefined || back === undefined) return [];
    return {
      pair: pair.id,
      key: pair.key,
      ...(pair.class !== undefined && { class: pair.class }),
      similarity: (there.similarity + back.similarity) / 2,
      margin: (there.margin + back.margin) / 2,
      rankForward: there.rank,
      rankBackward: back.rank,
    };
  });
  return scored.sort((a, b) => a.margin - b.margin).slice(0, SHOWN);
}
