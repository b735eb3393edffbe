import { isAbove, percent, points, rankCorrelation, type Statement, verdict } from '../finding.ts';
import type { Estimate, Results } from '../results.ts';

/** Statements about one experiment with CROMA and what it is compared with (methods.md 11). */
export const comparisons: readonly Statement<Results>[] = [
  {
    id: 'C1',
    statement: 'CROMA beats the same network trained from scratch on the support, at every k',
    judge: (results) => {
      const leads = results.shots.map((shots) => lead(results, 'croma', 'scratch', shots));
      return verdict(
        leads.every(isClear),
        byShots(results, leads),
        'paired difference with its interval above 0 at each k',
      );
    },
  },
  {
    id: 'C2',
    statement: 'CROMA’s accuracy rises with k, and its lead over scratch does not grow',
    judge: (results) => {
      const accuracies = results.shots.map((shots) => results.accuracy({ method: 'croma', shots }));
      const leads = results.shots.map((shots) => lead(results, 'croma', 'scratch', shots));
      const rises = accuracies.every(({ mean }, i) => i === 0 || mean > (accuracies[i - 1]?.mean ?? 1));
      const [middle, last] = [leads[Math.floor((leads.length - 1) / 2)], leads.at(-1)];
      const narrows = (last?.mean ?? 1) < (middle?.mean ?? 0);
      return verdict(
        rises && narrows,
        `accuracy ${accuracies.map(percent).join(', ')}; lead ${leads.map(points).join(', ')}`,
        `accuracy ${rises ? 'rises' : 'does not rise'} with k, the lead at the largest k is ${narrows ? 'below' : 'not below'} that in the middle`,
      );
    },
  },
  {
    id: 'C3',
    statement: 'Without alignment, source meta-training equals scratch',
    judge: (results) => {
      const leads = results.shots.map((shots) => lead(results, 'source-only', 'scratch', shots));
      const within = leads.every(({ mean }) => Math.abs(mean) <= 0.02);
      return verdict(within, byShots(results, leads), 'difference within ±2 points at each k');
    },
  },
  {
    id: 'C4',
    statement: 'Meta-alignment beats ordinary alignment on the same pairs',
    judge: (results) => {
      const shots = fiveShots(results);
      const difference = lead(results, 'croma', 'align-classify', shots);
      const own = results.recall('croma', 1);
      const other = results.recall('align-classify', 1);
      const retrieves = own.recall > other.recall;
      return verdict(
        isClear(difference) && retrieves,
        `${points(difference)} at k=${shots}; R@1 on new classes ${share(own.recall)} against ${share(other.recall)}`,
        'accuracy at k=5 with its interval above 0, and a higher R@1 on new classes',
      );
    },
  },
  {
    id: 'C5',
    statement: 'CROMA comes within 3 points of the oracle, which meta-learns from target labels, or exceeds it',
    judge: (results) => {
      const leads = results.shots.map((shots) => lead(results, 'croma', 'oracle', shots));
      const near = leads.every(({ mean }) => mean > -0.03);
      return verdict(near, byShots(results, leads), 'CROMA − oracle above −3 points at each k');
    },
  },
  {
    id: 'C10',
    statement:
      'Before any adaptation, CROMA retrieves partners of new classes; without alignment retrieval is at chance',
    judge: (results) => {
      const own = results.recall('croma', 1);
      const without = results.recall('source-only', 1);
      const { chance } = own;
      const above = own.recall - (own.interval ?? 1) > chance;
      const at = Math.abs(without.recall - chance) <= Math.max(without.interval ?? 0, chance);
      return verdict(
        above && at,
        `R@1 ${share(own.recall)} with, ${share(without.recall)} without alignment, chance ${share(chance)}`,
        `CROMA is ${above ? '' : 'not '}above chance, source-only is ${at ? '' : 'not '}at chance`,
      );
    },
  },
];

export const labelNoise: Statement<Results> = {
  id: 'C9',
  statement: 'With wrong support labels both fall, and CROMA stays above scratch at every rate',
  judge: (results) => {
    const shots = fiveShots(results);
    const rates = [0, 0.2, 0.4, 0.6];
    const leads = rates.map((rate) =>
      results.difference({ method: 'croma', shots, labelNoise: rate }, { method: 'scratch', shots, labelNoise: rate }),
    );
    return verdict(
      leads.every(isClear),
      `CROMA − scratch at 0, 20, 40, 60 %: ${leads.map(points).join(', ')}`,
      'paired difference with its interval above 0 at each rate',
    );
  },
};

export const pairsPerClass: Statement<Results> = {
  id: 'C7',
  statement: 'More pairs help, from a floor at scratch',
  judge: (results) => {
    const shots = fiveShots(results);
    const counts = [1, 2, 5, 10];
    const leads = counts.map((count) =>
      results.difference(
        { method: 'croma', shots, pairsPerClass: count },
        { method: 'scratch', shots, pairsPerClass: count },
      ),
    );
    const trend = rankCorrelation(
      counts,
      leads.map(({ mean }) => mean),
    );
    const floor = leads.slice(0, 2).every((few) => !isClear(few));
    return verdict(
      trend > 0 && floor,
      `CROMA − scratch with 1, 2, 5, 10 pairs a class: ${leads.map(points).join(', ')}`,
      `rank correlation ${trend.toFixed(2)}; with 1 or 2 pairs ${floor ? 'not' : 'already'} clearly above scratch`,
    );
  },
};

export const pairNoise: Statement<Results> = {
  id: 'C8',
  statement: 'Wrong pairs hurt the more there are; with all of them wrong CROMA equals training without alignment',
  judge: (results) => {
    const shots = fiveShots(results);
    const rates = [0, 0.2, 0.5, 0.8, 1];
    const accuracies = rates.map((rate) => results.accuracy({ method: 'croma', shots, pairNoise: rate }));
    const trend = rankCorrelation(
      rates,
      accuracies.map(({ mean }) => mean),
    );
    const last = results.difference(
      { method: 'croma', shots, pairNoise: 1 },
      { method: 'source-only', shots, pairNoise: 1 },
    );
    return verdict(
      trend <= -0.9 && Math.abs(last.mean) <= 0.02,
      `accuracy at 0, 20, 50, 80, 100 %: ${accuracies.map(percent).join(', ')}; at 100 % ${points(last)} against source-only`,
      `rank correlation ${trend.toFixed(2)}; last within ±2 points of source-only`,
    );
  },
};

/** Two experiments on the same data, with strong and with weak pairs. */
export const weakPairs: Statement<{ readonly strong: Results; readonly weak: Results }> = {
  id: 'C6',
  statement: 'Weak pairs work, and not better than strong pairs',
  judge: ({ strong, weak }) => {
    const shots = fiveShots(weak);
    const overScratch = lead(weak, 'croma', 'scratch', shots);
    const [ownStrong, ownWeak] = [strong, weak].map((results) => results.accuracy({ method: 'croma', shots }));
    const difference = (ownWeak?.mean ?? 1) - (ownStrong?.mean ?? 0);
    const noise = Math.hypot(ownWeak?.interval ?? 0, ownStrong?.interval ?? 0);
    return verdict(
      isClear(overScratch) && difference <= noise,
      `weak − scratch ${points(overScratch)}; weak − strong ${points({ mean: difference, interval: noise, tasks: 0 })}`,
      'weak clearly above scratch, and not above strong by more than the noise',
    );
  },
};

/** Two experiments on the same data, whose inner loops see mini-batches or the whole task at every step. */
export const miniBatches: Statement<{ readonly mini: Results; readonly full: Results }> = {
  id: 'C12',
  statement:
    'Inner loops need mini-batches: CROMA and the oracle are better with them than with the whole task at a step',
  judge: ({ mini, full }) => {
    const shots = fiveShots(full);
    const gains = ['croma', 'oracle'].map((method) => {
      const [own, other] = [mini.accuracy({ method, shots }), full.accuracy({ method, shots })];
      return { mean: own.mean - other.mean, interval: Math.hypot(own.interval, other.interval), tasks: own.tasks };
    });
    return verdict(
      gains.every(isClear),
      `mini-batch − full batch at k=${shots}: CROMA ${gains.slice(0, 1).map(points).join()}, oracle ${gains.slice(1).map(points).join()}`,
      'both differences with their intervals above 0',
    );
  },
};

function lead(results: Results, method: string, other: string, shots: number): Estimate {
  return results.difference({ method, shots }, { method: other, shots });
}

function isClear(estimate: Estimate): boolean {
  return isAbove(estimate);
}

function byShots({ shots }: Results, differences: readonly Estimate[]): string {
  return `at k=${shots.join(', ')}: ${differences.map(points).join(', ')}`;
}

/** k = 5 where it was tested, as methods.md judges by. */
function fiveShots({ shots }: Results): number {
  return shots.includes(5) ? 5 : (shots[Math.floor((shots.length - 1) / 2)] ?? 1);
}

function share(value: number): string {
  return value.toFixed(3);
}
