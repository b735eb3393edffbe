/**
 * The cheapest way to give every row a column of its own: element r is the column of row r. Shortest augmenting paths
 * with dual prices (Jonker & Volgenant, "A Shortest Augmenting Path Algorithm for Dense and Sparse Linear Assignment
 * Problems", Computing 1987). O(rows² · columns) time. Of equal costs the lower column is tried first, so that the same
 * costs give the same assignment.
 *
 * @param costs rows × columns, row after row, finite; there must be at least as many columns as rows
 */
export function assign(costs: Float64Array, rows: number, columns: number): Uint32Array {
  if (rows > columns) throw new RangeError('assign() needs at least as many columns as rows');
  const rowPrices = new Float64Array(rows);
  const columnPrices = new Float64Array(columns);
  const rowOfColumn = new Int32Array(columns).fill(-1);
  for (let row = 0; row < rows; row++) augment(row);
  const columnOfRow = new Uint32Array(rows);
  for (const [column, row] of rowOfColumn.entries()) if (row >= 0) columnOfRow[row] = column;
  return columnOfRow;

  /** Finds the shortest path from a free row to a free column and swaps the assignments along it. */
  function augment(freeRow: number): void {
    const distances = new Float64Array(columns).fill(Number.POSITIVE_INFINITY);
    const previous = new Int32Array(columns).fill(-1);
    const done = new Uint8Array(columns);
    let [row, from, reached] = [freeRow, -1, 0];
    for (;;) {
      let nearest = -1;
      for (let column = 0; column < columns; column++) {
        if (done[column] === 1) continue;
        const reduced = (costs[row * columns + column] ?? 0) - (rowPrices[row] ?? 0) - (columnPrices[column] ?? 0);
        if (reached + reduced < (distances[column] ?? 0)) {
          distances[column] = reached + reduced;
          previous[column] = from;
        }
        if (nearest < 0 || (distances[column] ?? 0) < (distances[nearest] ?? 0)) nearest = column;
      }
      reached = distances[nearest] ?? 0;
      from = nearest;
      const owner = rowOfColumn[nearest] ?? -1;
      if (owner < 0) break;
      done[nearest] = 1;
      row = owner;
    }
    rowPrices[freeRow] = (rowPrices[freeRow] ?? 0) + reached;
    for (let column = 0; column < columns; column++) {
      if (done[column] === 0) continue;
      const slack = reached - (distances[column] ?? 0);
      const owner = rowOfColumn[column] ?? 0;
      rowPrices[owner] = (rowPrices[owner] ?? 0) + slack;
      columnPrices[column] = (columnPrices[column] ?? 0) - slack;
    }
    while (from >= 0) {
      const before = previous[from] ?? -1;
      rowOfColumn[from] = before < 0 ? freeRow : (rowOfColumn[before] ?? 0);
      from = before;
    }
  }
}
