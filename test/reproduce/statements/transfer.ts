import { type Finding, isAbove, percent, points, rankCorrelation, type Statement, verdict } from '../finding.ts';
import { type Estimate, MissingResult, type Results } from '../results.ts';

/** Experiments with MoNA and what it is compared with, by the name of their target task. */
export type Targets = ReadonlyMap<string, Results>;

const FEWEST_TARGETS = 3;

/** Statements about one target task (methods.md 11). */
export const transfers: readonly Statement<Results>[] = [
  {
    id: 'M6',
    statement: 'In stage 1 the target’s gradient turns towards the one that preserves the source',
    judge: (results) => {
      const turned = results.change({ method: 'mona', shots: most(results) }, 'gradient-cosine');
      return verdict(isAbove(turned), `cosine ${signed(turned)}`, 'the change has its interval above 0');
    },
  },
  {
    id: 'M7',
    statement: 'In stage 1 the discrepancy of knowledge falls more under MoNA than under ORCA',
    judge: (results) => {
      const shots = most(results);
      const [mona, orca] = ['mona', 'orca-otdd'].map((method) => results.change({ method, shots }, 'discrepancy'));
      const falls = mona !== undefined && orca !== undefined && mona.mean + mona.interval < 0 && mona.mean < orca.mean;
      return verdict(
        falls,
        `D changes by ${mona && signed(mona)} under MoNA, ${orca && signed(orca)} under ORCA`,
        'it falls clearly under MoNA, and more than under ORCA',
      );
    },
  },
  {
    id: 'O2',
    statement: 'Training the layer norms alone is the weakest way to fine-tune, or as weak as another',
    judge: (results) => {
      const shots = most(results);
      const leads = ['fine-tune', 'orca-otdd', 'mona'].map((method) =>
        results.difference({ method, shots }, { method: 'frozen', shots }),
      );
      return verdict(
        leads.every(({ mean, interval }) => mean + interval >= 0),
        `fine-tune, ORCA, MoNA − frozen: ${leads.map(points).join(', ')}`,
        'none of them is clearly below it',
      );
    },
  },
];

/**
 * A target with the naive fine-tuning of the papers, whose embedder is new (methods.md 2.1 and 3.4: ORCA's code copies the
 * source's embedder only where it then trains it); MoNA and ORCA begin with the source's.
 */
export function withNaive(transfer: Results, random: Results): Results {
  return transfer.and(NAIVE, { method: 'fine-tune', of: random });
}

const NAIVE = 'naive fine-tuning';

/** Of a target {@link withNaive}. */
export const keptKnowledge: Statement<Results> = {
  id: 'M3',
  statement: 'MoNA keeps more of what the source model knows than naive fine-tuning, whose embedder is new, and ORCA',
  judge: (results) => {
    const shots = most(results);
    const kept = [NAIVE, 'orca-otdd'].map((method) =>
      results.difference({ method: 'mona', shots }, { method, shots }, 'source-probe'),
    );
    return verdict(
      kept.every((difference) => isAbove(difference)),
      `accuracy of a probe on the source: MoNA − naive fine-tuning, − ORCA: ${kept.map(points).join(', ')}`,
      'both differences with their intervals above 0',
    );
  },
};

/** Of a target {@link withNaive}. */
export const fittedEmbedder: Statement<Results> = {
  id: 'O1',
  statement: 'ORCA’s distance falls in stage 1, and its embedder beats a new one, that of naive fine-tuning',
  judge: (results) => {
    const shots = most(results);
    const change = results.change({ method: 'orca-otdd', shots }, 'otdd');
    const gain = results.difference({ method: 'orca-otdd', shots }, { method: NAIVE, shots });
    const ofStage = results.difference({ method: 'orca-otdd', shots }, { method: 'fine-tune', shots });
    return verdict(
      change.mean + change.interval < 0 && isAbove(gain),
      `OTDD changes by ${signed(change)}; ORCA − naive fine-tuning ${points(gain)}; its stage alone ${points(ofStage)}`,
      'OTDD falls clearly, and the gain over the new embedder is clear',
    );
  },
};

/** Of targets {@link withNaive}. */
export const averageRanks: Statement<Targets> = {
  id: 'M4',
  statement:
    'By average rank over the targets, MoNA errs least, then ORCA, then naive fine-tuning, whose embedder is new',
  judge: (targets) => {
    const [mona = 0, orca = 0, naive = 0] = ranksOf(targets, ['mona', 'orca-otdd', NAIVE]);
    const words = (ranks: readonly number[]): string => ranks.map((rank) => rank.toFixed(2)).join(', ');
    const others = ranksOf(targets, ['mona', 'orca-otdd', 'fine-tune']);
    return verdict(
      mona <= orca && orca <= naive,
      `${words([mona, orca, naive])}; with fine-tuning from the source’s embedder in its place ${words(others)}`,
      `average ranks over ${targets.size} targets`,
    );
  },
};

/** The average rank of each method by accuracy; the best has 1. */
function ranksOf(targets: Targets, methods: readonly string[]): number[] {
  const ranked = each(targets, (results) => {
    const accuracies = methods.map((method) => results.accuracy({ method, shots: most(results) }).mean);
    return accuracies.map((own) => 1 + accuracies.filter((other) => other > own).length);
  });
  return methods.map((_, at) => ranked.reduce((sum, row) => sum + (row[at] ?? 0), 0) / ranked.length);
}

/** Statements that compare target tasks with each other. */
export const acrossTargets: readonly Statement<Targets>[] = [
  {
    id: 'M0',
    statement: 'The set-up can test MoNA: pre-training helps, and fine-tuning damages the source more for far targets',
    judge: (targets) => {
      const helps = each(targets, (results) => {
        const shots = most(results);
        return results.difference({ method: 'fine-tune', shots }, { method: 'transfer-scratch', shots });
      });
      const trend = rankCorrelation(discrepancies(targets), damages(targets));
      return verdict(
        helps.every((gain) => isAbove(gain)) && trend > 0,
        `fine-tune − scratch ${named(targets, helps.map(points))}; rank correlation of damage and D ${trend.toFixed(2)}`,
        'every gain clear, and the damage rises with D',
      );
    },
  },
  {
    id: 'M1',
    statement: 'Plain fine-tuning loses more of the source the farther the target is',
    judge: (targets) => {
      const far = each(targets, (results) => before(results, 'mmd'));
      const trend = rankCorrelation(far, damages(targets));
      return verdict(trend > 0, damageWords(targets), `rank correlation with MMD ${trend.toFixed(2)}`);
    },
  },
  {
    id: 'M2',
    statement: 'D orders the targets as this loss does',
    judge: (targets) => {
      const trend = rankCorrelation(discrepancies(targets), damages(targets));
      const values = discrepancies(targets).map((value) => value.toFixed(3));
      return verdict(trend > 0, `D − null ${named(targets, values)}`, `rank correlation ${trend.toFixed(2)}`);
    },
  },
];

/** The same target task with several λ; λ = 0 is the warm-up alone. */
export const lambdas: Statement<ReadonlyMap<number, Results>> = {
  id: 'M5',
  statement: 'λ has an optimum inside: the warm-up alone is worse, and a very large λ hurts',
  judge: (byLambda) => {
    const entries = [...byLambda].sort(([a], [b]) => a - b);
    const [, first] = entries[0] ?? [];
    if (first === undefined || entries.length < FEWEST_TARGETS) throw new MissingResult('its experiments were not run');
    const none = first.accuracy({ method: 'warm-up', shots: most(first) });
    const found = entries.map(([, results]) => results.accuracy({ method: 'mona', shots: most(results) }));
    const best = Math.max(...found.map(({ mean }) => mean));
    const inside = best > none.mean && (found.at(-1)?.mean ?? best) < best;
    const words = entries.map(([lambda], at) => `${lambda}: ${percent(found[at] ?? none)}`);
    return verdict(inside, `0: ${percent(none)}, ${words.join(', ')}`, 'the best λ is neither 0 nor the largest');
  },
};

/** The same target task with ORCA's stage of 60 steps and of four times as many. */
export const orcaSteps: Statement<{ readonly short: Results; readonly long: Results }> = {
  id: 'O3',
  statement: 'Sixty steps of ORCA lower OTDD by a large factor; more add little',
  judge: ({ short, long }) => {
    const after = (results: Results) => measured(results, 'orca-otdd', 'otdd-after').mean;
    const start = measured(short, 'orca-otdd', 'otdd-before').mean;
    const [brief, extended] = [after(short), after(long)];
    const share = (start - brief) / (start - extended);
    return verdict(
      brief < start / 2 && share >= 0.8,
      `OTDD ${start.toFixed(1)} before, ${brief.toFixed(1)} after 60 steps, ${extended.toFixed(1)} after 240`,
      `halved or more: ${brief < start / 2 ? 'yes' : 'no'}; 60 steps make ${(100 * share).toFixed(0)} % of the way`,
    );
  },
};

/** Contrastive training from all pairs and from those that look right, with wrong pairs. */
export const cleanSubset: Statement<Results> = {
  id: 'N2',
  statement:
    'Training on the pairs that look right beats training on all, with 20 and 50 % wrong, and costs little with none',
  judge: (results): Finding => {
    const shots = most(results);
    const gains = [0, 0.2, 0.5].map((pairNoise) =>
      results.difference(
        { method: 'robust-contrastive', shots, pairNoise },
        { method: 'contrastive', shots, pairNoise },
      ),
    );
    const [clean, ...noisy] = gains;
    return verdict(
      noisy.every((gain) => isAbove(gain)) && (clean?.mean ?? -1) >= -0.02,
      `robust − plain at 0, 20, 50 %: ${gains.map(points).join(', ')}`,
      'clear gains with wrong pairs, and at most 2 points lost without',
    );
  },
};

function each<T>(targets: Targets, read: (results: Results) => T): T[] {
  if (targets.size < FEWEST_TARGETS)
    throw new MissingResult(`fewer than ${FEWEST_TARGETS} of its experiments were run`);
  return [...targets.values()].map(read);
}

/** What fine-tuning takes from a probe on the source, below the model as it was pre-trained. */
function damages(targets: Targets): number[] {
  return each(targets, (results) => {
    const shots = most(results);
    return results.difference({ method: 'linear-probe', shots }, { method: 'fine-tune', shots }, 'source-probe').mean;
  });
}

function discrepancies(targets: Targets): number[] {
  return each(targets, (results) => before(results, 'discrepancy-excess'));
}

function before(results: Results, name: string): number {
  return measured(results, 'mona', `${name}-before`).mean;
}

function measured(results: Results, method: string, name: string): Estimate {
  const found = results.measure({ method, shots: most(results) }, name);
  if (found === undefined) throw new MissingResult(`${method} did not measure ${name}`);
  return found;
}

function damageWords(targets: Targets): string {
  const values = damages(targets).map((damage) => `${(100 * damage).toFixed(1)}`);
  return `points lost by the probe: ${named(targets, values)}`;
}

function named(targets: Targets, values: readonly string[]): string {
  return [...targets.keys()].map((name, at) => `${name} ${values[at]}`).join(', ');
}

function most({ shots }: Results): number {
  return Math.max(...shots);
}

function signed({ mean, interval }: Estimate): string {
  return `${mean < 0 ? '−' : '+'}${Math.abs(mean).toFixed(3)} ± ${interval.toFixed(3)}`;
}
