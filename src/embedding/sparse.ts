/** A row of a sparse matrix: increasing column indices and their values. */
export interface SparseRow {
  readonly columns: Uint32Array;
  readonly values: Float32Array;
}

/** `row` · `dense` (columns × width), in one new array of `width` numbers. */
export function timesDense(row: SparseRow, dense: Float32Array, width: number): Float32Array {
  const product = new Float32Array(width);
  for (const [at, column] of row.columns.entries()) {
    const value = row.values[at] ?? 0;
    const offset = column * width;
    for (let c = 0; c < width; c++) product[c] = (product[c] ?? 0) + value * (dense[offset + c] ?? 0);
  }
  return product;
}

/** Adds `row`ᵀ · `vector` to `dense` (columns × width). */
export function addOuter(row: SparseRow, vector: Float32Array, dense: Float32Array): void {
  const width = vector.length;
  for (const [at, column] of row.columns.entries()) {
    const value = row.values[at] ?? 0;
    const offset = column * width;
    for (let c = 0; c < width; c++) dense[offset + c] = (dense[offset + c] ?? 0) + value * (vector[c] ?? 0);
  }
}
