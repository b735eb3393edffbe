import { type Matrix, zeros } from '../../base/matrix.ts';
import { multiplyTransposed, RightFactor } from '../products/wasm.ts';
import { type CentredMoments, traceOf, turn } from './moments.ts';
import { asMatrix, regularRoot } from './square.ts';

/** Fits ridge regressions of y on x, with one strength after the other. */
export class Ridge {
  readonly #moments: CentredMoments;
  readonly #cross: RightFactor;

  constructor(moments: CentredMoments) {
    this.#moments = moments;
    this.#cross = RightFactor.of(asMatrix(moments.xy, moments.columnsX));
  }

  /**
   * The weights (Hoerl & Kennard, 1970), outputs × inputs: W = ((XᵀX + λnσ²I)⁻¹ XᵀY)ᵀ of the centred rows, where σ² is the
   * mean variance of a column of x.
   */
  weights(strength: number): Matrix {
    const { columnsX, columnsY, xx } = this.#moments;
    const root = regularRoot(xx, columnsX, strength);
    if (root === undefined) return zeros(columnsY, columnsX);
    return multiplyTransposed(this.#cross.times(root), root);
  }
}

/** The weights of {@link Ridge} for a single strength. */
export function ridgeWeights(moments: CentredMoments, strength: number): Matrix {
  return new Ridge(moments).weights(strength);
}

/** Measures linear maps on other pairs, by the moments of these about the same means. */
export class SquaredError {
  readonly #variance: number;
  readonly #turnedCross: Float64Array;
  readonly #inputs: RightFactor;

  constructor({ columnsX, columnsY, xx, xy, yy }: CentredMoments) {
    this.#variance = traceOf(yy, columnsY);
    this.#turnedCross = turn(xy, columnsX, columnsY);
    this.#inputs = RightFactor.of(asMatrix(xx, columnsX));
  }

  /** Σ‖y − W x‖² = tr YᵀY − 2⟨W, YᵀX⟩ + ⟨W XᵀX, W⟩. */
  of(weights: Matrix): number {
    const explained = this.#inputs.times(weights).data;
    let error = this.#variance;
    for (let i = 0; i < explained.length; i++) {
      error += (weights.data[i] ?? 0) * ((explained[i] ?? 0) - 2 * (this.#turnedCross[i] ?? 0));
    }
    return error;
  }
}
