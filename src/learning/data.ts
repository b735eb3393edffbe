import type { Strength } from '../protocol.ts';

/** The vectors of one modality, one row an item. */
export interface Features {
  readonly rows: number;
  readonly dimensions: number;
  /** rows × dimensions, row-major. */
  readonly vectors: Float32Array;
  /** rows; index into {@link LearningData.classes}, −1 for an item without a class. */
  readonly classes: Int32Array;
}

/** A link between a row of the source features and a row of the target features. */
export interface FeaturePair {
  readonly source: number;
  readonly target: number;
  /** Index into {@link LearningData.classes}, −1 for none. */
  readonly class: number;
}

/** All that a method learns from: plain arrays, no files. */
export interface LearningData {
  readonly source: Features;
  readonly target: Features;
  readonly pairs: readonly FeaturePair[];
  /** Class names. */
  readonly classes: readonly string[];
  /** Strong pairs are aligned instance by instance; weak pairs find new partners within their class in every task. */
  readonly strength: Strength;
}
