import * as z from 'zod';
import { DeviceLoad, RunBackend } from './backends.ts';
import { Modality } from './words.ts';

/** The MoNA family: methods that move a model of the source to a target, and need no pairs. */
export const TransferMethod = z.enum([
  'mona',
  'warm-up',
  'orca-otdd',
  'orca-otdd-gaussian',
  'orca-mmd',
  'orca-l2',
  'fine-tune',
  'frozen',
  'linear-probe',
  'transfer-scratch',
]);

export const Method = z.enum([
  'croma',
  'align-classify',
  'scratch',
  'source-only',
  'source-to-source',
  'oracle',
  'joint',
  'autoencoder',
  'prototypes',
  'zero-shot',
  'cross-modal',
  'contrastive',
  'robust-contrastive',
  'croma-released',
  ...TransferMethod.options,
]);
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
  /** By term: classification, alignment, … */
  losses: z.record(z.string(), z.number()),
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
  pairNoise: z.number(),
  pairsPerClass: z.number().optional(),
  source: Modality,
  target: Modality,
  ways: z.number(),
  state: RunState,
  /** What it is doing, as the user reads it: "meta-training". */
  stage: z.string().optional(),
  /** 0 to 1 over the whole run. */
  progress: z.number(),
  backend: RunBackend.optional(),
  /** Of its device, while running. */
  load: DeviceLoad.optional(),
  /** ISO 8601. */
  started: z.string().optional(),
  updated: z.string().optional(),
  /** Estimated seconds to the end, while running. */
  secondsLeft: z.number().optional(),
  /** With the least label noise of the experiment. */
  results: z.array(ShotResult),
  curve: z.array(CurvePoint),
  /** Why it failed. */
  error: z.string().optional(),
});
export type RunSummary = z.infer<typeof RunSummary>;

/** Under what noise a number was measured; rates in [0, 1]. */
export const NoiseLevel = z.object({
  /** Share of the support labels that are wrong. */
  labelNoise: z.number(),
  /** Share of the meta-training pairs that have another pair's partner. */
  pairNoise: z.number(),
  /** At most so many pairs of a class were aligned; absent for all. */
  pairsPerClass: z.number().optional(),
});
export type NoiseLevel = z.infer<typeof NoiseLevel>;

/** Where a number stands in the grid of a report. */
export const ReportCell = NoiseLevel.extend({ method: Method, shots: z.number() });
export type ReportCell = z.infer<typeof ReportCell>;

/** Half widths of two 95 % intervals of a mean, each absent below two values. */
const Intervals = z.object({
  /** Over the test tasks of all seeds: how far other tasks would move the mean, after the same trainings. */
  interval: z.number().optional(),
  /** Over the means of the seeds, by Student's t: how far other trainings and class splits would move it. */
  seedInterval: z.number().optional(),
  tasks: z.number(),
  seeds: z.number(),
});

export const ReportRow = ReportCell.extend({ accuracy: z.number(), ...Intervals.shape });
export type ReportRow = z.infer<typeof ReportRow>;

/** `reference` minus `method` on the same test tasks. */
export const PairedDifference = ReportCell.extend({
  reference: Method,
  difference: z.number(),
  ...Intervals.shape,
  /** Of the paired t-test over tasks; absent below two. */
  p: z.number().optional(),
  /** p after Holm's correction for all differences of the report. */
  adjusted: z.number().optional(),
});
export type PairedDifference = z.infer<typeof PairedDifference>;

/** Recall@k among fifty pairs of new classes, before any adaptation. */
export const RetrievalRow = z.object({
  method: Method,
  from: z.enum(['source', 'target']),
  k: z.number(),
  recall: z.number(),
  chance: z.number(),
  /** Over the galleries of all seeds, and over the means of the seeds. */
  interval: z.number().optional(),
  seedInterval: z.number().optional(),
});
export type RetrievalRow = z.infer<typeof RetrievalRow>;

/** Mean of what a method measured on its test tasks. */
export const MeasureRow = z.object({
  method: Method,
  shots: z.number(),
  name: z.string(),
  mean: z.number(),
  interval: z.number().optional(),
  tasks: z.number(),
});
export type MeasureRow = z.infer<typeof MeasureRow>;

/** Means over the runs of a method; the memory is the most of any. */
export const CostRow = z.object({
  method: Method,
  runs: z.number(),
  steps: z.number(),
  trainingSeconds: z.number(),
  testSeconds: z.number(),
  peakBytes: z.number(),
});
export type CostRow = z.infer<typeof CostRow>;

/** What a method took queries of new classes for, with the largest number of shots and the least noise. */
export const Confusion = z.object({
  method: Method,
  shots: z.number(),
  classes: z.array(z.string()),
  /** Queries of a class (row) that were taken for a class (column). */
  counts: z.array(z.array(z.number())),
});
export type Confusion = z.infer<typeof Confusion>;

export const ExperimentReport = z.object({
  name: z.string(),
  experiment: z.string(),
  created: z.string(),
  dataset: z.string(),
  /** Of the source's items, where they are of another one. */
  sourceDataset: z.string().optional(),
  /** Names the data that it is of: `data` of the snapshot's summary. */
  data: z.string(),
  source: Modality,
  target: Modality,
  ways: z.number(),
  queries: z.number(),
  chance: z.number(),
  classes: z.object({ train: z.number(), validation: z.number(), test: z.number() }),
  /** Those with a finished run. */
  methods: z.array(Method),
  /** What every other method is compared with. */
  reference: Method,
  /** The least noise and the most pairs: what is shown where nothing else is said. */
  cleanest: NoiseLevel,
  rows: z.array(ReportRow),
  /** At the cleanest level, and along each kind of noise from there. */
  differences: z.array(PairedDifference),
  retrieval: z.array(RetrievalRow),
  confusions: z.array(Confusion),
  measures: z.array(MeasureRow),
  costs: z.array(CostRow),
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

/** A part of a report in words, tables and figures, the same on every screen. */
export const ReportSection = z.object({
  id: z.string(),
  title: z.string(),
  /** How to read it. */
  sentence: z.string(),
  /** Read when it is asked for: closed at first. */
  detail: z.boolean(),
  tables: z.array(z.object({ header: z.array(z.string()), rows: z.array(z.array(z.string())) })),
  figures: z.array(Figure),
});
export type ReportSection = z.infer<typeof ReportSection>;

export const ReportFormat = z.enum(['json', 'markdown', 'html', 'csv', 'latex']);
export type ReportFormat = z.infer<typeof ReportFormat>;

const ReportFiles = z.record(ReportFormat, z.string());

export const ReportView = z.object({
  report: ExperimentReport,
  sections: z.array(ReportSection),
  /** Absolute paths of the written files. */
  files: ReportFiles,
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

/** Whether meta-alignment is likely to pay on a dataset, and why. Accuracies are fractions in [0, 1]. */
export const Advice = z.object({
  verdict: z.enum(['likely', 'uncertain', 'unlikely']),
  /** One sentence each. */
  reasons: z.array(z.string()),
  evidence: z.object({
    /** Classes to train on, and the median number of their pairs. */
    classes: z.number(),
    pairsPerClass: z.number(),
    /** Nearest centroids on held-out training classes; absent where there are too few classes or items to hold out. */
    heldOut: z
      .object({
        source: z.number(),
        target: z.number(),
        /** In the target, after a linear map learnt from the pairs of the other classes. */
        mapped: z.number(),
        /** Mean of mapped − target over the same tasks, and half its 95 % interval. */
        gain: z.number(),
        interval: z.number(),
      })
      .optional(),
    /** Debiased CKA of the pairs, and its permutation null; absent for fewer than four pairs. */
    shared: z.object({ cka: z.number(), highestByChance: z.number(), p: z.number() }).optional(),
  }),
});
export type Advice = z.infer<typeof Advice>;
