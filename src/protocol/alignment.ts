import * as z from 'zod';
import { Method } from './experiments.ts';
import { Modality, ModalityPair, Strength } from './words.ts';

/** A number in a context: its 95 % interval, what it would be without any relation, and which way is better. */
export const Metric = z.object({
  value: z.number(),
  interval: z.tuple([z.number(), z.number()]).optional(),
  chance: z.number().optional(),
  better: z.enum(['higher', 'lower', 'neither']),
});
export type Metric = z.infer<typeof Metric>;

/** Why a number is not there, in a sentence. */
export const Missing = z.object({ missing: z.string() });
export type Missing = z.infer<typeof Missing>;

export const Measured = z.union([Metric, Missing]);
export type Measured = z.infer<typeof Measured>;

export const RetrievalName = z.enum([
  'recall1',
  'recall5',
  'recall10',
  'medianRank',
  'meanRank',
  'meanReciprocalRank',
  'meanAveragePrecision',
]);
export type RetrievalName = z.infer<typeof RetrievalName>;

/** What each number is called on a screen. */
export const retrievalTitles: Readonly<Record<RetrievalName, string>> = {
  recall1: 'Recall@1',
  recall5: 'Recall@5',
  recall10: 'Recall@10',
  medianRank: 'Median rank',
  meanRank: 'Mean rank',
  meanReciprocalRank: 'Mean reciprocal rank',
  meanAveragePrecision: 'Mean average precision',
};

/** How one modality finds its matches in the other. */
export const Retrieval = z.object({
  from: Modality,
  to: Modality,
  /** How many items each query is ranked against; the mean over folds. */
  candidates: z.number(),
  queries: z.number(),
  measures: z.partialRecord(RetrievalName, Measured),
  /** Queries whose best match stands at rank 1, 2, 3–4, 5–8, 9–16 and so on, and how many would by chance. */
  histogram: z.array(z.object({ upTo: z.number(), queries: z.number(), chance: z.number() })),
});
export type Retrieval = z.infer<typeof Retrieval>;

export const GeometryName = z.enum([
  'linearCka',
  'debiasedCka',
  'rbfCka',
  'mutualKnn',
  'procrustes',
  'svcca',
  'pwccaForward',
  'pwccaBackward',
  'modalityGap',
  'separability',
  'alignment',
  'uniformityFirst',
  'uniformitySecond',
  'hubnessForward',
  'hubnessBackward',
  'antihubsForward',
  'antihubsBackward',
  'otdd',
  'knowledgeDiscrepancyForward',
  'knowledgeDiscrepancyBackward',
]);
export type GeometryName = z.infer<typeof GeometryName>;

/** What each number is called on a screen. */
export const geometryTitles: Readonly<Record<GeometryName, string>> = {
  linearCka: 'Linear CKA',
  debiasedCka: 'Debiased CKA',
  rbfCka: 'RBF CKA',
  mutualKnn: 'Mutual 10-NN',
  procrustes: 'Procrustes distance',
  svcca: 'SVCCA',
  pwccaForward: 'PWCCA, first set',
  pwccaBackward: 'PWCCA, second set',
  modalityGap: 'Modality gap',
  separability: 'Separability',
  alignment: 'Alignment',
  uniformityFirst: 'Uniformity, first set',
  uniformitySecond: 'Uniformity, second set',
  hubnessForward: 'Hubness, first → second',
  hubnessBackward: 'Hubness, second → first',
  antihubsForward: 'Anti-hubs, first → second',
  antihubsBackward: 'Anti-hubs, second → first',
  otdd: 'OTDD',
  knowledgeDiscrepancyForward: 'Knowledge discrepancy, first → second',
  knowledgeDiscrepancyBackward: 'Knowledge discrepancy, second → first',
};

/** What an embedding set is, and whether its vectors are sound. */
export const SetHealth = z.object({
  encoder: z.string(),
  dimensions: z.number(),
  /** Rows of the set, and of which numbers are not finite, all are zero, or that repeat an earlier row. */
  rows: z.number(),
  notFinite: z.number(),
  zero: z.number(),
  duplicates: z.number(),
  /** Euclidean lengths. */
  norms: z.object({ minimum: z.number(), median: z.number(), maximum: z.number() }),
  /** exp of the entropy of the covariance's eigenvalues as shares (Roy & Vetterli, 2007); from 1 to `dimensions`. */
  effectiveRank: z.number(),
});
export type SetHealth = z.infer<typeof SetHealth>;

export const MapKind = z.enum(['ridge', 'procrustes', 'cca']);
export type MapKind = z.infer<typeof MapKind>;

/** How items of two modalities are compared: as they are, or after a linear map that other folds gave. */
export const Comparison = z.discriminatedUnion('space', [
  z.object({ space: z.literal('shared') }),
  z.object({ space: z.literal('mapped'), map: MapKind }),
]);
export type Comparison = z.infer<typeof Comparison>;

export const AlignmentQuestion = z.object({
  modalities: ModalityPair,
  /** Names of the encoders; the modality's own default when absent. */
  encoders: z.object({ first: z.string().optional(), second: z.string().optional() }).default({}),
  /** `auto`: shared where both sets say that they are of one space, else mapped. */
  space: z.enum(['auto', 'shared', 'mapped']).default('auto'),
  map: MapKind.default('ridge'),
  seed: z.number().default(0),
  folds: z.number().default(5),
});
export type AlignmentQuestion = z.infer<typeof AlignmentQuestion>;

/** An embedding set that fits the snapshot. */
export const StoredSet = z.object({
  modality: Modality,
  name: z.string(),
  dimensions: z.number(),
  rows: z.number(),
  /** ISO 8601. */
  created: z.string(),
  /** Sets of one space are directly comparable. */
  space: z.string().exactOptional(),
});
export type StoredSet = z.infer<typeof StoredSet>;

/** A run that is over and keeps a network by which both of its modalities can be encoded. */
export const EncodingRun = z.object({
  /** Its id, which its embedding sets have as their name. */
  run: z.string(),
  folder: z.string(),
  method: Method,
  source: Modality,
  target: Modality,
});
export type EncodingRun = z.infer<typeof EncodingRun>;

/** How one held-out pair stands. */
export const ScoredPair = z.object({
  /** Place among the pairs of the report. */
  index: z.number(),
  pair: z.string(),
  key: z.string(),
  class: z.string().optional(),
  split: z.string().optional(),
  /** Out-of-fold cosine of the two items, both directions averaged. */
  similarity: z.number(),
  /** Own similarity minus the mean of the ten best others, both directions averaged. The lower, the more suspicious. */
  margin: z.number(),
  /** Rank of the partner in each direction among the items that are no match, 1 is best. */
  rankForward: z.number(),
  rankBackward: z.number(),
  /** Share of the nearest items of the other modality that are of the pair's class, its partner left out. */
  classAgreement: z.number().optional(),
  /** That it is no more alike than strangers, in [0, 1]: wrong, where such pairs stand out (see `mismatches`). */
  mismatch: z.number(),
});
export type ScoredPair = z.infer<typeof ScoredPair>;

/** The pairs of one class, split or source. */
export const BreakdownRow = z.object({
  value: z.string(),
  pairs: z.number(),
  recallForward: z.number(),
  recallBackward: z.number(),
  margin: z.number(),
  expectedWrong: z.number(),
});
export type BreakdownRow = z.infer<typeof BreakdownRow>;

export const Breakdown = z.object({ by: z.enum(['class', 'split', 'source']), rows: z.array(BreakdownRow) });
export type Breakdown = z.infer<typeof Breakdown>;

/** Cosines of the class means of the first modality (rows) with those of the second (columns). */
export const ClassSimilarity = z.object({
  classes: z.array(z.string()),
  values: z.array(z.array(z.number())),
  /** Classes that are not shown because there are larger ones. */
  left: z.number(),
});
export type ClassSimilarity = z.infer<typeof ClassSimilarity>;

export const AlignmentReport = z.object({
  id: z.string(),
  dataset: z.string(),
  /** Names the data that it is of: `data` of the snapshot's summary. */
  data: z.string(),
  created: z.string(),
  /** False as long as some parts are still being computed. */
  complete: z.boolean(),
  question: AlignmentQuestion,
  comparison: Comparison,
  sets: z.object({ first: SetHealth, second: SetHealth }),
  pairs: z.number(),
  strength: Strength,
  /** What counts as a match: the very partner (strong pairs) or any item of its class (weak pairs). */
  relevance: z.enum(['instance', 'class']),
  /** 0 in a shared space, where nothing is fitted. */
  folds: z.number(),
  /** From how many pairs retrieval is estimated, among all candidates, until all pairs are ranked. */
  estimate: z.number().optional(),
  forward: Retrieval.optional(),
  backward: Retrieval.optional(),
  geometry: z.partialRecord(GeometryName, Measured),
  classSimilarity: z.union([ClassSimilarity, Missing]).optional(),
  breakdowns: z.array(Breakdown),
  /**
   * How many pairs are no more alike than strangers. When they stand out from the others they are probably wrong; when they
   * are too many for that, the encoders do not see what partners share.
   */
  mismatches: z.object({ expected: z.number(), standOut: z.boolean(), sentence: z.string() }).optional(),
  /** The most suspicious, worst first. */
  suspicious: z.array(ScoredPair),
  /** How the ranking finds pairs that are known to be wrong, where somebody said which. */
  known: z
    .object({
      wrong: z.number(),
      averagePrecision: z.number(),
      /** Share of known wrong pairs among so many of the most suspicious. */
      precision: z.array(z.object({ among: z.number(), share: z.number() })),
    })
    .optional(),
  /** What limits these numbers, in sentences. */
  notes: z.array(z.string()),
});
export type AlignmentReport = z.infer<typeof AlignmentReport>;

/** A stored report in a list. */
export const StoredReport = AlignmentReport.pick({
  id: true,
  created: true,
  question: true,
  comparison: true,
  pairs: true,
}).extend({
  encoders: z.object({ first: z.string(), second: z.string() }),
  /** Whether it is of the data as they are now. */
  current: z.boolean(),
});
export type StoredReport = z.infer<typeof StoredReport>;

export const Projection = z.enum(['pca', 'umap']);
export type Projection = z.infer<typeof Projection>;

/** The 2-D map of a report. Arrays are little-endian bytes in Base64: point 2i is the first item of its pair i, 2i + 1 the second. */
export const AlignmentMap = z.object({
  report: z.string(),
  projection: Projection,
  pairs: z.number(),
  /** uint32 by pair: its place among the pairs of the report. */
  indices: z.string(),
  /** Ids of the pairs, and what names them in their layout. */
  ids: z.array(z.string()),
  keys: z.array(z.string()),
  /** float32, x and y of each point. */
  positions: z.string(),
  /** uint16 by pair: places in `classes` and `splits`. */
  classOf: z.string(),
  splitOf: z.string(),
  classes: z.array(z.string()),
  splits: z.array(z.string()),
  /** float32 by pair: probability of a mismatch, and log2 of the partner's rank, first → second. */
  mismatch: z.string(),
  rank: z.string(),
});
export type AlignmentMap = z.infer<typeof AlignmentMap>;

/** Which pairs of a report, in which order. */
export const ScoredPairsQuery = z.object({
  report: z.string(),
  /** Places among the pairs of the report, as a lasso gives them. */
  among: z.array(z.number()).optional(),
  class: z.string().optional(),
  offset: z.number(),
  limit: z.number(),
});
export type ScoredPairsQuery = z.infer<typeof ScoredPairsQuery>;

/** Formats of an exported report: all of it, its pairs as a table, or for reading. */
export const ExportFormat = z.enum(['json', 'csv', 'markdown', 'html']);
export type ExportFormat = z.infer<typeof ExportFormat>;
