import { assign } from '../../base/assignment.ts';
import { breathe } from '../../base/concurrency.ts';

/** What it costs to move one unit from each row to each column. */
export interface Costs {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** At most so many rounds at the last ε. */
const ROUNDS = 100;
/** Largest change of a price, as a share of ε, at which a transport is done. */
const TOLERANCE = 1e-2;

/** The cheapest way to move N equal weights to N others, for each unit of weight. Exact, O(N³). */
export function exactTransport({ rows, data }: Costs): number {
  const columnOf = assign(data, rows, rows);
  return columnOf.reduce((sum, column, row) => sum + (data[row * rows + column] ?? 0), 0) / rows;
}

/**
 * Entropic transport cost between equal weights, in its dual form mean f + mean g (Cuturi, NeurIPS 2013; Feydy et al.,
 * AISTATS 2019), by Sinkhorn rounds in the log domain from the largest cost down to `epsilon`, halving. At most 100
 * rounds at the end. O(rows · columns) a round. With ε → 0 it becomes the exact cost.
 */
export async function entropicTransport(costs: Costs, epsilon: number, signal?: AbortSignal): Promise<number> {
  const { rows, columns } = costs;
  const [f, g] = [new Float64Array(rows), new Float64Array(columns)];
  const turned = transpose(costs);
  let current = startingEpsilon(costs, epsilon);
  for (let round = 0; round < ROUNDS; ) {
    updatePrices(turned, f, g, current);
    const change = updatePrices(costs, g, f, current);
    await breathe(signal);
    if (current > epsilon) current = Math.max(epsilon, current / 2);
    else if (change < TOLERANCE * epsilon) break;
    else round++;
  }
  return average(f) + average(g);
}

/** {@link entropicTransport} of a set to itself, with symmetric costs: one price a row, which settles much sooner. */
export async function entropicSelfTransport(costs: Costs, epsilon: number, signal?: AbortSignal): Promise<number> {
  const prices = new Float64Array(costs.rows);
  let current = startingEpsilon(costs, epsilon);
  for (let round = 0; round < ROUNDS; ) {
    const before = prices.slice();
    const change = updatePrices(costs, before, prices, current);
    for (const [row, price] of before.entries()) prices[row] = ((prices[row] ?? 0) + price) / 2;
    await breathe(signal);
    if (current > epsilon) current = Math.max(epsilon, current / 2);
    else if (change < TOLERANCE * epsilon) break;
    else round++;
  }
  return 2 * average(prices);
}

/**
 * The entropic cost without its bias, OT(a, b) − ½ OT(a, a) − ½ OT(b, b) (Feydy et al., AISTATS 2019): at least 0, and 0
 * only for equal sets.
 */
export async function sinkhornDivergence(
  between: Costs,
  [withinA, withinB]: readonly [Costs, Costs],
  epsilon: number,
  signal?: AbortSignal,
): Promise<number> {
  const across = await entropicTransport(between, epsilon, signal);
  const own = await entropicSelfTransport(withinA, epsilon, signal);
  const other = await entropicSelfTransport(withinB, epsilon, signal);
  return Math.max(0, across - (own + other) / 2);
}

function startingEpsilon({ data }: Costs, epsilon: number): number {
  return Math.max(
    epsilon,
    data.reduce((most, cost) => Math.max(most, cost), 0),
  );
}

/** Sets each price of a row to −ε log mean exp((price of the column − cost) / ε); returns the largest change. */
function updatePrices(
  { rows, columns, data }: Costs,
  others: Float64Array,
  prices: Float64Array,
  epsilon: number,
): number {
  let change = 0;
  for (let row = 0; row < rows; row++) {
    const offset = row * columns;
    let most = Number.NEGATIVE_INFINITY;
    for (let column = 0; column < columns; column++) {
      most = Math.max(most, (others[column] ?? 0) - (data[offset + column] ?? 0));
    }
    let sum = 0;
    for (let column = 0; column < columns; column++) {
      sum += Math.exp(((others[column] ?? 0) - (data[offset + column] ?? 0) - most) / epsilon);
    }
    const price = -most - epsilon * Math.log(sum / columns);
    change = Math.max(change, Math.abs(price - (prices[row] ?? 0)));
    prices[row] = price;
  }
  return change;
}

function transpose({ rows, columns, data }: Costs): Costs {
  const turned = new Float64Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) turned[column * rows + row] = data[row * columns + column] ?? 0;
  }
  return { rows: columns, columns: rows, data: turned };
}

function average(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
