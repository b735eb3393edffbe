import * as z from 'zod';
import { Modality, ModalityPair, Strength } from './words.ts';

/** Ranks of the true match among the candidates, in one direction. */
export const Retrieval = z.object({
  from: Modality,
  to: Modality,
  candidates: z.number(),
  queries: z.number(),
  recall1: z.number(),
  recall5: z.number(),
  recall10: z.number(),
  medianRank: z.number(),
  meanReciprocalRank: z.number(),
  /** What random ranks would give. */
  chance: z.object({
    recall1: z.number(),
    recall5: z.number(),
    recall10: z.number(),
    medianRank: z.number(),
    meanReciprocalRank: z.number(),
  }),
});
export type Retrieval = z.infer<typeof Retrieval>;

export const SuspiciousPair = z.object({
  pair: z.string(),
  key: z.string(),
  class: z.string().optional(),
  /** Out-of-fold cosine similarity of the two items. */
  similarity: z.number(),
  /** Own similarity minus the mean of the ten best others, both directions averaged. The lower, the more suspicious. */
  margin: z.number(),
  /** Rank of the partner in each direction, 1 is best. */
  rankForward: z.number(),
  rankBackward: z.number(),
});
export type SuspiciousPair = z.infer<typeof SuspiciousPair>;

/** A number with what it would be without any relation, and which way is better. */
export const Metric = z.object({
  value: z.number(),
  chance: z.number().optional(),
  better: z.enum(['higher', 'lower', 'neither']),
});
export type Metric = z.infer<typeof Metric>;

export const AlignmentReport = z.object({
  id: z.string(),
  dataset: z.string(),
  /** Names the data that it is of: `data` of the snapshot's summary. */
  data: z.string(),
  created: z.string(),
  modalities: ModalityPair,
  encoders: z.object({
    first: z.object({ name: z.string(), dimensions: z.number() }),
    second: z.object({ name: z.string(), dimensions: z.number() }),
  }),
  pairs: z.number(),
  strength: Strength,
  /** What counts as a match: the very partner (strong pairs) or any item of its class (weak pairs). */
  relevance: z.enum(['instance', 'class']),
  folds: z.number(),
  seed: z.number(),
  /** Held-out pairs only: each fold is ranked by a map fitted on the others. */
  forward: Retrieval,
  backward: Retrieval,
  linearCka: Metric,
  debiasedCka: Metric,
  mutualKnn: Metric.extend({ neighbours: z.number() }),
  modalityGap: Metric,
  suspicious: z.array(SuspiciousPair),
  /** What limits these numbers, in sentences. */
  notes: z.array(z.string()),
});
export type AlignmentReport = z.infer<typeof AlignmentReport>;
