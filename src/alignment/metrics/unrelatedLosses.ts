/** Pairs above this quantile of the unrelated losses count as wrong: hardly a right pair is so far out. */
const FAR_OUT = 0.5;
/** A right pair is told from unrelated items when at most this share of theirs have a loss as low. */
const ALLOWED = 0.05;

/**
 * The probability that each pair is wrong, when it is known which losses unrelated items have: wrong pairs lie among
 * these, wherever the right ones are. With u the share of unrelated losses below a pair's own, wrong pairs spread evenly
 * over [0, 1], so that twice the share of pairs with u above ½ are wrong (Storey, JRSS B 2002), and the probability is
 * that share over the density of u at the pair, which falls by assumption and is estimated as such (Grenander 1956, as
 * in Strimmer's local false discovery rate, BMC Bioinformatics 2008). So it rises with the loss, and nothing is assumed
 * about the shape of either group. O(N log N).
 */
export function probabilitiesAgainstUnrelated(losses: readonly number[], unrelated: readonly number[]): Float64Array {
  const placed = placeAmong(losses, unrelated);
  const farOut = placed.filter((u) => u > FAR_OUT).length;
  const share = Math.min(1, farOut / ((1 - FAR_OUT) * losses.length));
  return fallingDensity(placed).map((density) => Math.min(1, share / density));
}

/**
 * The share of the right pairs that are told from unrelated items: whose loss at most one of twenty of theirs is below. Of
 * the wrong ones, which are like these, as many are that low by chance. In [0, 1]; where it is low, right pairs are hardly
 * better off than wrong ones, and who is which cannot be known. O(N log N).
 *
 * @param wrong share of the pairs, below 1
 */
export function shareTold(losses: readonly number[], unrelated: readonly number[], wrong: number): number {
  const low = placeAmong(losses, unrelated).filter((u) => u < ALLOWED).length / losses.length;
  return Math.min(1, Math.max(0, (low - ALLOWED * wrong) / (1 - wrong)));
}

/** The share of `unrelated` below each value, kept off 0 and 1 by half an element. */
function placeAmong(values: readonly number[], unrelated: readonly number[]): Float64Array {
  const sorted = Float64Array.from(unrelated).sort();
  return Float64Array.from(values, (value) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((sorted[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return (low + 0.5) / (sorted.length + 1);
  });
}

/** The slope of the smallest concave curve above the cumulative distribution of `places`, at each of them. */
function fallingDensity(places: Float64Array): Float64Array {
  const order = [...places.keys()].sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const blocks: { width: number; count: number }[] = [];
  let before = 0;
  for (const member of order) {
    const place = places[member] ?? 0;
    let block = { width: place - before, count: 1 };
    before = place;
    for (let last = blocks.at(-1); last !== undefined && isSparser(last, block); last = blocks.at(-1)) {
      blocks.pop();
      block = { width: last.width + block.width, count: last.count + block.count };
    }
    blocks.push(block);
  }
  const densities = new Float64Array(places.length);
  let next = 0;
  for (const { width, count } of blocks) {
    for (const end = next + count; next < end; next++) densities[order[next] ?? 0] = count / (width * places.length);
  }
  return densities;
}

function isSparser(a: { width: number; count: number }, b: { width: number; count: number }): boolean {
  return a.count * b.width <= b.count * a.width;
}
