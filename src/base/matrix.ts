/** Rows of numbers in one flat array, row after row: element (r, c) is `data[r * columns + c]`. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

export function zeros(rows: number, columns: number): Matrix {
  return { rows, columns, data: new Float32Array(rows * columns) };
}

/** Zeros that threads share without a copy. */
export function sharedZeros(rows: number, columns: number): Matrix {
  return { rows, columns, data: new Float32Array(new SharedArrayBuffer(4 * rows * columns)) };
}

/** A matrix of rows of equal length; no rows give a 0×0 matrix. */
export function fromRows(rows: readonly ArrayLike<number>[]): Matrix {
  const matrix = zeros(rows.length, rows[0]?.length ?? 0);
  for (const [index, row] of rows.entries()) {
    if (row.length !== matrix.columns) throw new RangeError('fromRows() needs rows of equal length');
    matrix.data.set(row, index * matrix.columns);
  }
  return matrix;
}

/** One row, as a view. */
export function rowOf({ columns, data }: Matrix, row: number): Float32Array {
  return data.subarray(row * columns, (row + 1) * columns);
}

/** True when all numbers are finite. */
export function isFiniteRow(row: Float32Array): boolean {
  for (let c = 0; c < row.length; c++) if (!Number.isFinite(row[c])) return false;
  return true;
}

/** The given rows in the given order, copied; a row may be given more than once. */
export function selectRows(matrix: Matrix, indices: ArrayLike<number>): Matrix {
  const selected = zeros(indices.length, matrix.columns);
  for (let i = 0; i < indices.length; i++) selected.data.set(rowOf(matrix, indices[i] ?? 0), i * matrix.columns);
  return selected;
}

/** The mean of each column, in float64; zeros for no rows. */
export function columnMeans(matrix: Matrix): Float64Array {
  const sums = new Float64Array(matrix.columns);
  for (let r = 0; r < matrix.rows; r++) {
    const row = rowOf(matrix, r);
    for (let c = 0; c < row.length; c++) sums[c] = (sums[c] ?? 0) + (row[c] ?? 0);
  }
  return matrix.rows === 0 ? sums : sums.map((sum) => sum / matrix.rows);
}

/** Every row minus `centre`. */
export function subtractRow(matrix: Matrix, centre: ArrayLike<number>): Matrix {
  const difference = zeros(matrix.rows, matrix.columns);
  for (let r = 0; r < matrix.rows; r++) {
    const [row, out] = [rowOf(matrix, r), rowOf(difference, r)];
    for (let c = 0; c < row.length; c++) out[c] = (row[c] ?? 0) - (centre[c] ?? 0);
  }
  return difference;
}

/** Every row divided by its Euclidean length. A row of zeros has no direction and stays as it is. */
export function unitRows(matrix: Matrix): Matrix {
  const unit = { ...matrix, data: matrix.data.slice() };
  for (let r = 0; r < matrix.rows; r++) {
    const row = rowOf(unit, r);
    const length = Math.sqrt(dot(row, row));
    if (length > 0) for (let c = 0; c < row.length; c++) row[c] = (row[c] ?? 0) / length;
  }
  return unit;
}

/** Inner product of two rows of equal length, summed in float64. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let c = 0; c < a.length; c++) sum += (a[c] ?? 0) * (b[c] ?? 0);
  return sum;
}

/**
 * AᵀB of two matrices with the same number of rows, in float64: element (i, j) is at `i * b.columns + j`. Four rows at
 * a time, so that the product is read and written a quarter as often.
 */
export function crossProduct(a: Matrix, b: Matrix): Float64Array {
  const product = new Float64Array(a.columns * b.columns);
  const none = new Float32Array(Math.max(a.columns, b.columns));
  const row = (matrix: Matrix, r: number): Float32Array => (r < matrix.rows ? rowOf(matrix, r) : none);
  for (let r = 0; r < a.rows; r += 4) {
    const [a0, a1, a2, a3] = [row(a, r), row(a, r + 1), row(a, r + 2), row(a, r + 3)];
    const [b0, b1, b2, b3] = [row(b, r), row(b, r + 1), row(b, r + 2), row(b, r + 3)];
    for (let i = 0; i < a.columns; i++) {
      const [f0, f1, f2, f3] = [a0[i] ?? 0, a1[i] ?? 0, a2[i] ?? 0, a3[i] ?? 0];
      const offset = i * b.columns;
      for (let j = 0; j < b.columns; j++) {
        const sum = f0 * (b0[j] ?? 0) + f1 * (b1[j] ?? 0) + f2 * (b2[j] ?? 0) + f3 * (b3[j] ?? 0);
        product[offset + j] = (product[offset + j] ?? 0) + sum;
      }
    }
  }
  return product;
}

/**
 * Inner products of the rows `from`…`to` − 1 of `a` with all rows of `b`: element (i, j) goes to
 * `out[(i - from) * b.rows + j]`. Two by four sums are kept in registers, four times as fast as one at a time.
 */
export function rowProducts(a: Matrix, from: number, to: number, b: Matrix, out: Float32Array): void {
  const evenRows = from + 2 * Math.floor((to - from) / 2);
  const tiledColumns = 4 * Math.floor(b.rows / 4);
  for (let i = from; i < evenRows; i += 2) {
    for (let j = 0; j < tiledColumns; j += 4) {
      productTile(a.data, i * a.columns, b.data, j * a.columns, a.columns, out, (i - from) * b.rows + j, b.rows);
    }
  }
  for (let i = from; i < to; i++) {
    const row = rowOf(a, i);
    for (let j = i < evenRows ? tiledColumns : 0; j < b.rows; j++) {
      out[(i - from) * b.rows + j] = dot(row, rowOf(b, j));
    }
  }
}

/** Two rows of `a` from index `p` times four rows of `b` from index `r`, each `size` long. */
function productTile(
  a: Float32Array,
  p: number,
  b: Float32Array,
  r: number,
  size: number,
  out: Float32Array,
  at: number,
  stride: number,
): void {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let t0 = 0;
  let t1 = 0;
  let t2 = 0;
  let t3 = 0;
  for (let c = 0; c < size; c++) {
    const x = a[p + c] ?? 0;
    const y = a[p + size + c] ?? 0;
    const v0 = b[r + c] ?? 0;
    const v1 = b[r + size + c] ?? 0;
    const v2 = b[r + 2 * size + c] ?? 0;
    const v3 = b[r + 3 * size + c] ?? 0;
    s0 += x * v0;
    s1 += x * v1;
    s2 += x * v2;
    s3 += x * v3;
    t0 += y * v0;
    t1 += y * v1;
    t2 += y * v2;
    t3 += y * v3;
  }
  out[at] = s0;
  out[at + 1] = s1;
  out[at + 2] = s2;
  out[at + 3] = s3;
  out[at + stride] = t0;
  out[at + stride + 1] = t1;
  out[at + stride + 2] = t2;
  out[at + stride + 3] = t3;
}
