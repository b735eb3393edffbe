/**
 * All that a linear map needs to know of some pairs of rows x (D1) and y (D2), relative to one point of each space. The
 * moments of several sets of pairs are the sum of theirs.
 */
export interface Moments {
  readonly count: number;
  readonly sumX: Float64Array;
  readonly sumY: Float64Array;
  /** XᵀX, XᵀY and YᵀY, row after row. */
  readonly xx: Float64Array;
  readonly xy: Float64Array;
  readonly yy: Float64Array;
}

/** The moments of groups of pairs, and the points they are relative to. */
export interface GroupedMoments {
  readonly originX: Float64Array;
  readonly originY: Float64Array;
  readonly groups: readonly Moments[];
}

export function emptyMoments(columnsX: number, columnsY: number): Moments {
  return {
    count: 0,
    sumX: sharedNumbers(columnsX),
    sumY: sharedNumbers(columnsY),
    xx: sharedNumbers(columnsX * columnsX),
    xy: sharedNumbers(columnsX * columnsY),
    yy: sharedNumbers(columnsY * columnsY),
  };
}

/** Threads get them without a copy. */
function sharedNumbers(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length));
}

/** The moments of the pairs of all groups together. */
export function addMoments(groups: readonly Moments[]): Moments {
  const sum = emptyMoments(groups[0]?.sumX.length ?? 0, groups[0]?.sumY.length ?? 0);
  let count = 0;
  for (const group of groups) {
    for (const name of NUMBERS) addTo(sum[name], group[name]);
    count += group.count;
  }
  return { ...sum, count };
}

/** The moments of the pairs that are not in a part of the whole. */
export function momentsWithout(whole: Moments, part: Moments): Moments {
  const rest = (name: (typeof NUMBERS)[number]): Float64Array => {
    const numbers = whole[name].slice();
    const taken = part[name];
    for (let i = 0; i < numbers.length; i++) numbers[i] = (numbers[i] ?? 0) - (taken[i] ?? 0);
    return numbers;
  };
  const [sumX, sumY] = [rest('sumX'), rest('sumY')];
  return { count: whole.count - part.count, sumX, sumY, xx: rest('xx'), xy: rest('xy'), yy: rest('yy') };
}

const NUMBERS = ['sumX', 'sumY', 'xx', 'xy', 'yy'] as const;

export function addTo(sum: Float64Array, values: ArrayLike<number>): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (values[i] ?? 0);
}

/** The same pairs seen from the other side. */
export function turnedMoments({ count, sumX, sumY, xx, xy, yy }: Moments): Moments {
  return { count, sumX: sumY, sumY: sumX, xx: yy, xy: turn(xy, sumX.length, sumY.length), yy: xx };
}

/** A matrix of rows × columns, turned round. */
export function turn(values: Float64Array, rows: number, columns: number): Float64Array {
  const turned = new Float64Array(values.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) turned[c * rows + r] = values[r * columns + c] ?? 0;
  return turned;
}

export interface Means {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Means of x and y, relative to the origin of the moments; zeros for no pairs. */
export function meansOf({ count, sumX, sumY }: Moments): Means {
  const scale = count === 0 ? 0 : 1 / count;
  return { x: sumX.map((sum) => sum * scale), y: sumY.map((sum) => sum * scale) };
}

/** Second moments about some point of each space. */
export interface CentredMoments extends Pick<Moments, 'xx' | 'xy' | 'yy'> {
  readonly columnsX: number;
  readonly columnsY: number;
}

/** The second moments about other points: Σ (x − c)(y − d)ᵀ = XᵀY − Σx dᵀ − c Σyᵀ + n c dᵀ. */
export function momentsAbout(moments: Moments, { x, y }: Means): CentredMoments {
  const { count, sumX, sumY } = moments;
  return {
    columnsX: x.length,
    columnsY: y.length,
    xx: about(moments.xx, count, sumX, x, sumX, x),
    xy: about(moments.xy, count, sumX, x, sumY, y),
    yy: about(moments.yy, count, sumY, y, sumY, y),
  };
}

function about(
  products: Float64Array,
  count: number,
  sumA: Float64Array,
  a: Float64Array,
  sumB: Float64Array,
  b: Float64Array,
): Float64Array {
  const moved = new Float64Array(products.length);
  const rest = sumB.map((sum, j) => sum - count * (b[j] ?? 0));
  for (let i = 0; i < a.length; i++) {
    const [sum, centre] = [sumA[i] ?? 0, a[i] ?? 0];
    for (let j = 0, at = i * b.length; j < b.length; j++, at++) {
      moved[at] = (products[at] ?? 0) - sum * (b[j] ?? 0) - centre * (rest[j] ?? 0);
    }
  }
  return moved;
}

/** The sum of the diagonal of a square matrix. */
export function traceOf(square: Float64Array, size: number): number {
  let trace = 0;
  for (let i = 0; i < size; i++) trace += square[i * size + i] ?? 0;
  return trace;
}
