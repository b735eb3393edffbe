import { type Matrix, zeros } from '../../base/matrix.ts';
import { multiply, multiplyTransposed } from '../products/wasm.ts';
import { type CentredMoments, traceOf } from './moments.ts';
import { asMatrix, regularRoot } from './square.ts';

/**
 * Ridge regression of y on x (Hoerl & Kennard, 1970), outputs × inputs: W = ((XᵀX + λnσ²I)⁻¹ XᵀY)ᵀ of the centred rows,
 * where σ² is the mean variance of a column of x.
 */
export function ridgeWeights({ columnsX, columnsY, xx, xy }: CentredMoments, strength: number): Matrix {
  const root = regularRoot(xx, columnsX, strength);
  if (root === undefined) return zeros(columnsY, columnsX);
  return multiplyTransposed(multiply(root, asMatrix(xy, columnsX)), root);
}

/** Σ‖y − W x‖² over other pairs, from their moments about the same means: tr YᵀY − 2⟨W, YᵀX⟩ + ⟨W XᵀX, W⟩. */
export function squaredError(weights: Matrix, { xx, xy, yy }: CentredMoments): number {
  const { rows: outputs, columns: inputs, data } = weights;
  const explained = multiply(weights, asMatrix(xx, inputs)).data;
  let error = traceOf(yy, outputs);
  for (let o = 0, at = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++, at++) {
      error += (data[at] ?? 0) * ((explained[at] ?? 0) - 2 * (xy[i * outputs + o] ?? 0));
    }
  }
  return error;
}
