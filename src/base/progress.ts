/** One step of a long job. `total` is absent while it is not known. */
export interface ProgressStep {
  /** What is being done, as the user reads it: "reading headers". */
  readonly stage: string;
  readonly done: number;
  readonly total?: number;
}

export type ReportProgress = (step: ProgressStep) => void;

/** What every long job takes: where to tell how far it is, and when to stop. */
export interface Job {
  readonly progress?: ReportProgress;
  readonly signal?: AbortSignal;
}
