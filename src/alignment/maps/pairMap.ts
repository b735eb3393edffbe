import type { Matrix } from '../../base/matrix.ts';

/** x ↦ W (x − mean). */
export interface LinearMap {
  readonly mean: Float64Array;
  /** Outputs × inputs; absent where nothing but the mean is taken off. */
  readonly weights?: Matrix;
}

/** Maps of both sides of a pair into one space, where they are compared by their cosine. */
export interface PairMap {
  readonly first: LinearMap;
  readonly second: LinearMap;
}

export type MapMethod = 'ridge' | 'procrustes' | 'cca';
