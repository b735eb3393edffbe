import type { AlignmentReport, Retrieval } from '../../src/protocol.ts';

/** What each number means, in one sentence. A match is the partner itself, or any item of its class. */
export function retrievalSentences(relevance: AlignmentReport['relevance']): Record<keyof Retrieval['chance'], string> {
  const match = relevance === 'instance' ? 'their partner' : 'an item of their class';
  return {
    recall1: `Share of items that find ${match} in first place.`,
    recall5: `Share of items that find ${match} among the first five.`,
    recall10: `Share of items that find ${match} among the first ten.`,
    medianRank: `Half of the items find ${match} at this place or before.`,
    meanReciprocalRank: 'Mean of 1 ÷ that place: 1 if the match always comes first.',
  };
}

export const geometrySentences = {
  linearCka: 'Likeness of the distances within the two sets; few pairs push it up, so read it against chance.',
  debiasedCka: 'The same, corrected for the number of pairs: near 0 where there is no relation.',
  mutualKnn: 'Share of an item’s nearest neighbours that are also its partner’s nearest neighbours.',
  modalityGap: 'Distance between the centres of the two sets in one space, from 0 to 2.',
} as const;
