/**
 * The first `take` of the indices 0 … n − 1 in an order whose every beginning is spread evenly over all of them, so that
 * any beginning is a fair sample. Steps by the golden section of n (Knuth, TAOCP vol. 3, 6.4), made coprime with n so
 * that no index comes twice.
 */
export function evenOrder(n: number, take = n): Uint32Array {
  const step = strideFor(n);
  const order = new Uint32Array(Math.min(n, take));
  for (let place = 0, index = 0; place < order.length; place++) {
    order[place] = index;
    index = (index + step) % n;
  }
  return order;
}

function strideFor(n: number): number {
  let step = Math.max(1, Math.round(n * 0.6180339887498949));
  while (commonDivisor(step, n) !== 1) step++;
  return step;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
