import * as z from 'zod';
import { Modality, ModalityPair, Problem, ProblemKind, Strength } from './words.ts';

export const SnapshotSummary = z.object({
  id: z.string(),
  /**
   * Names what later steps use (usable pairs, their items' contents and labels): snapshots that differ only in problems
   * or in what is excluded already share it.
   */
  data: z.string(),
  /** The same of the readable items of one modality: vectors of one snapshot fit another with the same contents. */
  contents: z.partialRecord(Modality, z.string()),
  /** True when every item was decoded as a whole, not only its header. */
  decoded: z.boolean(),
  /** ISO 8601. */
  created: z.string(),
  items: z.partialRecord(Modality, z.number()),
  pairs: z.array(ModalityPair.extend({ strength: Strength, count: z.number() })),
  classes: z.array(z.string()),
  splits: z.array(z.string()),
  /** Items that take part in no pair. Each one is named by a problem. */
  unpaired: z.number(),
  /** Pairs that a decision leaves out of all later steps. */
  excluded: z.number(),
  problems: z.partialRecord(ProblemKind, z.number()),
});
export type SnapshotSummary = z.infer<typeof SnapshotSummary>;

export const DatasetSummary = z.object({
  name: z.string(),
  /** Absolute path of the pairlab.yaml. */
  path: z.string(),
  /** Absolute path of the folder that holds the media; absent when the dataset file cannot be used. */
  root: z.string().optional(),
  /** Absent until it has been indexed. */
  snapshot: SnapshotSummary.optional(),
  /** Why the dataset file cannot be used. */
  error: z.string().optional(),
});
export type DatasetSummary = z.infer<typeof DatasetSummary>;

/** The smallest, the middle and the largest value of a measure. */
export const Spread = z.object({ minimum: z.number(), median: z.number(), maximum: z.number() });
export type Spread = z.infer<typeof Spread>;

const Count = z.object({ value: z.string(), items: z.number() });

/** What the items of a modality are; those of a split, or of a class in a split, where it says so. */
export const ItemStatistics = z.object({
  modality: Modality,
  /** `''`: those without one. Absent: all of the modality. */
  split: z.string().optional(),
  /** `''`: those without one. Absent: all of the split. */
  class: z.string().optional(),
  items: z.number(),
  unreadable: z.number(),
  bytes: z.number(),
  /** Pixels. */
  width: Spread.optional(),
  height: Spread.optional(),
  /** Of one sound, and of all together. */
  seconds: Spread.extend({ total: z.number() }).optional(),
  /** Unicode code points. */
  characters: Spread.optional(),
  /** The most frequent first. Sample rates in hertz, languages in ISO 639-1. */
  formats: z.array(Count),
  channels: z.array(Count),
  sampleRates: z.array(Count),
  languages: z.array(Count),
});
export type ItemStatistics = z.infer<typeof ItemStatistics>;

/** The same items three times, ever finer. */
export const DatasetStatistics = z.object({
  modalities: z.array(ItemStatistics),
  splits: z.array(ItemStatistics),
  classes: z.array(ItemStatistics),
});
export type DatasetStatistics = z.infer<typeof DatasetStatistics>;

/** A layout under which a folder pairs, and how well. */
export const Proposal = z.object({
  /** In a few words: "pairs.csv: image, audio". */
  description: z.string(),
  layout: z.string(),
  modalities: z.array(Modality),
  /** Share of the items and other media files of these modalities that take part in a pair, in [0, 1]. */
  matchRate: z.number(),
  matched: z.number(),
  unmatched: z.number(),
  /** Groups of items that could pair in more than one way, so that none of them does. */
  ambiguous: z.number(),
  /** The first ten. */
  examples: z.array(z.object({ key: z.string(), items: z.array(z.string()) })),
  classes: z.array(z.string()),
  splits: z.array(z.string()),
});
export type Proposal = z.infer<typeof Proposal>;

/** Restricts pairs; an absent field does not restrict. `class: ''` and `split: ''` mean "has none". */
export const PairFilter = z.object({
  modalities: ModalityPair.optional(),
  split: z.string().optional(),
  class: z.string().optional(),
  withProblems: z.boolean().optional(),
  problem: ProblemKind.optional(),
  excluded: z.boolean().optional(),
  /** Id of an item that is in the pair. */
  item: z.string().optional(),
});
export type PairFilter = z.infer<typeof PairFilter>;

/** A level of the explorer below a filter: how many pairs each value has. */
export const PairGroup = z.object({ value: z.string(), pairs: z.number(), problems: z.number() });
export type PairGroup = z.infer<typeof PairGroup>;

export const PairRow = z.object({
  id: z.string(),
  /** What names the pair in its layout: the stem, the manifest's id. */
  key: z.string(),
  first: z.object({ modality: Modality, item: z.string() }),
  second: z.object({ modality: Modality, item: z.string() }),
  class: z.string().optional(),
  split: z.string().optional(),
  strength: Strength,
  problems: z.number(),
  /** A decision leaves it out of all later steps. */
  excluded: z.boolean(),
  /** What a person noted about it. */
  note: z.string().optional(),
});
export type PairRow = z.infer<typeof PairRow>;

/** One line under a picture or a sound: "Duration", "1.25 s". */
export const Fact = z.object({ label: z.string(), value: z.string() });
export type Fact = z.infer<typeof Fact>;

export const ItemDetail = z.object({
  id: z.string(),
  modality: Modality,
  /** Absolute path of the file that holds the item: the media file, or the table for a cell. */
  path: z.string(),
  facts: z.array(Fact),
  /** The whole text of a text item (the first 100,000 characters). */
  text: z.string().optional(),
  /** Lowest and highest sample of each of a sound's equal parts, in [−1, 1], for the waveform. */
  waveform: z.array(z.tuple([z.number(), z.number()])).optional(),
  /** Why there is nothing to show. */
  error: z.string().optional(),
  /** Address that the webview may load: set by the editor for a file, else the bytes themselves as a `data:` address. */
  uri: z.string().optional(),
});
export type ItemDetail = z.infer<typeof ItemDetail>;

export const PairDetail = z.object({
  pair: PairRow,
  items: z.array(ItemDetail),
  problems: z.array(Problem),
  /** Neighbours within the same modalities, split and class, for the keys ← and →. */
  previous: z.string().optional(),
  next: z.string().optional(),
});
export type PairDetail = z.infer<typeof PairDetail>;
