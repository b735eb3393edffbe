import type { Random } from '../../base/random.ts';

/** How much two sets of vectors share, and what their size alone gives. */
export interface SharedStructure {
  /** Debiased linear CKA, at most 1; about 0 without any relation. */
  readonly cka: number;
  /** The largest value among the permutations of the partners. */
  readonly highestByChance: number;
  /** Share of the permutations that reach the value, with itself counted: in (0, 1]. */
  readonly p: number;
}

/**
 * Debiased linear CKA of vectors that belong together row by row (N × D1, N × D2, N ≥ 4), with its permutation null. Both
 * Gram matrices are U-centred (Székely & Rizzo, Annals of Statistics 2014, 3.1), which commutes with permuting the rows,
 * so a permutation costs one pass over N². The value is that of Song et al., JMLR 2012, eq. 5, as in methods.md 8.4.
 */
export function sharedStructure(
  a: readonly Float32Array[],
  b: readonly Float32Array[],
  permutations: number,
  random: Random,
): SharedStructure {
  const [first, second] = [uCentredGram(a), uCentredGram(b)];
  const places = [...a.keys()];
  const norm = Math.sqrt(innerProduct(first, first, places) * innerProduct(second, second, places));
  if (!(norm > 0)) return { cka: 0, highestByChance: 0, p: 1 };
  const cka = innerProduct(first, second, places) / norm;
  const chance = Array.from({ length: permutations }, () => innerProduct(first, second, random.shuffle(places)) / norm);
  const reached = chance.filter((value) => value >= cka).length;
  return { cka, highestByChance: Math.max(...chance), p: (reached + 1) / (permutations + 1) };
}

/** Inner products of all rows with a diagonal of 0, so centred that each row sums to 0: N × N. */
function uCentredGram(rows: readonly Float32Array[]): Float64Array {
  const n = rows.length;
  const gram = new Float64Array(n * n);
  for (const [i, row] of rows.entries()) {
    for (let j = 0; j < i; j++) {
      const product = dot(row, rows[j] ?? row);
      gram[i * n + j] = product;
      gram[j * n + i] = product;
    }
  }
  const sums = rows.map((_, i) => gram.subarray(i * n, (i + 1) * n).reduce((sum, value) => sum + value, 0));
  const total = sums.reduce((sum, value) => sum + value, 0) / ((n - 1) * (n - 2));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const centre = ((sums[i] ?? 0) + (sums[j] ?? 0)) / (n - 2) - total;
      gram[i * n + j] = i === j ? 0 : (gram[i * n + j] ?? 0) - centre;
    }
  }
  return gram;
}

/** Σ a(i, j) b(π(i), π(j)). */
function innerProduct(a: Float64Array, b: Float64Array, places: readonly number[]): number {
  const n = places.length;
  let sum = 0;
  for (const [i, place] of places.entries()) {
    for (let j = 0; j < n; j++) sum += (a[i * n + j] ?? 0) * (b[place * n + (places[j] ?? 0)] ?? 0);
  }
  return sum;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d] ?? 0) * (b[d] ?? 0);
  return sum;
}
