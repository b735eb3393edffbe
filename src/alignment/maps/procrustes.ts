import { Matrix as DenseMatrix, SingularValueDecomposition } from 'ml-matrix';
import { type Moments, meansOf, momentsAbout, traceOf, turn, turnedMoments } from './moments.ts';
import type { PairMap } from './pairMap.ts';

/**
 * Orthogonal Procrustes with scaling (Schönemann, Psychometrika 1966): y ≈ s R x of the centred rows, with R = U Vᵀ from
 * the singular value decomposition of YᵀX = U Σ Vᵀ and s = tr Σ / ‖X‖². Spaces of different dimensions meet in the
 * longer one, as if the shorter vectors ended in zeros: the side of fewer dimensions is the one that is mapped.
 */
export function fitProcrustes(moments: Moments): PairMap {
  const means = meansOf(moments);
  const [inputs, outputs] = [means.x.length, means.y.length];
  if (inputs > outputs) {
    const { first, second } = fitProcrustes(turnedMoments(moments));
    return { first: second, second: first };
  }
  const { xx, xy } = momentsAbout(moments, means);
  const cross = DenseMatrix.from1DArray(outputs, inputs, turn(xy, inputs, outputs));
  const { leftSingularVectors, rightSingularVectors, diagonal } = new SingularValueDecomposition(cross);
  const variance = traceOf(xx, inputs);
  const scale = variance > 0 ? diagonal.reduce((sum, value) => sum + value, 0) / variance : 0;
  const rotation = leftSingularVectors.mmul(rightSingularVectors.transpose()).mul(scale);
  const weights = { rows: outputs, columns: inputs, data: Float32Array.from(rotation.to1DArray()) };
  return { first: { mean: means.x, weights }, second: { mean: means.y } };
}
