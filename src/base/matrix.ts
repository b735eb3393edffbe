/** Rows of numbers in one flat array, row after row: element (r, c) is `data[r * columns + c]`. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

export function zeros(rows: number, columns: number): Matrix {
  return { rows, columns, data: new Float32Array(rows * columns) };
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

/** The given rows in the given order, copied; a row may be given more than once. */
export function selectRows(matrix: Matrix, indices: ArrayLike<number>): Matrix {
  const selected = zeros(indices.length, matrix.columns);
  for (let i = 0; i < indices.length; i++) selected.data.set(rowOf(matrix, indices[i] ?? 0), i * matrix.columns);
  return selected;
}

/** The mean of each column, in float64; zeros for no rows. */
export function columnMeans({ rows, columns, data }: Matrix): Float64Array {
  const means = new Float64Array(columns);
  for (let i = 0; i < data.length; i++) means[i % columns] = (means[i % columns] ?? 0) + (data[i] ?? 0);
  return rows === 0 ? means : means.map((sum) => sum / rows);
}

/** Every row minus `centre`. */
export function subtractRow({ rows, columns, data }: Matrix, centre: ArrayLike<number>): Matrix {
  return { rows, columns, data: data.map((value, i) => value - (centre[i % columns] ?? 0)) };
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
    for (let j = 0; j < tiledColumns; j += 4) tile(a, i, b, j, out, (i - from) * b.rows + j);
  }
  for (let i = from; i < to; i++) {
    const row = rowOf(a, i);
    for (let j = i < evenRows ? tiledColumns : 0; j < b.rows; j++) {
      out[(i - from) * b.rows + j] = dot(row, rowOf(b, j));
    }
  }
}

function tile(a: Matrix, i: number, b: Matrix, j: number, out: Float32Array, at: number): void {
  const size = a.columns;
  const [p, q] = [i * size, (i + 1) * size];
  const [b0, b1, b2, b3] = [j * size, (j + 1) * size, (j + 2) * size, (j + 3) * size];
  let [s0, s1, s2, s3, t0, t1, t2, t3] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let c = 0; c < size; c++) {
    const x = a.data[p + c] ?? 0;
    const y = a.data[q + c] ?? 0;
    const v0 = b.data[b0 + c] ?? 0;
    const v1 = b.data[b1 + c] ?? 0;
    const v2 = b.data[b2 + c] ?? 0;
    const v3 = b.data[b3 + c] ?? 0;
    s0 += x * v0;
    s1 += x * v1;
    s2 += x * v2;
    s3 += x * v3;
    t0 += y * v0;
    t1 += y * v1;
    t2 += y * v2;
    t3 += y * v3;
  }
  out.set([s0, s1, s2, s3], at);
  out.set([t0, t1, t2, t3], at + b.rows);
}
