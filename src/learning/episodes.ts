import type { LearningData } from './data.ts';
import type { Settings } from './settings.ts';

/** A test or validation task in the target modality. The same for every method and every k: k-shot takes the first k. */
export interface TargetTask {
  /** Index among the tasks of its kind. */
  readonly index: number;
  /** ways class indices; the position is the label. */
  readonly classes: readonly number[];
  /** Per class: rows of the target features, as many as the largest k. */
  readonly support: readonly (readonly number[])[];
  /** Per class: rows of the target features. None is in the support. */
  readonly queries: readonly (readonly number[])[];
}

/** What meta-training, meta-validation and the test may see. */
export interface Episodes {
  /** Class indices. No class is in two of the lists. */
  readonly classes: { readonly train: number[]; readonly validation: number[]; readonly test: number[] };
  readonly validationTasks: readonly TargetTask[];
  readonly testTasks: readonly TargetTask[];
  /** What is left out or limited, in sentences for the report. */
  readonly notes: readonly string[];
}

/**
 * Splits the classes and draws the tasks.
 * @throws InputError when the data has too few classes or items for `ways`, `shots` and `queries`; it says what is possible.
 */
export declare function planEpisodes(data: LearningData, settings: Settings): Episodes;
