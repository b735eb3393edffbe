/**
 * Everything that crosses a process boundary: editor ↔ engine (JSON-RPC over stdio) and editor ↔ webview (postMessage).
 * One schema gives the type and the check. This is the only file that the editor, the engine and the webviews all import.
 */
import * as z from 'zod';

// ---------------------------------------------------------------------------------------------------------- words

export const Modality = z.enum(['image', 'audio', 'text']);
export type Modality = z.infer<typeof Modality>;

export const Strength = z.enum(['strong', 'weak']);
export type Strength = z.infer<typeof Strength>;

export const Severity = z.enum(['error', 'warning', 'information']);
export type Severity = z.infer<typeof Severity>;

export const ProblemKind = z.enum([
  'missing-counterpart',
  'missing-file',
  'ambiguous-pairing',
  'exact-duplicate',
  'near-duplicate',
  'split-leak',
  'unreadable-media',
  'wrong-extension',
  'empty-item',
  'missing-text',
  'silent',
  'clipped',
  'single-colour',
  'too-short',
  'too-small',
  'too-large',
  'unsupported-format',
  'outside-root',
  'bad-row',
  'broken-archive',
  'returning-key',
  'mixed-fields',
  'bad-vector',
  'class-imbalance',
  'absent-class',
  'name-differs',
  'checksum-differs',
  'stale-decision',
  'dropped-by-hugging-face',
  'not-part-of-layout',
]);
export type ProblemKind = z.infer<typeof ProblemKind>;

/** What a kind of problem is called on a screen. */
export const problemTitles: Readonly<Record<ProblemKind, string>> = {
  'missing-counterpart': 'Item in no pair',
  'missing-file': 'Missing file',
  'ambiguous-pairing': 'Ambiguous pairing',
  'exact-duplicate': 'Exact duplicate',
  'near-duplicate': 'Near-duplicate',
  'split-leak': 'Leak between splits',
  'unreadable-media': 'Unreadable media',
  'wrong-extension': 'Wrong extension',
  'empty-item': 'Empty item',
  'missing-text': 'Missing text',
  silent: 'Silent sound',
  clipped: 'Clipped sound',
  'single-colour': 'Picture of a single colour',
  'too-short': 'Sound too short',
  'too-small': 'Picture too small',
  'too-large': 'Item too large',
  'unsupported-format': 'Format not supported',
  'outside-root': 'Outside the root',
  'bad-row': 'Unusable row',
  'broken-archive': 'Broken archive',
  'returning-key': 'Key that comes again',
  'mixed-fields': 'Fields that differ',
  'bad-vector': 'Unusable vector',
  'class-imbalance': 'Class imbalance',
  'absent-class': 'Absent class',
  'name-differs': 'Name that differs',
  'checksum-differs': 'Checksum that differs',
  'stale-decision': 'Decision that fits nothing',
  'dropped-by-hugging-face': 'Dropped by Hugging Face',
  'not-part-of-layout': 'Not part of the layout',
};

/** What would mend a problem: items to leave out by a decision, or a file to rename. */
export const Fix = z.object({
  /** As the user reads it: "Exclude b.png and its pairs". */
  title: z.string(),
  exclude: z.array(z.string()).optional(),
  rename: z.object({ from: z.string(), to: z.string() }).optional(),
});
export type Fix = z.infer<typeof Fix>;

/** Something wrong found at indexing. */
export const Problem = z.object({
  kind: ProblemKind,
  severity: Severity,
  /** Path relative to the dataset's root, with `#row` for a row of a table. */
  where: z.string(),
  /** What is wrong, where, and what to do: one sentence. */
  sentence: z.string(),
  /** Ids of the items concerned. */
  items: z.array(z.string()),
  fix: Fix.optional(),
});
export type Problem = z.infer<typeof Problem>;

/** What a decision is about. One about an item holds for every pair that the item takes part in. */
export const Target = z.union([z.object({ pair: z.string() }), z.object({ item: z.string() })]);
export type Target = z.infer<typeof Target>;

/** What a person can decide about pairs and items. It goes to the dataset's `.exclusions.jsonl`. */
export const Decision = z.discriminatedUnion('decision', [
  /** Leave out of, or take back into, all later steps. */
  z.object({ decision: z.literal('exclude') }),
  z.object({ decision: z.literal('include') }),
  z.object({ decision: z.literal('weak') }),
  z.object({ decision: z.literal('strong') }),
  /** The right class. About a pair it holds for its two items, and so for their other pairs. */
  z.object({ decision: z.literal('class'), value: z.string().min(1) }),
  /** The right text, of a text item. The file stays as it is. */
  z.object({ decision: z.literal('text'), value: z.string().min(1) }),
  z.object({ decision: z.literal('note'), value: z.string().min(1) }),
]);
export type Decision = z.infer<typeof Decision>;

/** Two modalities that pair, in the order of the dataset file. */
export const ModalityPair = z.object({ first: Modality, second: Modality });
export type ModalityPair = z.infer<typeof ModalityPair>;

// ------------------------------------------------------------------------------------------------------- datasets

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

// ------------------------------------------------------------------------------------------------------ alignment

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

// ---------------------------------------------------------------------------------------------- experiments and runs

export const Method = z.enum(['croma', 'align-classify', 'scratch']);
export type Method = z.infer<typeof Method>;

/** Derived from what is there (record, report, live process), never stored. */
export const RunState = z.enum(['queued', 'running', 'stopping', 'finished', 'stopped', 'failed', 'interrupted']);
export type RunState = z.infer<typeof RunState>;

/** Accuracy over test tasks with one number of shots; fractions in [0, 1]. */
export const ShotResult = z.object({
  shots: z.number(),
  accuracy: z.number(),
  /** Half width of the 95 % interval over test tasks; absent when there is one task only. */
  interval: z.number().optional(),
  tasks: z.number(),
});
export type ShotResult = z.infer<typeof ShotResult>;

/** A point of the learning curve. Losses are means since the last point. */
export const CurvePoint = z.object({
  iteration: z.number(),
  classificationLoss: z.number().optional(),
  alignmentLoss: z.number().optional(),
  validationAccuracy: z.number().optional(),
});
export type CurvePoint = z.infer<typeof CurvePoint>;

export const RunSummary = z.object({
  id: z.string(),
  /** Absolute path of the run's folder. */
  folder: z.string(),
  /** Absolute path of the *.experiment.yaml. */
  experiment: z.string(),
  method: Method,
  seed: z.number(),
  source: Modality,
  target: Modality,
  ways: z.number(),
  state: RunState,
  /** What it is doing, as the user reads it: "meta-training". */
  stage: z.string().optional(),
  /** 0 to 1 over the whole run. */
  progress: z.number(),
  backend: z.string().optional(),
  /** ISO 8601. */
  started: z.string().optional(),
  updated: z.string().optional(),
  /** Estimated seconds to the end, while running. */
  secondsLeft: z.number().optional(),
  results: z.array(ShotResult),
  curve: z.array(CurvePoint),
  /** Why it failed. */
  error: z.string().optional(),
});
export type RunSummary = z.infer<typeof RunSummary>;

/** Accuracy of one method and number of shots over all seeds' test tasks. */
export const ReportRow = z.object({
  method: Method,
  shots: z.number(),
  accuracy: z.number(),
  interval: z.number().optional(),
  tasks: z.number(),
  seeds: z.number(),
});
export type ReportRow = z.infer<typeof ReportRow>;

/** `reference` minus `method` on the same test tasks. */
export const PairedDifference = z.object({
  reference: Method,
  method: Method,
  shots: z.number(),
  difference: z.number(),
  interval: z.number().optional(),
  tasks: z.number(),
});
export type PairedDifference = z.infer<typeof PairedDifference>;

export const ExperimentReport = z.object({
  name: z.string(),
  experiment: z.string(),
  created: z.string(),
  dataset: z.string(),
  /** Names the data that it is of: `data` of the snapshot's summary. */
  data: z.string(),
  source: Modality,
  target: Modality,
  ways: z.number(),
  queries: z.number(),
  chance: z.number(),
  classes: z.object({ train: z.number(), validation: z.number(), test: z.number() }),
  rows: z.array(ReportRow),
  differences: z.array(PairedDifference),
  /** A line a method: validation accuracy over iterations, averaged over seeds. */
  runs: z.array(RunSummary),
  /** What is missing or limits these numbers, in sentences. */
  notes: z.array(z.string()),
  backend: z.string(),
  seconds: z.number(),
});
export type ExperimentReport = z.infer<typeof ExperimentReport>;

/** A figure of a report as standalone SVG text; colours come from classes that each screen styles. */
export const Figure = z.object({ title: z.string(), svg: z.string() });
export type Figure = z.infer<typeof Figure>;

export const ReportView = z.object({
  report: ExperimentReport,
  figures: z.array(Figure),
  /** Absolute paths of the written files. */
  files: z.object({ json: z.string(), markdown: z.string(), html: z.string() }),
});
export type ReportView = z.infer<typeof ReportView>;

/** Where an experiment file offers actions: line 0 for the whole grid, a line for each method. */
export const ExperimentOutline = z.object({
  name: z.string().optional(),
  targets: z.array(z.object({ line: z.number(), method: Method.optional() })),
  /** Zero-based lines. */
  problems: z.array(z.object({ line: z.number(), sentence: z.string() })),
});
export type ExperimentOutline = z.infer<typeof ExperimentOutline>;

// ------------------------------------------------------------------------------------------- editor → engine requests

const Nothing = z.object({});
const DatasetPath = z.object({ dataset: z.string() });

/** Each request of the editor: what it sends and what it gets. Errors come back with a sentence (see EngineError). */
export const requests = {
  /** All dataset files below the workspace folder. */
  'dataset/list': { params: Nothing, result: z.array(DatasetSummary) },
  /** The layouts under which anything in a folder pairs, the one that fits best first. Writes nothing. */
  'dataset/propose': { params: z.object({ folder: z.string() }), result: z.array(Proposal) },
  /** Writes the pairlab.yaml of a proposal, counted from 1; of the best one by default. `written` is its path. */
  'dataset/init': {
    params: z.object({ folder: z.string(), choice: z.number().optional() }),
    result: z.object({ written: z.string(), description: z.string(), matchRate: z.number() }),
  },
  'dataset/index': { params: DatasetPath, result: SnapshotSummary },
  /**
   * Indexes and decodes every item as a whole. In the background it is cancelled as soon as another job of the dataset is
   * asked for; what was decoded until then is kept.
   */
  'dataset/check': { params: DatasetPath.extend({ background: z.boolean() }), result: SnapshotSummary },
  'dataset/statistics': { params: DatasetPath, result: DatasetStatistics },
  'dataset/groups': {
    params: DatasetPath.extend({ by: z.enum(['split', 'class']), filter: PairFilter }),
    result: z.array(PairGroup),
  },
  'dataset/pairs': {
    params: DatasetPath.extend({ filter: PairFilter, offset: z.number(), limit: z.number() }),
    result: z.object({ total: z.number(), rows: z.array(PairRow) }),
  },
  'dataset/pair': { params: DatasetPath.extend({ pair: z.string() }), result: PairDetail },
  'dataset/problems': {
    params: DatasetPath.extend({ kind: ProblemKind.optional(), offset: z.number(), limit: z.number() }),
    result: z.object({ total: z.number(), problems: z.array(Problem) }),
  },
  /** Notes down a decision about pairs or items and indexes again, so that it counts. */
  'decision/add': {
    params: DatasetPath.extend({ decision: Decision, targets: z.array(Target).min(1), reason: z.string().optional() }),
    result: SnapshotSummary,
  },
  /** Takes back the last decision that counts, and indexes again. */
  'decision/undo': {
    params: DatasetPath,
    result: z.object({ undone: Decision, targets: z.number(), example: z.string(), snapshot: SnapshotSummary }),
  },
  /** The stored report for the current snapshot, or null. */
  'alignment/stored': {
    params: DatasetPath.extend({ modalities: ModalityPair }),
    result: AlignmentReport.nullable(),
  },
  /** Encodes what is not encoded yet, computes and stores. */
  'alignment/compute': { params: DatasetPath.extend({ modalities: ModalityPair }), result: AlignmentReport },
  /** Reads the text as it stands in the editor, saved or not. */
  'experiment/outline': { params: z.object({ path: z.string(), text: z.string() }), result: ExperimentOutline },
  /** Writes a starter experiment that the newest snapshot can fill; an existing file is left as it is. */
  'experiment/create': {
    params: DatasetPath.extend({ source: Modality, target: Modality }),
    result: z.object({ written: z.string() }),
  },
  /** Starts the runs that are not finished yet, in the background; answers as soon as they are queued. */
  'experiment/start': {
    params: z.object({ experiment: z.string(), method: Method.optional() }),
    result: z.object({ queued: z.number(), alreadyFinished: z.number() }),
  },
  /** Runs of the experiment file as it stands; runs of earlier settings are not among them. */
  'experiment/stop': {
    params: z.object({ experiment: z.string(), method: Method.optional() }),
    result: z.object({ stopping: z.number() }),
  },
  /** The runs of the experiment file as it is saved; runs of earlier settings are not among them. */
  'experiment/runs': { params: z.object({ experiment: z.string() }), result: z.array(RunSummary) },
  'experiment/report': { params: z.object({ experiment: z.string() }), result: ReportView },
  'run/list': { params: Nothing, result: z.array(RunSummary) },
  'run/stop': { params: z.object({ run: z.string() }), result: Nothing },
  /** The run's learning curve as SVG text with fixed colours, for a hover. */
  'run/curve': {
    params: z.object({ run: z.string(), theme: z.enum(['light', 'dark']) }),
    result: z.object({ svg: z.string() }),
  },
} as const;

export type RequestName = keyof typeof requests;
export type RequestParams<M extends RequestName> = z.infer<(typeof requests)[M]['params']>;
export type RequestResult<M extends RequestName> = z.infer<(typeof requests)[M]['result']>;

/** What the engine says unasked. */
export const notifications = {
  /** Progress of the request with this token (the editor puts a `token` beside the params). */
  progress: z.object({ token: z.string(), stage: z.string(), done: z.number(), total: z.number().optional() }),
  /** All runs of the workspace folder, newest first, after any of them changed. */
  'runs/changed': z.array(RunSummary),
  /** All datasets of the workspace folder, after a dataset file or its newest snapshot changed on disk. */
  'datasets/changed': z.array(DatasetSummary),
  log: z.object({ level: z.enum(['debug', 'info', 'warn', 'error']), message: z.string() }),
} as const;

export type NotificationName = keyof typeof notifications;
export type NotificationParams<N extends NotificationName> = z.infer<(typeof notifications)[N]>;

/** Carried in the `data` of a JSON-RPC error. */
export const EngineError = z.object({
  kind: z.enum(['input', 'environment', 'cancelled', 'internal']),
  sentence: z.string(),
});
export type EngineError = z.infer<typeof EngineError>;

// ---------------------------------------------------------------------------------------------------------- webviews

const Loading = z.object({
  status: z.literal('loading'),
  stage: z.string(),
  done: z.number().optional(),
  total: z.number().optional(),
});
const Failed = z.object({ status: z.literal('failed'), sentence: z.string() });

export const PairPageState = z.discriminatedUnion('status', [
  Loading,
  Failed,
  z.object({
    status: z.literal('ready'),
    dataset: z.string(),
    detail: PairDetail,
    /** Whether decisions may be noted down. */
    trusted: z.boolean(),
  }),
]);
export type PairPageState = z.infer<typeof PairPageState>;

export const AlignmentPageState = z.discriminatedUnion('status', [
  Loading,
  Failed,
  z.object({
    status: z.literal('empty'),
    dataset: z.string(),
    modalities: ModalityPair,
    choices: z.array(ModalityPair),
    trusted: z.boolean(),
  }),
  z.object({
    status: z.literal('ready'),
    dataset: z.string(),
    report: AlignmentReport,
    choices: z.array(ModalityPair),
    trusted: z.boolean(),
  }),
]);
export type AlignmentPageState = z.infer<typeof AlignmentPageState>;

export const RunsPageState = z.discriminatedUnion('status', [
  Loading,
  Failed,
  z.object({ status: z.literal('ready'), view: ReportView }),
]);
export type RunsPageState = z.infer<typeof RunsPageState>;

/**
 * What a panel shows, by absolute paths. A page hands it to `setState` unread and whole; the editor gets it back when it
 * restores the panel after a reload.
 */
export const Shown = z.discriminatedUnion('page', [
  z.object({ page: z.literal('pair'), dataset: z.string(), pair: z.string() }),
  z.object({ page: z.literal('alignment'), dataset: z.string(), modalities: ModalityPair.optional() }),
  z.object({ page: z.literal('runs'), experiment: z.string() }),
]);
export type Shown = z.infer<typeof Shown>;

/** The host sends a page its whole state; a page keeps nothing that it cannot rebuild from it. */
export const toWebview = z.discriminatedUnion('page', [
  z.object({ page: z.literal('pair'), shown: Shown, state: PairPageState }),
  z.object({ page: z.literal('alignment'), shown: Shown, state: AlignmentPageState }),
  z.object({ page: z.literal('runs'), shown: Shown, state: RunsPageState }),
]);
export type ToWebview = z.infer<typeof toWebview>;

/** What a person can do about the pair that a page shows. */
export const DecisionAsk = z.enum(['exclude', 'include', 'weak', 'strong', 'class', 'text', 'note']);
export type DecisionAsk = z.infer<typeof DecisionAsk>;

/** What a page asks of the editor. Untrusted input there. */
export const fromWebview = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('ready') }),
  z.object({ ask: z.literal('retry') }),
  z.object({ ask: z.literal('cancel') }),
  z.object({ ask: z.literal('showPair'), pair: z.string() }),
  z.object({ ask: z.literal('openItem'), item: z.string() }),
  /** The editor asks for what is missing: the class, the text. */
  z.object({ ask: z.literal('decide'), what: DecisionAsk }),
  /** Of a problem by its place in the page's list. */
  z.object({ ask: z.literal('applyFix'), problem: z.number() }),
  z.object({ ask: z.literal('computeAlignment'), modalities: ModalityPair }),
  z.object({ ask: z.literal('showAlignment'), modalities: ModalityPair }),
  z.object({ ask: z.literal('openReportFile'), format: z.enum(['json', 'markdown', 'html']) }),
]);
export type FromWebview = z.infer<typeof fromWebview>;
