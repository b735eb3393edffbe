import { type Matrix, zeros } from '../../base/matrix.ts';
import { type CentredMoments, traceOf, turn } from './moments.ts';
import { lengthOf, polarFactor } from './polarFactor.ts';
import { asMatrix } from './square.ts';

/**
 * Orthogonal Procrustes with scaling (Schönemann, Psychometrika 1966): y ≈ s R x of the centred rows, of which the y have
 * at least as many columns. R = U Vᵀ of YᵀX = U Σ Vᵀ, and s = tr Σ / ‖X‖². Gives s R, outputs × inputs.
 */
export function procrustesWeights({ columnsX, columnsY, xx, xy }: CentredMoments): Matrix {
  const variance = traceOf(xx, columnsX);
  const cross = asMatrix(turn(xy, columnsX, columnsY), columnsY);
  if (variance <= 0 || lengthOf(cross) === 0) return zeros(columnsY, columnsX);
  const rotation = polarFactor(cross);
  const scale = rotation.data.reduce((sum, value, i) => sum + value * (cross.data[i] ?? 0), 0) / variance;
  return { ...rotation, data: rotation.data.map((value) => scale * value) };
}
