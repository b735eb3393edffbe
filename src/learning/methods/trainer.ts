import type { RandomState } from '../../base/random.ts';
import type { Method } from '../../protocol.ts';

/** Means over the steps of one meta-iteration, and the accuracy on the validation tasks where it was measured. */
export interface IterationResult {
  readonly classificationLoss?: number;
  readonly alignmentLoss?: number;
  readonly validationAccuracy?: number;
}

/** The weights of a network as one flat vector; its layout follows from the data's dimensions and `ways`. */
export type WeightVector = Float32Array;

/** The best iterate so far on the validation tasks. */
export interface BestIterate {
  readonly iteration: number;
  readonly accuracy: number;
  readonly weights: WeightVector;
}

/** Moments of an Adam that lives longer than one task. */
export interface AdamState {
  readonly step: number;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/** All that a trainer needs to go on to the very same numbers: plain data, no tensors. */
export interface TrainerState {
  readonly method: Method;
  readonly iteration: number;
  readonly random: RandomState;
  readonly weights: WeightVector;
  readonly best?: BestIterate;
  readonly adam?: AdamState;
}

/** Meta-training of one method, one iteration at a time, so that the runner can log, store and stop between two. */
export interface Trainer {
  /** Meta-iterations altogether; 0 for a method without meta-training. */
  readonly total: number;
  readonly iteration: number;
  /**
   * One meta-iteration; every `validateEvery` of them, and after the last, also the validation tasks.
   * @throws EnvironmentError when a loss is not finite, naming iteration, step and term.
   */
  step(): Promise<IterationResult>;
  checkpoint(): Promise<TrainerState>;
  /** What is tested: the best iterate on validation, or the last where there are no validation classes. */
  selected(): Promise<{ iteration: number; weights: WeightVector }>;
  dispose(): void;
}
