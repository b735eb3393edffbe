import type { AlignmentReport, GeometryName, ModalityPair, RetrievalName } from '../../src/protocol.ts';

/** What each number says. A match is the partner itself, or any item of its class. */
export function retrievalSentences(relevance: AlignmentReport['relevance']): Record<RetrievalName, string> {
  const match = relevance === 'instance' ? 'their partner' : 'an item of their class';
  const recall = (where: string): string => `Share of items that find ${match} ${where}.`;
  return {
    recall1: recall('in first place'),
    recall5: recall('among the first five'),
    recall10: recall('among the first ten'),
    medianRank: `Half of the items find ${match} at this place or before.`,
    meanRank: `The place at which items find ${match}, on average.`,
    meanReciprocalRank: 'Mean of 1 ÷ that place: 1 if the match always comes first.',
    meanAveragePrecision: 'How well all items of the class come before all others.',
  };
}

export const geometrySentences: Readonly<Record<GeometryName, string>> = {
  linearCka: 'Likeness of the distances within the two sets; few pairs push it up, so read it against chance.',
  debiasedCka: 'The same, corrected for the number of pairs: near 0 where there is no relation.',
  rbfCka: 'The same for near neighbours only: it also sees relations that are not linear.',
  mutualKnn: 'Share of an item’s nearest neighbours that are also its partner’s nearest neighbours.',
  procrustes: 'What is left between the two sets after the best rotation of one onto the other.',
  svcca: 'Mean correlation of the best-matching directions of the two sets.',
  pwccaForward: 'The same, weighted by what each direction means to the first set.',
  pwccaBackward: 'The same, weighted by what each direction means to the second set.',
  modalityGap: 'Distance between the centres of the two sets in one space.',
  separability: 'How often a straight cut tells the two modalities apart in one space.',
  alignment: 'Mean squared distance of partners in one space.',
  uniformityFirst: 'How evenly the first set fills its space: near 0 it has collapsed.',
  uniformitySecond: 'How evenly the second set fills its space: near 0 it has collapsed.',
  hubnessForward: 'Whether a few items are near neighbours of very many: skewness of how often each is found.',
  hubnessBackward: 'The same in the other direction.',
  antihubsForward: 'Share of items that are among the ten nearest of no item.',
  antihubsBackward: 'The same in the other direction.',
  otdd: 'What it costs to move one labelled set onto the other, classes onto classes.',
  knowledgeDiscrepancyForward:
    'How far what the first modality knows of its classes is from the classes of the second.',
  knowledgeDiscrepancyBackward: 'The same with the modalities exchanged.',
};

/** What the similarity of classes is. */
export function similaritySentence({ first, second }: ModalityPair): string {
  return `Cosine of the mean of the ${first} vectors of a class (rows) with the mean of the ${second} vectors of a class (columns). A strong diagonal is good.`;
}

/** The largest value of each number, for its bar; 1 where nothing else is said. */
export const largest: Partial<Record<GeometryName, number>> = {
  modalityGap: 2,
  alignment: 4,
  hubnessForward: 5,
  hubnessBackward: 5,
};
