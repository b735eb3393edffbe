import { InputError } from '../base/errors.ts';
import { readTextIfThere } from '../base/files.ts';
import type { Dataset } from '../dataset/config.ts';
import type { AlignmentReport } from '../protocol.ts';
import { averagePrecision, precisionAt } from './metrics/precision.ts';
import { scoredPairs } from './scoredPairs.ts';

/** As multiples of the number of wrong pairs. */
const CUTS = [0.25, 0.5, 1, 2];

/**
 * How the ranking of a stored report finds the pairs that a file names as wrong: ids or keys, one a line. Throws
 * {@link InputError} when there is no such file, or when it names no pair of the report.
 */
export async function judgeRanking(
  dataset: Dataset,
  { id, pairs }: AlignmentReport,
  file: string,
): Promise<NonNullable<AlignmentReport['known']>> {
  const text = await readTextIfThere(file);
  if (text === undefined) throw new InputError(`There is no file ${file}. Name one that lists the wrong pairs.`);
  const named = new Set(text.split(/\r?\n/).filter((line) => line !== ''));
  const { rows } = await scoredPairs(dataset, { report: id, offset: 0, limit: pairs });
  const truth = rows.map(({ pair, key }) => named.has(pair) || named.has(key));
  const wrong = truth.filter(Boolean).length;
  if (wrong === 0) throw new InputError(`${file} names no pair of ${dataset.name}: write one id or key a line.`);
  const cuts = CUTS.map((share) => Math.max(1, Math.round(share * wrong)));
  const shares = precisionAt(truth, cuts);
  return {
    wrong,
    averagePrecision: averagePrecision(truth),
    precision: cuts.map((among, place) => ({ among, share: shares[place] ?? 0 })),
  };
}
