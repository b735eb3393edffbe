import { join, relative, resolve, sep } from 'node:path';
import * as z from 'zod';
import { InputError } from '../base/errors.ts';
import { readJson } from '../base/files.ts';
import { inputKinds } from '../embedding/media/mediaEncoding.ts';
import { NETWORKS } from '../learning/networks/encoders.ts';
import { alignmentLosses, embedderStarts, optimisers } from '../learning/settings.ts';
import { BackendChoice, DeviceLoad, Method, Modality, RunBackend } from '../protocol.ts';
import { ProcessIdentity } from './processes.ts';

/** What lies in a run's folder. The queue writes the record, people and the queue ask to stop, the runner writes the rest. */
export function runFiles(folder: string) {
  return {
    record: join(folder, 'run.json'),
    /** The queue that is going to start it. */
    queued: join(folder, 'queued.json'),
    /** The runner that works in the folder. */
    owner: join(folder, 'owner.json'),
    heartbeat: join(folder, 'heartbeat.json'),
    events: join(folder, 'events.jsonl'),
    log: join(folder, 'log.txt'),
    checkpoint: join(folder, 'checkpoint'),
    /** Its presence asks the runner to store a checkpoint and end. */
    stop: join(folder, 'stop'),
    failure: join(folder, 'failure.json'),
    /** Its presence means finished. */
    report: join(folder, 'report.json'),
  };
}

export const runsFolder = (workspace: string): string => join(workspace, '.pairlab', 'runs');
export const reportsFolder = (workspace: string): string => join(workspace, '.pairlab', 'reports');
export const queuesFolder = (workspace: string): string => join(workspace, '.pairlab', 'queues');

/** The workspace that a run's folder lies in. */
export const workspaceOf = (folder: string): string => resolve(folder, '..', '..', '..');

/** Paths in records are relative to the workspace, so that it can be moved or mounted elsewhere. */
export const toRecordPath = (workspace: string, path: string): string => relative(workspace, path).split(sep).join('/');
export const fromRecordPath = (workspace: string, path: string): string => resolve(workspace, path);

const RunSettings = z.object({
  seed: z.int(),
  ways: z.int(),
  shots: z.array(z.int()),
  queries: z.int(),
  testTasks: z.int(),
  labelNoise: z.array(z.number()),
  pairNoise: z.number(),
  pairsPerClass: z.int().exactOptional(),
  validationTasks: z.int(),
  validationClasses: z.number(),
  testClasses: z.number(),
  network: z.enum(NETWORKS),
  iterations: z.int(),
  innerSteps: z.int(),
  innerBatch: z.int(),
  alignmentWays: z.int().exactOptional(),
  alignmentBatch: z.int(),
  accumulate: z.int().exactOptional(),
  metaShots: z.int(),
  learningRate: z.number(),
  alignmentLoss: z.enum(alignmentLosses),
  margin: z.number(),
  temperature: z.number(),
  positives: z.enum(['class', 'instance']),
  warmup: z.int(),
  adaptationSteps: z.int(),
  validateEvery: z.int(),
  transfer: z.object({
    embedder: z.enum(embedderStarts).default('random'),
    batch: z.int(),
    warmUpSteps: z.int(),
    embedderSteps: z.int(),
    embedderLearningRate: z.number(),
    fineTuneSteps: z.int(),
    fineTuneLearningRate: z.number(),
    fineTuneOptimiser: z.enum(optimisers).default('adam'),
    lambda: z.number(),
    innerLearningRate: z.number(),
  }),
});

/** Everything that decides the run's numbers; the run's id is made of it. */
export const RunPlan = z.object({
  method: Method,
  source: Modality,
  target: Modality,
  /** `data` of the snapshot's summary. */
  data: z.string(),
  /** The same of the source's dataset, where it is another. */
  sourceData: z.string().exactOptional(),
  inputs: z.enum(inputKinds),
  /** Name and version of what turns items into the arrays that networks see. */
  encoders: z.object({ source: z.string(), target: z.string() }),
  backend: BackendChoice,
  settings: RunSettings,
});
export type RunPlan = z.infer<typeof RunPlan>;

/** On what the run was executed last. */
export const Execution = z.object({
  process: ProcessIdentity,
  backend: RunBackend,
  versions: z.object({ pairlab: z.string(), node: z.string(), platform: z.string() }),
});
export type Execution = z.infer<typeof Execution>;

/** run.json */
export const RunRecord = z.object({
  id: z.string(),
  name: z.string(),
  /** Paths relative to the workspace. */
  experiment: z.string(),
  dataset: z.string(),
  sourceDataset: z.string().exactOptional(),
  /** ISO 8601. */
  created: z.string(),
  plan: RunPlan,
  execution: Execution.optional(),
});
export type RunRecord = z.infer<typeof RunRecord>;

/** heartbeat.json: how far a living runner is. */
export const Heartbeat = z.object({
  /** ISO 8601. */
  at: z.string(),
  /** What it is doing, as the user reads it. */
  stage: z.string(),
  /** 0 to 1 over the whole run. */
  progress: z.number(),
  secondsLeft: z.number().optional(),
  load: DeviceLoad.optional(),
});
export type Heartbeat = z.infer<typeof Heartbeat>;

/** failure.json */
export const Failure = z.object({ at: z.string(), sentence: z.string() });

/** What the test tasks of one number of shots and one rate of label noise gave. */
export const TestResult = z.object({
  shots: z.int(),
  labelNoise: z.number(),
  /** Accuracy of each test task, in the order of the tasks, in [0, 1]. */
  accuracies: z.array(z.number()),
  /** What a method measured of each task, by name; null where it did not. */
  measures: z.record(z.string(), z.array(z.number().nullable())),
  /** How many queries of a class (first) were taken for a class (second): indices into the names of the test classes. */
  confusion: z.array(z.tuple([z.int(), z.int(), z.int()])),
});
export type TestResult = z.infer<typeof TestResult>;

/** What a run cost, over all its executions. */
export const Cost = z.object({
  /** Optimiser steps before the test. */
  steps: z.number(),
  /** Of meta-training with its validation. */
  trainingSeconds: z.number(),
  testSeconds: z.number(),
  /** The most memory that its process held at once. */
  peakBytes: z.number(),
});
export type Cost = z.infer<typeof Cost>;

/** report.json: all that a report of the experiment needs of this run. */
export const RunReport = z.object({
  id: z.string(),
  finished: z.string(),
  cost: Cost,
  backend: z.string(),
  /** How many classes each part has. */
  classes: z.object({ train: z.number(), validation: z.number(), test: z.number() }),
  testClasses: z.array(z.string()),
  /** The meta-iteration whose weights were tested. */
  selectedIteration: z.number(),
  results: z.array(TestResult),
  /** Empty where the method has no space that both modalities share, or too few pairs of new classes. */
  retrieval: z.array(
    z.object({ from: z.enum(['source', 'target']), k: z.int(), chance: z.number(), values: z.array(z.number()) }),
  ),
  notes: z.array(z.string()),
});
export type RunReport = z.infer<typeof RunReport>;

/** @throws InputError when the folder holds no run. */
export async function readRecord(folder: string): Promise<RunRecord> {
  const record = await readJson(runFiles(folder).record, RunRecord);
  if (record === undefined) throw new InputError(`${folder} is not a run: it has no run.json.`);
  return record;
}
