import * as z from 'zod';
import { Modality } from './words.ts';

export const Method = z.enum([
  'croma',
  'align-classify',
  'scratch',
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
