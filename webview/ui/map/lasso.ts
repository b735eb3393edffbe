import type { Point } from './data.ts';
import type { Accept, GridIndex } from './gridIndex.ts';

/**
 * The accepted points inside a polygon (even–odd, closed by itself), in the order of their indices. Only points of cells
 * that the outline may cross are tested one by one; all others go with the middle of their cell, so the cost is about
 * that of the cells, not of the points.
 */
export function pointsInside(polygon: readonly Point[], index: GridIndex, accept: Accept): Uint32Array {
  if (polygon.length < 3) return new Uint32Array();
  const crossed = cellsAlong(polygon, index);
  const xs = polygon.map(({ x }) => x);
  const ys = polygon.map(({ y }) => y);
  const [firstColumn, lastColumn] = [index.columnOf(Math.min(...xs)), index.columnOf(Math.max(...xs))];
  const [firstRow, lastRow] = [index.rowOf(Math.min(...ys)), index.rowOf(Math.max(...ys))];
  const isIn = new Uint8Array(index.positions.length / 2);
  let count = 0;
  for (let row = firstRow; row <= lastRow; row++) {
    const crossings = crossingsAt(polygon, index.middleOf(0, row).y);
    for (let column = firstColumn; column <= lastColumn; column++) {
      const onOutline = crossed[row * index.side + column] === 1;
      if (!onOutline && !isBetween(crossings, index.middleOf(column, row).x)) continue;
      index.eachIn(column, row, (point) => {
        if (!accept(point) || (onOutline && !isInside(polygon, positionOf(index, point)))) return;
        isIn[point] = 1;
        count++;
      });
    }
  }
  return indicesOf(isIn, count);
}

/** The places of the `count` ones. */
function indicesOf(isIn: Uint8Array, count: number): Uint32Array {
  const indices = new Uint32Array(count);
  let next = 0;
  for (let point = 0; next < count; point++) if (isIn[point] === 1) indices[next++] = point;
  return indices;
}

/** Whether a place is inside a polygon. */
export function isInside(polygon: readonly Point[], { x, y }: Point): boolean {
  return isBetween(crossingsAt(polygon, y), x);
}

/** Where the outline of a polygon crosses a height. */
function crossingsAt(polygon: readonly Point[], y: number): number[] {
  const crossings: number[] = [];
  let from = polygon[polygon.length - 1];
  for (const to of polygon) {
    if (from && from.y > y !== to.y > y) crossings.push(from.x + ((y - from.y) / (to.y - from.y)) * (to.x - from.x));
    from = to;
  }
  return crossings;
}

/** Inside is where an odd number of crossings lie to the right. */
function isBetween(crossings: readonly number[], x: number): boolean {
  let isOdd = false;
  for (const crossing of crossings) if (x < crossing) isOdd = !isOdd;
  return isOdd;
}

/** Marks every cell that an edge may cross: steps of half a cell, and the neighbours of each step. */
function cellsAlong(polygon: readonly Point[], index: GridIndex): Uint8Array {
  const crossed = new Uint8Array(index.side * index.side);
  let from = polygon[polygon.length - 1];
  for (const to of polygon) {
    if (!from) break;
    const [across, up] = [to.x - from.x, to.y - from.y];
    const steps = Math.ceil(2 * Math.max(Math.abs(across) / index.width, Math.abs(up) / index.height)) + 1;
    for (let step = 0; step <= steps; step++) {
      const part = step / steps;
      markAround(crossed, index, index.columnOf(from.x + part * across), index.rowOf(from.y + part * up));
    }
    from = to;
  }
  return crossed;
}

function markAround(crossed: Uint8Array, { side }: GridIndex, column: number, row: number): void {
  for (let r = Math.max(0, row - 1); r <= Math.min(side - 1, row + 1); r++) {
    for (let c = Math.max(0, column - 1); c <= Math.min(side - 1, column + 1); c++) crossed[r * side + c] = 1;
  }
}

function positionOf({ positions }: GridIndex, point: number): Point {
  return { x: positions[2 * point] ?? 0, y: positions[2 * point + 1] ?? 0 };
}
