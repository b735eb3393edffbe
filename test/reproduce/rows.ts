import type { Finding, Statement } from './finding.ts';
import { MissingResult, type Results } from './results.ts';
import { comparisons, labelNoise, miniBatches, pairNoise, pairsPerClass, weakPairs } from './statements/croma.ts';

/** A row of the reproduction's table. */
export interface ReproductionRow extends Finding {
  readonly id: string;
  readonly statement: string;
  /** Dataset and direction. */
  readonly data: string;
}

/** The results of an experiment by its name; nothing where it has not been run. */
export type ResultsOf = (experiment: string) => Results | undefined;

/** Every statement on the data of one direction. `name` begins the names of its experiments: "sample/text-image". */
export function rowsOf(name: string, resultsOf: ResultsOf): ReproductionRow[] {
  const experiment = (kind: string) => resultsOf(`${name}-${kind}`);
  const methods = experiment('methods');
  const both = <T>(first: Results | undefined, second: Results | undefined, join: (a: Results, b: Results) => T) =>
    first && second && join(first, second);
  return [
    ...comparisons.map((statement) => row(name, statement, methods)),
    row(
      name,
      weakPairs,
      both(methods, experiment('weak'), (strong, weak) => ({ strong, weak })),
    ),
    row(name, pairsPerClass, experiment('pairs')),
    row(name, pairNoise, experiment('pair-noise')),
    row(name, labelNoise, experiment('label-noise')),
    row(
      name,
      miniBatches,
      both(methods, experiment('full-batch'), (mini, full) => ({ mini, full })),
    ),
  ].sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
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
