import type { Finding, Statement } from './finding.ts';
import { MissingResult, type Results } from './results.ts';
import { type Advised, advice } from './statements/advice.ts';
import { comparisons, labelNoise, miniBatches, pairNoise, pairsPerClass, weakPairs } from './statements/croma.ts';
import {
  acrossTargets,
  averageRanks,
  cleanSubset,
  fittedEmbedder,
  keptKnowledge,
  lambdas,
  orcaSteps,
  transfers,
  withNaive,
} from './statements/transfer.ts';
import type { TrialResults } from './trials/measure.ts';
import { trials } from './trials/trials.ts';

/** A row of the reproduction's table. */
export interface ReproductionRow extends Finding {
  readonly id: string;
  readonly statement: string;
  /** Dataset and direction. */
  readonly data: string;
  /** Names the settings of all experiments that decide it. */
  readonly settings: string;
}

/** The results of an experiment by its name; nothing where it has not been run. */
export type ResultsOf = (experiment: string) => Results | undefined;

/** The set-ups by which the advice is judged. */
export const GRID_OF_ADVICE = /-(methods|weak)$/;

export interface Evidence {
  /** Of all experiments. */
  readonly names: readonly string[];
  readonly resultsOf: ResultsOf;
  /** Names the settings of some experiments. */
  readonly settingsOf: (experiments: readonly string[]) => string;
  /** What the trials found in each direction on which they are made. */
  readonly trials: ReadonlyMap<string, TrialResults>;
  readonly advised: readonly Advised[];
}

/** Every statement on every dataset that has experiments for it. */
export function rowsOf(evidence: Evidence): ReproductionRow[] {
  const { names, trials: tried, advised } = evidence;
  const directions = [...new Set(names.map((name) => /^[^/]+\/[a-z]+-[a-z]+/.exec(name)?.[0] ?? name))];
  const rows = directions.flatMap((direction) => {
    const kinds = names
      .filter((name) => name.startsWith(`${direction}-`))
      .map((name) => name.slice(direction.length + 1));
    return [
      ...(kinds.includes('methods') ? meta(direction, kinds, evidence) : []),
      ...(kinds.includes('transfer') ? transferred(direction, kinds, evidence) : []),
      ...(kinds.includes('clean-subset') ? noisy(direction, evidence) : []),
    ];
  });
  const made = [...tried].flatMap(([direction, found]) =>
    trials.map((trial) => row(direction, trial, evidence.settingsOf([`${direction}-methods`]), found[trial.id])),
  );
  const grid = evidence.settingsOf(names.filter((name) => GRID_OF_ADVICE.test(name)));
  const rest = [...made, ...betweenTargets(evidence), row('all set-ups', advice, grid, advised)];
  return [...rows, ...rest].sort((a, b) => order(a.id) - order(b.id) || a.data.localeCompare(b.data));
}

/** C1 to C12 on one direction. Only what has an experiment file there is asked. */
function meta(direction: string, kinds: readonly string[], evidence: Evidence): ReproductionRow[] {
  const { of, by } = ofDirection(direction, evidence);
  const methods = of('methods');
  const weak = of('weak');
  const full = of('full-batch');
  const extra: Readonly<Record<string, () => ReproductionRow>> = {
    weak: () => row(direction, weakPairs, by('methods', 'weak'), methods && weak && { strong: methods, weak }),
    pairs: () => row(direction, pairsPerClass, by('pairs'), of('pairs')),
    'pair-noise': () => row(direction, pairNoise, by('pair-noise'), of('pair-noise')),
    'label-noise': () => row(direction, labelNoise, by('label-noise'), of('label-noise')),
    'full-batch': () =>
      row(direction, miniBatches, by('methods', 'full-batch'), methods && full && { mini: methods, full }),
  };
  return [
    ...comparisons.map((statement) => row(direction, statement, by('methods'), methods)),
    ...kinds.flatMap((kind) => extra[kind]?.() ?? []),
  ];
}

function transferred(direction: string, kinds: readonly string[], evidence: Evidence): ReproductionRow[] {
  const { of, by } = ofDirection(direction, evidence);
  const byLambda = kinds.filter((kind) => kind.startsWith('lambda-'));
  const [short, long] = [of('orca-60'), of('orca-240')];
  const [transfer, random] = [of('transfer'), of('random')];
  return [
    ...transfers.map((statement) => row(direction, statement, by('transfer'), transfer)),
    ...(byLambda.length === 0
      ? []
      : [
          row(
            direction,
            lambdas,
            by(...byLambda),
            new Map(byLambda.flatMap((kind) => present(Number(kind.slice('lambda-'.length)), of(kind)))),
          ),
        ]),
    ...(kinds.includes('random')
      ? [keptKnowledge, fittedEmbedder].map((statement) =>
          row(direction, statement, by('transfer', 'random'), transfer && random && withNaive(transfer, random)),
        )
      : []),
    ...(kinds.includes('orca-60')
      ? [row(direction, orcaSteps, by('orca-60', 'orca-240'), short && long && { short, long })]
      : []),
  ];
}

function noisy(direction: string, evidence: Evidence): ReproductionRow[] {
  const { of, by } = ofDirection(direction, evidence);
  return [row(direction, cleanSubset, by('clean-subset'), of('clean-subset'))];
}

function betweenTargets({ names, resultsOf, settingsOf }: Evidence): ReproductionRow[] {
  const targets = names.filter((name) => name.endsWith('-transfer'));
  const found = new Map(targets.flatMap((name) => present(name.replace('-transfer', ''), resultsOf(name))));
  const randomOf = (target: string): string => `${target}-random`;
  const naive = new Map(
    [...found].flatMap(([target, transfer]) => {
      const random = resultsOf(randomOf(target));
      return present(target, random && withNaive(transfer, random));
    }),
  );
  const both = [...targets, ...targets.map((name) => randomOf(name.replace('-transfer', '')))];
  return [
    ...acrossTargets.map((statement) => row('all targets', statement, settingsOf(targets), found)),
    row('all targets', averageRanks, settingsOf(both), naive),
  ];
}

/** Results and settings of the experiments of a direction, by their kinds. */
function ofDirection(direction: string, { resultsOf, settingsOf }: Evidence) {
  return {
    of: (kind: string) => resultsOf(`${direction}-${kind}`),
    by: (...kinds: readonly string[]) => settingsOf(kinds.map((kind) => `${direction}-${kind}`)),
  };
}

function present<K>(key: K, results: Results | undefined): [K, Results][] {
  return results === undefined ? [] : [[key, results]];
}

function order(id: string): number {
  return 'CMONA'.indexOf(id.charAt(0)) * 100 + Number(id.slice(1));
}

function row<T>(
  data: string,
  { id, statement, judge }: Statement<T>,
  settings: string,
  evidence: T | undefined,
): ReproductionRow {
  return { id, statement, data, settings, ...judged(judge, evidence) };
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
