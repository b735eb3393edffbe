import type { Job } from '../base/progress.ts';
import type { LearningData } from './data.ts';
import type { TargetTask } from './episodes.ts';
import type { WeightVector } from './methods/trainer.ts';
import type { Settings } from './settings.ts';

/** Share of the right queries of one task, after adaptation with `shots` labelled items per class. */
export interface TaskAccuracy {
  readonly task: number;
  readonly shots: number;
  /** In [0, 1]. */
  readonly accuracy: number;
}

/**
 * Adapts a copy of the weights to each task and measures it on the task's queries. Yields in the order of `tasks`, a few
 * at a time. An accuracy does not depend on which tasks are evaluated together, so a resumed run passes the rest only.
 */
export declare function evaluateTasks(
  weights: WeightVector,
  data: LearningData,
  tasks: readonly TargetTask[],
  shots: number,
  settings: Settings,
  job?: Job,
): AsyncGenerator<TaskAccuracy[]>;
