import type { Finding, Statement } from './finding.ts';
import { MissingResult, type Results } from './results.ts';
import { type Advised, advice } from './statements/advice.ts';
import { comparisons, labelNoise, miniBatches, pairNoise, pairsPerClass, weakPairs } from './statements/croma.ts';
import { acrossTargets, cleanSubset, lambdas, orcaSteps, transfers } from './statements/transfer.ts';
import type { TrialResults } from './trials/measure.ts';
import { trials } from './trials/trials.ts';

/** A row of the reproduction's table. */
export interface ReproductionRow extends Finding {
  readonly id: string;
  readonly statement: string;
  /** Dataset and direction. */
  readonly data: string;
}

/** The results of an experiment by its name; nothing where it has not been run. */
export type ResultsOf = (experiment: string) => Results | undefined;

export interface Evidence {
  /** Of all experiments. */
  readonly names: readonly string[];
  readonly resultsOf: ResultsOf;
  /** What the trials found in each direction on which they are made. */
  readonly trials: ReadonlyMap<string, TrialResults>;
  readonly advised: readonly Advised[];
}

/** Every statement on every dataset that has experiments for it. */
export function rowsOf({ names, resultsOf, trials: tried, advised }: Evidence): ReproductionRow[] {
  const directions = [...new Set(names.map((name) => /^[^/]+\/[a-z]+-[a-z]+/.exec(name)?.[0] ?? name))];
  const rows = directions.flatMap((direction) => {
    const kinds = names
      .filter((name) => name.startsWith(`${direction}-`))
      .map((name) => name.slice(direction.length + 1));
    return [
      ...(kinds.includes('methods') ? meta(direction, kinds, resultsOf) : []),
      ...(kinds.includes('transfer') ? transferred(direction, kinds, resultsOf) : []),
      ...(kinds.includes('clean-subset') ? [row(direction, cleanSubset, resultsOf(`${direction}-clean-subset`))] : []),
    ];
  });
  const made = [...tried].flatMap(([direction, found]) =>
    trials.map((trial) => row(direction, trial, found[trial.id])),
  );
  const rest = [...made, ...betweenTargets(names, resultsOf), row('all set-ups', advice, advised)];
  return [...rows, ...rest].sort((a, b) => order(a.id) - order(b.id) || a.data.localeCompare(b.data));
}

/** C1 to C12 on one direction. Only what has an experiment file there is asked. */
function meta(direction: string, kinds: readonly string[], resultsOf: ResultsOf): ReproductionRow[] {
  const of = (kind: string) => resultsOf(`${direction}-${kind}`);
  const methods = of('methods');
  const weak = of('weak');
  const full = of('full-batch');
  const extra: Readonly<Record<string, () => ReproductionRow>> = {
    weak: () => row(direction, weakPairs, methods && weak && { strong: methods, weak }),
    pairs: () => row(direction, pairsPerClass, of('pairs')),
    'pair-noise': () => row(direction, pairNoise, of('pair-noise')),
    'label-noise': () => row(direction, labelNoise, of('label-noise')),
    'full-batch': () => row(direction, miniBatches, methods && full && { mini: methods, full }),
  };
  return [
    ...comparisons.map((statement) => row(direction, statement, methods)),
    ...kinds.flatMap((kind) => extra[kind]?.() ?? []),
  ];
}

function transferred(direction: string, kinds: readonly string[], resultsOf: ResultsOf): ReproductionRow[] {
  const of = (kind: string) => resultsOf(`${direction}-${kind}`);
  const byLambda = kinds.filter((kind) => kind.startsWith('lambda-'));
  const [short, long] = [of('orca-60'), of('orca-240')];
  return [
    ...transfers.map((statement) => row(direction, statement, of('transfer'))),
    ...(byLambda.length === 0
      ? []
      : [
          row(
            direction,
            lambdas,
            new Map(byLambda.flatMap((kind) => present(Number(kind.slice('lambda-'.length)), of(kind)))),
          ),
        ]),
    ...(kinds.includes('orca-60') ? [row(direction, orcaSteps, short && long && { short, long })] : []),
  ];
}

function betweenTargets(names: readonly string[], resultsOf: ResultsOf): ReproductionRow[] {
  const targets = names.filter((name) => name.endsWith('-transfer'));
  const found = new Map(targets.flatMap((name) => present(name.replace('-transfer', ''), resultsOf(name))));
  return acrossTargets.map((statement) => row('all targets', statement, found));
}

function present<K>(key: K, results: Results | undefined): [K, Results][] {
  return results === undefined ? [] : [[key, results]];
}

function order(id: string): number {
  return 'CMONA'.indexOf(id.charAt(0)) * 100 + Number(id.slice(1));
}

function row<T>(data: string, { id, statement, judge }: Statement<T>, evidence: T | undefined): ReproductionRow {
  return { id, statement, data, ...judged(judge, evidence) };
}

function judged<T>(judge: (evidence: T) => Finding, evidence: T | undefined): Finding {
  if (evidence === undefined) return untested('its experiments were not run');
  try {
    return judge(evidence);
  } catch (error) {
    if (error instanceof MissingResult) return untested(error.message);
    throw error;
  }
}

function untested(why: string): Finding {
  return { verdict: 'cannot be tested', effect: '–', why };
}
