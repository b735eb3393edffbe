import { InputError } from '../base/errors.ts';
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

/** Rows of each class, in row order; index is the class. */
export function rowsByClass(features: Features, classes: number): number[][] {
  const rows = Array.from({ length: classes }, (): number[] => []);
  for (const [row, label] of features.classes.entries()) rows[label]?.push(row);
  return rows;
}

/** The vectors of some rows end to end: rows.length × dimensions. */
export function gather(features: Features, rows: readonly number[]): Float32Array {
  const { dimensions, vectors } = features;
  const gathered = new Float32Array(rows.length * dimensions);
  for (const [i, row] of rows.entries()) {
    gathered.set(vectors.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions);
  }
  return gathered;
}

/**
 * Shifts and scales every dimension to mean 0 and standard deviation 1 over the given rows. They are the items of the
 * meta-training classes, so nothing about the test classes enters. A dimension that is constant there becomes 0.
 */
export function standardise(features: Features, rows: readonly number[]): Features {
  const { dimensions, vectors } = features;
  const standardised = new Float32Array(vectors.length);
  for (let d = 0; d < dimensions; d++) {
    let sum = 0;
    let squares = 0;
    for (const row of rows) {
      const value = vectors[row * dimensions + d] ?? 0;
      sum += value;
      squares += value * value;
    }
    const centre = sum / rows.length;
    const deviation = Math.sqrt(Math.max(0, squares / rows.length - centre * centre));
    const scale = deviation > 1e-6 * Math.max(1, Math.abs(centre)) ? 1 / deviation : 0;
    for (let at = d; at < vectors.length; at += dimensions) standardised[at] = ((vectors[at] ?? 0) - centre) * scale;
  }
  return { ...features, vectors: standardised };
}

/** @throws InputError for a vector that holds NaN or an infinity. */
export function requireFinite(features: Features, name: 'source' | 'target'): void {
  const bad = features.vectors.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  throw new InputError(
    `The ${name} vector in row ${Math.floor(bad / features.dimensions)} holds ${features.vectors[bad]}. ` +
      'Encode the dataset again; if the vectors were imported, repair or leave out this item.',
  );
}
