import type { AlignmentReport, GeometryName, RetrievalName } from '../../src/protocol.ts';

/** What a number means, and how to read it: its range and what few pairs do to it. */
export interface Words {
  readonly sentence: string;
  readonly detail: string;
}

/** A match is the partner itself, or any item of its class. */
export function retrievalWords(relevance: AlignmentReport['relevance']): Record<RetrievalName, Words> {
  const match = relevance === 'instance' ? 'their partner' : 'an item of their class';
  const recall = (words: string): Words => ({
    sentence: `Share of items that find ${match} ${words}.`,
    detail: 'From 0 to 1. It falls as the number of candidates grows: compare only equal numbers.',
  });
  const ranks = 'From 1 to the number of candidates; it grows with that number.';
  return {
    recall1: recall('in first place'),
    recall5: recall('among the first five'),
    recall10: recall('among the first ten'),
    medianRank: {
      sentence: `Half of the items find ${match} at this place or before.`,
      detail: ranks,
    },
    meanRank: {
      sentence: `The place at which items find ${match}, on average.`,
      detail: `${ranks} A few items that are far off move it much.`,
    },
    meanReciprocalRank: {
      sentence: 'Mean of 1 ÷ that place: 1 if the match always comes first.',
      detail: 'From 0 to 1. It falls as the number of candidates grows.',
    },
    meanAveragePrecision: {
      sentence: 'How well all items of the class come before all others.',
      detail: 'From 0 to 1. Chance is about the share of the class among the candidates.',
    },
  };
}

export const geometryWords: Readonly<Record<GeometryName, Words>> = {
  linearCka: {
    sentence: 'Likeness of the distances within the two sets; few pairs push it up, so read it against chance.',
    detail: 'Kornblith et al., 2019. From 0 to 1; about D ÷ (N + D) for unrelated sets of D dimensions and N pairs.',
  },
  debiasedCka: {
    sentence: 'The same, corrected for the number of pairs: near 0 where there is no relation.',
    detail:
      'Up to 1; may be slightly below 0. The only likeness here that may be compared between datasets of other sizes.',
  },
  rbfCka: {
    sentence: 'The same for near neighbours only: it also sees relations that are not linear.',
    detail:
      'Kornblith et al., 2019, with half of the median distance as bandwidth. From 0 to 1; biased upwards for few pairs.',
  },
  mutualKnn: {
    sentence: 'Share of an item’s nearest neighbours that are also its partner’s nearest neighbours.',
    detail: 'Huh et al., 2024. From 0 to 1; chance is k ÷ (N − 1), and the value falls as the number of pairs grows.',
  },
  procrustes: {
    sentence: 'What is left between the two sets after the best rotation of one onto the other.',
    detail: 'From 0 to 1. Unrelated sets come close to 1 only with many more pairs than dimensions.',
  },
  svcca: {
    sentence: 'Mean correlation of the best-matching directions of the two sets.',
    detail:
      'Raghu et al., 2017; directions that hold 99 % of the variance. From 0 to 1; strongly biased upwards for few pairs.',
  },
  pwccaForward: {
    sentence: 'The same, weighted by what each direction means to the first set.',
    detail: 'Morcos et al., 2018; not symmetric. From 0 to 1; biased upwards for few pairs.',
  },
  pwccaBackward: {
    sentence: 'The same, weighted by what each direction means to the second set.',
    detail: 'Morcos et al., 2018; not symmetric. From 0 to 1; biased upwards for few pairs.',
  },
  modalityGap: {
    sentence: 'Distance between the centres of the two sets in one space.',
    detail: 'Liang et al., 2022. From 0 to 2; smaller is not always better. Unrelated centred sets give √(2 ÷ N).',
  },
  separability: {
    sentence: 'How often a straight cut tells the two modalities apart in one space.',
    detail: 'Cross-validated accuracy. 0.5: they lie in the same place; 1: each has a place of its own.',
  },
  alignment: {
    sentence: 'Mean squared distance of partners in one space.',
    detail:
      'Wang & Isola, 2020. From 0 to 4, lower is closer; read it with uniformity, because all in one point gives 0.',
  },
  uniformityFirst: {
    sentence: 'How evenly the first set fills its space: near 0 it has collapsed.',
    detail: 'Wang & Isola, 2020. From −8 to 0; about −4 for an even sphere of many dimensions.',
  },
  uniformitySecond: {
    sentence: 'How evenly the second set fills its space: near 0 it has collapsed.',
    detail: 'Wang & Isola, 2020. From −8 to 0; about −4 for an even sphere of many dimensions.',
  },
  hubnessForward: {
    sentence: 'Whether a few items are near neighbours of very many: skewness of how often each is found.',
    detail: 'Radovanović et al., 2010. 0: all are found alike; above about 1.4, hubs spoil retrieval.',
  },
  hubnessBackward: {
    sentence: 'The same in the other direction.',
    detail: 'Radovanović et al., 2010. 0: all are found alike; above about 1.4, hubs spoil retrieval.',
  },
  antihubsForward: {
    sentence: 'Share of items that are among the ten nearest of no item.',
    detail: 'From 0 to 1. No query ever finds them.',
  },
  antihubsBackward: {
    sentence: 'The same in the other direction.',
    detail: 'From 0 to 1. No query ever finds them.',
  },
  otdd: {
    sentence: 'What it costs to move one labelled set onto the other, classes onto classes.',
    detail:
      'Alvarez-Melis & Fusi, 2020. From 0, without a scale: chance is the distance of two halves of one set. Blind to wrong pairs.',
  },
  knowledgeDiscrepancyForward: {
    sentence: 'How far what the first modality knows of its classes is from the classes of the second.',
    detail: 'Ma et al., 2024 (MoNA); our estimator. From 0 to 1; chance is its mean over shuffled labels.',
  },
  knowledgeDiscrepancyBackward: {
    sentence: 'The same with the modalities exchanged.',
    detail: 'Ma et al., 2024 (MoNA); our estimator. From 0 to 1; chance is its mean over shuffled labels.',
  },
};

/** The largest value of each number, for its bar; 1 where nothing else is said. */
export const largest: Partial<Record<GeometryName, number>> = {
  modalityGap: 2,
  alignment: 4,
  hubnessForward: 5,
  hubnessBackward: 5,
};
