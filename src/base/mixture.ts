/** One bell curve of a mixture. */
export interface Component {
  readonly mean: number;
  readonly variance: number;
  /** Share of the values. */
  readonly weight: number;
}

export interface Mixture {
  readonly low: Component;
  readonly high: Component;
  /** Bayesian information criterion of one component minus that of two: above 0, two explain the values better. */
  readonly evidence: number;
}

/** Quantiles at which the values are first cut in two; the best end is kept. */
const CUTS = [0.5, 0.8, 0.9, 0.95, 0.99];
const STEPS = 200;
/** Of the log likelihood for each value. */
const TOLERANCE = 1e-8;
/** Smallest variance of a component, as a share of that of all values, so that none closes in on one value. */
const VARIANCE_FLOOR = 1e-3;

/**
 * Two Gaussians fitted to numbers by expectation maximisation (Dempster, Laird & Rubin 1977), from five cuts of the
 * sorted values; nothing is random. The evidence compares 5 parameters with the 2 of a single Gaussian (Schwarz 1978).
 * `undefined` for fewer than 10 values or values that are all equal. O(N) a step, at most 200 steps a cut.
 */
export function fitMixture(values: ArrayLike<number>): Mixture | undefined {
  const sorted = Float64Array.from(values).sort();
  const whole = describe(sorted);
  if (sorted.length < 10 || whole.variance <= 1e-12 * whole.mean ** 2) return undefined;
  const floor = VARIANCE_FLOOR * whole.variance;
  const fits = CUTS.map((cut) => maximise(sorted, Math.round(cut * sorted.length), floor));
  const best = fits.reduce((leader, fit) => (fit.logLikelihood > leader.logLikelihood ? fit : leader));
  const [low, high] = best.a.mean <= best.b.mean ? [best.a, best.b] : [best.b, best.a];
  const alone = sorted.reduce((sum, value) => sum + logDensity(whole, value), 0);
  return { low, high, evidence: 2 * (best.logLikelihood - alone) - 3 * Math.log(sorted.length) };
}

/** Probability that a value came from the high component. */
function posteriorOfHigh({ low, high }: Mixture, value: number): number {
  return 1 / (1 + Math.exp(logDensity(low, value) - logDensity(high, value)));
}

/** In standard deviations of the lower component: groups of which the means are closer are one crooked group. */
const LEAST_SEPARATION = 2.5;

/**
 * The probability that each loss is of the group with higher losses, given that there are two, as for noisy correspondence
 * (Huang et al., NeurIPS 2021): the posterior of the high component, made to rise with the loss. All 0 when nothing can be
 * fitted. Calibrated only as far as each group is about normal: a long tail of right pairs is taken for wrong ones.
 */
export function posteriorsByMixture(losses: readonly number[]): Float64Array {
  const mixture = fitMixture(losses);
  return mixture === undefined ? new Float64Array(losses.length) : monotonePosterior(losses, mixture);
}

/**
 * {@link posteriorsByMixture} times the probability that there are two groups at all, by BIC (Kass & Raftery, JASA 1995),
 * which is 0 for groups that are not apart.
 */
export function probabilitiesByMixture(losses: readonly number[]): Float64Array {
  const mixture = fitMixture(losses);
  if (mixture === undefined) return new Float64Array(losses.length);
  const { low, high, evidence } = mixture;
  const separation = (high.mean - low.mean) / Math.sqrt(low.variance);
  const belief = separation < LEAST_SEPARATION ? 0 : 1 / (1 + Math.exp(-evidence / 2));
  return monotonePosterior(losses, mixture).map((posterior) => belief * posterior);
}

/** The wider of two bells also covers the far end of the other; there the posterior is that of the nearest turn. */
function monotonePosterior(losses: readonly number[], mixture: Mixture): Float64Array {
  const order = [...losses.keys()].sort((a, b) => (losses[a] ?? 0) - (losses[b] ?? 0));
  const posteriors = order.map((pair) => posteriorOfHigh(mixture, losses[pair] ?? 0));
  let turn = 0;
  for (const [place, pair] of order.entries()) {
    if ((losses[pair] ?? 0) > mixture.high.mean) break;
    if ((posteriors[place] ?? 0) < (posteriors[turn] ?? 0)) turn = place;
  }
  const monotone = new Float64Array(losses.length);
  let reached = posteriors[turn] ?? 0;
  for (const [place, pair] of order.entries()) {
    if (place > turn) reached = Math.max(reached, posteriors[place] ?? 0);
    monotone[pair] = reached;
  }
  return monotone;
}

interface Fit {
  readonly a: Component;
  readonly b: Component;
  readonly logLikelihood: number;
}

function maximise(sorted: Float64Array, cut: number, floor: number): Fit {
  const shareOfB = Float64Array.from(sorted, (_, place) => Number(place >= cut));
  let previous = Number.NEGATIVE_INFINITY;
  for (let step = 0; ; step++) {
    const [a, b] = [
      describe(sorted, (i) => 1 - (shareOfB[i] ?? 0), floor),
      describe(sorted, (i) => shareOfB[i] ?? 0, floor),
    ];
    let logLikelihood = 0;
    for (const [i, value] of sorted.entries()) {
      const [inA, inB] = [logDensity(a, value), logDensity(b, value)];
      const most = Math.max(inA, inB);
      const total = most + Math.log(Math.exp(inA - most) + Math.exp(inB - most));
      shareOfB[i] = Math.exp(inB - total);
      logLikelihood += total;
    }
    if (logLikelihood - previous < TOLERANCE * sorted.length || step === STEPS) return { a, b, logLikelihood };
    previous = logLikelihood;
  }
}

/** The Gaussian with the mean and variance of weighted values. */
function describe(values: Float64Array, weightOf: (index: number) => number = () => 1, floor = 0): Component {
  let [total, sum, squares] = [0, 0, 0];
  for (const [i, value] of values.entries()) {
    total += weightOf(i);
    sum += weightOf(i) * value;
  }
  // An empty component stays empty: its density is 0 whatever its place.
  const mean = total === 0 ? 0 : sum / total;
  for (const [i, value] of values.entries()) squares += weightOf(i) * (value - mean) ** 2;
  return { mean, variance: Math.max(floor, total === 0 ? 0 : squares / total), weight: total / values.length };
}

/** Of the component's weight times its density. */
function logDensity({ mean, variance, weight }: Component, value: number): number {
  return Math.log(weight) - ((value - mean) ** 2 / variance + Math.log(2 * Math.PI * variance)) / 2;
}
