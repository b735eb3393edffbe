import * as z from 'zod';
import {
  AlignmentMap,
  AlignmentQuestion,
  AlignmentReport,
  EncodingRun,
  ExportFormat,
  Projection,
  ScoredPair,
  ScoredPairsQuery,
  StoredReport,
  StoredSet,
} from './alignment.ts';
import { BackendChoice, BackendTable, SetUpPlan, SetUpRequest } from './backends.ts';
import {
  DatasetStatistics,
  DatasetSummary,
  PairDetail,
  PairFilter,
  PairGroup,
  PairRow,
  Proposal,
  SnapshotSummary,
} from './datasets.ts';
import { ExperimentOutline, Method, ReportView, RunSummary } from './experiments.ts';
import { Decision, Modality, ModalityPair, Problem, ProblemKind, Target } from './words.ts';

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
  /** The stored embedding sets that fit the current snapshot. */
  'embedding/list': { params: DatasetPath, result: z.array(StoredSet) },
  /** The runs of the dataset by whose networks its items can be encoded. */
  'embedding/runs': { params: DatasetPath, result: z.array(EncodingRun) },
  /** The stored reports of two modalities, the newest first. */
  'alignment/reports': { params: DatasetPath.extend({ modalities: ModalityPair }), result: z.array(StoredReport) },
  /** A stored report, or null when it is gone. */
  'alignment/report': { params: DatasetPath.extend({ report: z.string() }), result: AlignmentReport.nullable() },
  /**
   * Encodes what is not encoded yet, computes and stores. What is ready before the end comes as `alignment/part` with the
   * token of the request.
   */
  'alignment/compute': { params: DatasetPath.extend({ question: AlignmentQuestion }), result: AlignmentReport },
  /** The pairs of a report, the most suspicious first. */
  'alignment/pairs': {
    params: DatasetPath.extend({ query: ScoredPairsQuery }),
    result: z.object({ total: z.number(), rows: z.array(ScoredPair) }),
  },
  /** UMAP is computed in a process of its own when it is asked for the first time. */
  'alignment/map': {
    params: DatasetPath.extend({ report: z.string(), projection: Projection }),
    result: AlignmentMap,
  },
  /** Writes a report to a file. */
  'alignment/export': {
    params: DatasetPath.extend({ report: z.string(), format: ExportFormat, target: z.string() }),
    result: Nothing,
  },
  /** Reads the text as it stands in the editor, saved or not. */
  'experiment/outline': { params: z.object({ path: z.string(), text: z.string() }), result: ExperimentOutline },
  /** Writes a starter experiment that the newest snapshot can fill; an existing file is left as it is. */
  'experiment/create': {
    params: DatasetPath.extend({ source: Modality, target: Modality }),
    result: z.object({ written: z.string() }),
  },
  /** Starts the runs that are not finished yet, so many at once, in the background; answers as soon as they are queued. */
  'experiment/start': {
    params: z.object({
      experiment: z.string(),
      method: Method.optional(),
      jobs: z.int().positive().optional(),
      backend: BackendChoice.optional(),
    }),
    result: z.object({ queued: z.number(), alreadyFinished: z.number() }),
  },
  /** Runs of the experiment file as it stands; runs of earlier settings are not among them. */
  'experiment/stop': {
    params: z.object({ experiment: z.string(), method: Method.optional() }),
    result: z.object({ stopping: z.number() }),
  },
  /** The runs of the experiment file as it is saved; runs of earlier settings are not among them. */
  'experiment/runs': { params: z.object({ experiment: z.string() }), result: z.array(RunSummary) },
  /** `reference` is what every other method is compared with; the first of the file where it says nothing. */
  'experiment/report': {
    params: z.object({ experiment: z.string(), reference: Method.optional() }),
    result: ReportView,
  },
  /** What can train on this machine; `fresh` probes again what was probed before. */
  'backend/list': { params: z.object({ fresh: z.boolean() }), result: BackendTable },
  /** What a set-up would fetch, and where it would put it. Fetches nothing. */
  'backend/plan': { params: SetUpRequest, result: SetUpPlan },
  /** Fetches, builds and probes; for after the user has agreed to the plan. */
  'backend/setUp': { params: SetUpRequest, result: BackendTable },
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
  /** What of the report of the request with this token is ready. */
  'alignment/part': z.object({ token: z.string(), report: AlignmentReport }),
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
