import { type Matrix, rowOf, sharedZeros } from '../../base/matrix.ts';

/** Rows that are in memory besides the matrix at once. */
const BLOCK = 1024;

/** Some rows of a matrix, in their order; all of them when they are not listed. Threads share its memory. */
export interface Rows {
  readonly matrix: Matrix;
  readonly listed?: Uint32Array;
  /** By what each row of the matrix is divided whenever it is read: unit vectors take no memory of their own. */
  readonly lengths?: Float64Array;
}

/** The matrix itself when threads can share it, otherwise a copy that they can. */
export function shared(matrix: Matrix): Matrix {
  if (matrix.data.buffer instanceof SharedArrayBuffer) return matrix;
  const copy = sharedZeros(matrix.rows, matrix.columns);
  copy.data.set(matrix.data);
  return copy;
}

/** The same rows as unit vectors. A row of zeros has no direction and stays so. O(N D). */
export function asUnits(rows: Rows): Rows {
  if (rows.lengths !== undefined) return rows;
  const { matrix, listed } = rows;
  const lengths = new Float64Array(new SharedArrayBuffer(8 * matrix.rows)).fill(1);
  for (let place = 0; place < countRows(rows); place++) {
    const row = listed?.[place] ?? place;
    const length = lengthOf(rowOf(matrix, row));
    if (length > 0) lengths[row] = length;
  }
  return { ...rows, lengths };
}

function lengthOf(row: Float32Array): number {
  let squares = 0;
  for (let c = 0; c < row.length; c++) squares += (row[c] ?? 0) ** 2;
  return Math.sqrt(squares);
}

export function countRows({ matrix, listed }: Rows): number {
  return listed?.length ?? matrix.rows;
}

/** The rows `from`…`to` − 1 one after the other; a view when they lie so, otherwise in `room` when there is some. */
export function gather(rows: Rows, from: number, to: number, room?: Float32Array): Matrix {
  const { columns, data } = rows.matrix;
  const size = (to - from) * columns;
  if (!isCopied(rows)) return { rows: to - from, columns, data: data.subarray(from * columns, to * columns) };
  const gathered = room?.subarray(0, size) ?? new Float32Array(size);
  gatherInto(rows, from, to, gathered);
  return { rows: to - from, columns, data: gathered };
}

/** False for rows that lie as they are read. */
function isCopied({ listed, lengths }: Rows): boolean {
  return listed !== undefined || lengths !== undefined;
}

/** Writes the rows `from`…`to` − 1 one after the other. */
export function gatherInto({ matrix, listed, lengths }: Rows, from: number, to: number, out: Float32Array): void {
  const { columns, data } = matrix;
  for (let place = from, at = 0; place < to; place++, at += columns) {
    const row = listed?.[place] ?? place;
    const start = row * columns;
    if (lengths === undefined) {
      out.set(data.subarray(start, start + columns), at);
    } else {
      const length = lengths[row] ?? 1;
      for (let c = 0; c < columns; c++) out[at + c] = (data[start + c] ?? 0) / length;
    }
  }
}

/** All rows, block after block; a block may be in memory that the next one uses again. */
export function* blocksOf(rows: Rows): Generator<Matrix> {
  const [count, { columns }] = [countRows(rows), rows.matrix];
  const scratch = new Float32Array(isCopied(rows) ? Math.min(BLOCK, count) * columns : 0);
  for (let from = 0; from < count; from += BLOCK) yield gather(rows, from, Math.min(count, from + BLOCK), scratch);
}

/** The mean of each column, summed in float64 in the order of the rows; zeros for no rows. */
export function meanOf(rows: Rows): Float64Array {
  const sums = new Float64Array(rows.matrix.columns);
  for (const { columns, data } of blocksOf(rows)) {
    for (let start = 0; start < data.length; start += columns) {
      for (let c = 0; c < columns; c++) sums[c] = (sums[c] ?? 0) + (data[start + c] ?? 0);
    }
  }
  const scale = Math.max(1, countRows(rows));
  return sums.map((sum) => sum / scale);
}

/** Some of the rows, by their place among them. */
export function pickRows(rows: Rows, places: Uint32Array): Rows {
  const { listed } = rows;
  return { ...rows, listed: listed === undefined ? places : places.map((place) => listed[place] ?? 0) };
}
