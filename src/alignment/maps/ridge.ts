import { zeros } from '../../base/matrix.ts';
import { multiply, multiplyTransposed } from '../products/wasm.ts';
import { inverseFactor } from './cholesky.ts';
import { type Moments, meansOf, momentsAbout, traceOf } from './moments.ts';
import type { PairMap } from './pairMap.ts';
import { asMatrix, withDiagonal } from './square.ts';

/**
 * Ridge regression of y on x (Hoerl & Kennard, 1970): W = (XᵀX + λnσ²I)⁻¹ XᵀY of the centred rows, where σ² is the mean
 * variance of a column of x. The second side is only centred.
 */
export function fitRidge(moments: Moments, strength: number): PairMap {
  const means = meansOf(moments);
  const [inputs, outputs] = [means.x.length, means.y.length];
  const { xx, xy } = momentsAbout(moments, means);
  const meanVariance = traceOf(xx, inputs) / inputs;
  const second = { mean: means.y };
  if (meanVariance <= 0) return { first: { mean: means.x, weights: zeros(outputs, inputs) }, second };
  const root = asMatrix(inverseFactor(withDiagonal(xx, inputs, strength * meanVariance), inputs), inputs);
  const weights = multiplyTransposed(multiply(root, asMatrix(xy, inputs)), root);
  return { first: { mean: means.x, weights }, second };
}

/** Σ‖y − W x‖² over other pairs, from their moments: tr YᵀY − 2⟨W, YᵀX⟩ + ⟨W XᵀX, W⟩. */
export function squaredError({ first, second }: PairMap, held: Moments): number {
  const { weights } = first;
  if (weights === undefined) throw new RangeError('squaredError() needs weights');
  const { xx, xy, yy } = momentsAbout(held, { x: first.mean, y: second.mean });
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
