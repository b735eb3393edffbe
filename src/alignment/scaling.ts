/** Squares of numbers between these, and their sums over a set, are well inside float32. */
const [SMALL, LARGE] = [2 ** -30, 2 ** 30];

/**
 * Multiplies all numbers of a set by one power of two, in place, where its largest one is so large or small that products
 * would overflow or vanish in float32. No metric depends on the scale of a set, and a power of two rounds nothing. Numbers
 * that are not finite do not count, and stay so.
 *
 * @returns the factor, 1 for the scales that sets have
 */
export function bringToOne(vectors: Float32Array): number {
  let largest = 0;
  for (const value of vectors) {
    const size = Math.abs(value);
    if (size > largest && size < Number.POSITIVE_INFINITY) largest = size;
  }
  if (largest === 0 || (largest > SMALL && largest < LARGE)) return 1;
  const factor = 2 ** -Math.round(Math.log2(largest));
  for (let at = 0; at < vectors.length; at++) vectors[at] = (vectors[at] ?? 0) * factor;
  return factor;
}
