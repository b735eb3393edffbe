import { CholeskyDecomposition, Matrix as DenseMatrix } from 'ml-matrix';
import { columnMeans, crossProduct, type Matrix, rowProducts, selectRows, subtractRow, zeros } from '../base/matrix.ts';

/** Multiples of the mean variance of an input column. */
const STRENGTHS = [0.001, 0.01, 0.1, 1, 10, 100];

/** A linear map from one space to the other, between the centred spaces. */
export interface LinearMap {
  readonly inputMean: Float64Array;
  readonly outputMean: Float64Array;
  /** Outputs × inputs. */
  readonly weights: Matrix;
}

/**
 * Ridge regression of the rows of `outputs` on the rows of `inputs` (Hoerl & Kennard, 1970): W = (XᵀX + λnσ²I)⁻¹ XᵀY of
 * the centred rows, where σ² is the mean variance of an input column. λ is the one of {@link STRENGTHS} with the
 * smallest squared error on the `validation` rows after a fit on the others; the map is then fitted on all rows.
 */
export function fitRidge(inputs: Matrix, outputs: Matrix, validation: ReadonlySet<number>): LinearMap {
  const rows = Array.from({ length: inputs.rows }, (_, row) => row);
  const kept = rows.filter((row) => !validation.has(row));
  const held = rows.filter((row) => validation.has(row));
  const solve = prepare(inputs, outputs);
  if (kept.length < 2 || held.length === 0) return solve(1);
  const solveKept = prepare(selectRows(inputs, kept), selectRows(outputs, kept));
  const [heldInputs, heldOutputs] = [selectRows(inputs, held), selectRows(outputs, held)];
  const errors = STRENGTHS.map((strength) => squaredError(solveKept(strength), heldInputs, heldOutputs));
  return solve(STRENGTHS[errors.indexOf(Math.min(...errors))] ?? 1);
}

/** Rows of the input space → rows of the output space, relative to the output mean. */
export function applyMap({ inputMean, weights }: LinearMap, inputs: Matrix): Matrix {
  const mapped = zeros(inputs.rows, weights.rows);
  rowProducts(subtractRow(inputs, inputMean), 0, inputs.rows, weights, mapped.data);
  return mapped;
}

/** The products are computed once and solved for any strength. */
function prepare(inputs: Matrix, outputs: Matrix): (strength: number) => LinearMap {
  const [inputMean, outputMean] = [columnMeans(inputs), columnMeans(outputs)];
  const [x, y] = [subtractRow(inputs, inputMean), subtractRow(outputs, outputMean)];
  const gram = DenseMatrix.from1DArray(x.columns, x.columns, crossProduct(x, x));
  const cross = DenseMatrix.from1DArray(x.columns, y.columns, crossProduct(x, y));
  const meanVariance = gram.trace() / x.columns;
  return (strength) => {
    if (meanVariance === 0) return { inputMean, outputMean, weights: zeros(y.columns, x.columns) };
    const regular = DenseMatrix.add(gram, DenseMatrix.eye(x.columns).mul(strength * meanVariance));
    const solution = new CholeskyDecomposition(regular).solve(cross);
    const weights = zeros(y.columns, x.columns);
    for (let i = 0; i < x.columns; i++) {
      for (let o = 0; o < y.columns; o++) weights.data[o * x.columns + i] = solution.get(i, o);
    }
    return { inputMean, outputMean, weights };
  };
}

function squaredError(map: LinearMap, inputs: Matrix, outputs: Matrix): number {
  const mapped = applyMap(map, inputs).data;
  return subtractRow(outputs, map.outputMean).data.reduce((sum, value, i) => sum + (value - (mapped[i] ?? 0)) ** 2, 0);
}
