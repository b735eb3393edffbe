/** Numbers in float64, row after row, for what float32 is too coarse for. */
export interface Dense {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
  readonly shape: Shape;
}

/** Zeros that products leave out: behind the diagonal of a `lower` triangle, before that of an `upper` one. */
export type Shape = 'full' | 'lower' | 'upper';

export function dense(
  rows: number,
  columns: number,
  data: Float64Array = new Float64Array(rows * columns),
  shape: Shape = 'full',
): Dense {
  return { rows, columns, data, shape };
}

const TURNED = { full: 'full', lower: 'upper', upper: 'lower' } as const;

export function transposed({ rows, columns, data, shape }: Dense): Dense {
  const turned = dense(columns, rows, undefined, TURNED[shape]);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) turned.data[c * rows + r] = data[r * columns + c] ?? 0;
  return turned;
}

/** Some rows and columns, copied. */
export function blockOf({ columns, data }: Dense, top: number, bottom: number, left: number, right: number): Dense {
  const block = dense(bottom - top, right - left);
  for (let r = top; r < bottom; r++) {
    block.data.set(data.subarray(r * columns + left, r * columns + right), (r - top) * block.columns);
  }
  return block;
}

/** ABᵀ: the inner products of the rows of both. */
export function timesTransposed(a: Dense, b: Dense): Dense {
  return productOf(a, b, () => b.rows);
}

/** The lower half of AAᵀ; above the diagonal nothing is of use. */
export function lowerGram(a: Dense): Dense {
  return productOf(a, a, (lastRow) => lastRow + 1);
}

/** For every row the products with the rows of b before an end. Two by four sums are kept in registers. */
function productOf(a: Dense, b: Dense, endOf: (lastRow: number) => number): Dense {
  const product = dense(a.rows, b.rows);
  const evenRows = a.rows - (a.rows % 2);
  for (let i = 0; i < evenRows; i += 2) {
    const end = endOf(i + 1);
    const tiledColumns = end - (end % 4);
    for (let j = 0; j < tiledColumns; j += 4) tile(a, i, b, j, product);
    for (let j = tiledColumns; j < end; j++) {
      single(a, i, b, j, product);
      single(a, i + 1, b, j, product);
    }
  }
  if (evenRows < a.rows) for (let j = 0; j < endOf(evenRows); j++) single(a, evenRows, b, j, product);
  return product;
}

/** The columns in which both the rows `i`…`iEnd` − 1 of a and the rows `j`…`jEnd` − 1 of b may be other than zero. */
function termsOf(a: Dense, i: number, iEnd: number, b: Dense, j: number, jEnd: number): readonly [number, number] {
  const from = Math.max(a.shape === 'upper' ? i : 0, b.shape === 'upper' ? j : 0);
  const to = Math.min(a.shape === 'lower' ? iEnd : a.columns, b.shape === 'lower' ? jEnd : b.columns);
  return [from, Math.min(to, a.columns)];
}

function single(a: Dense, i: number, b: Dense, j: number, product: Dense): void {
  let sum = 0;
  const [from, to] = termsOf(a, i, i + 1, b, j, j + 1);
  const [p, r] = [i * a.columns, j * b.columns];
  for (let c = from; c < to; c++) sum += (a.data[p + c] ?? 0) * (b.data[r + c] ?? 0);
  product.data[i * b.rows + j] = sum;
}

function tile(a: Dense, i: number, b: Dense, j: number, { data: out, columns: stride }: Dense): void {
  const { data: x, columns: size } = a;
  const { data: y } = b;
  const [from, to] = termsOf(a, i, i + 2, b, j, j + 4);
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let t0 = 0;
  let t1 = 0;
  let t2 = 0;
  let t3 = 0;
  const [p, q] = [i * size, (i + 1) * size];
  const [r0, r1, r2, r3] = [j * size, (j + 1) * size, (j + 2) * size, (j + 3) * size];
  for (let c = from; c < to; c++) {
    const u = x[p + c] ?? 0;
    const v = x[q + c] ?? 0;
    const y0 = y[r0 + c] ?? 0;
    const y1 = y[r1 + c] ?? 0;
    const y2 = y[r2 + c] ?? 0;
    const y3 = y[r3 + c] ?? 0;
    s0 += u * y0;
    s1 += u * y1;
    s2 += u * y2;
    s3 += u * y3;
    t0 += v * y0;
    t1 += v * y1;
    t2 += v * y2;
    t3 += v * y3;
  }
  const at = i * stride + j;
  out[at] = s0;
  out[at + 1] = s1;
  out[at + 2] = s2;
  out[at + 3] = s3;
  out[at + stride] = t0;
  out[at + stride + 1] = t1;
  out[at + stride + 2] = t2;
  out[at + stride + 3] = t3;
}
