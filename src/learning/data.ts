import type { Strength } from '../protocol.ts';

/** What a network sees of one modality: an array of one shape for each item. */
export interface Inputs {
  /** Number of items. */
  readonly rows: number;
  /**
   * Shape of an item's array: [dimensions] of an embedding, [tokens, width] of frames or words, [rows, columns, width] of
   * the patches of a picture. A token that is zero all over is padding.
   */
  readonly shape: readonly number[];
  /** rows; index into {@link LearningData.classes}, −1 for an item without a class. */
  readonly classes: Int32Array;
  /**
   * The arrays of some rows end to end, row-major, in memory of their own. Those of sequences may all have fewer tokens
   * than {@link shape} says, where the others are padding.
   */
  gather(rows: readonly number[]): Float32Array;
  /** The same, from a disk while something else is computed. */
  read(rows: readonly number[]): Promise<Float32Array>;
}

/** A link between a row of the source and a row of the target. */
export interface InputPair {
  readonly source: number;
  readonly target: number;
  /** Index into {@link LearningData.classes}, −1 for none. */
  readonly class: number;
}

/** All that a method learns from. */
export interface LearningData {
  readonly source: Inputs;
  readonly target: Inputs;
  readonly pairs: readonly InputPair[];
  /** Whether source and target are of two datasets: then there are no pairs, and none are needed. */
  readonly areApart?: boolean;
  /** Class names. */
  readonly classes: readonly string[];
  /** Strong pairs are aligned instance by instance; weak pairs find new partners within their class in every task. */
  readonly strength: Strength;
}

/** Rows of each class, in row order; index is the class. */
export function rowsByClass({ classes: labels }: Inputs, classes: number): number[][] {
  const rows = Array.from({ length: classes }, (): number[] => []);
  for (const [row, label] of labels.entries()) rows[label]?.push(row);
  return rows;
}
