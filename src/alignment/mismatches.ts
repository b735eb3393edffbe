import type { AlignmentReport, Breakdown, PairRow, ScoredPair } from '../protocol.ts';
import type { Ranking } from './foldRanking.ts';
import type { Direction } from './heldOut.ts';
import { breakDown } from './metrics/breakdown.ts';
import { estimateMismatch, type Margins } from './metrics/mismatch.ts';

/** The report itself holds so many of the most suspicious pairs; all of them lie beside it. */
const SHOWN = 50;
/**
 * Where the encoders tell so many of the other pairs from strangers, a pair like strangers is probably wrong. On made-up
 * pairs with a known share of wrong ones it is nine of ten; on clean samples and real data with the built-in encoders at
 * most six, and then as many as a third of right pairs look like strangers.
 */
const ENOUGH_TOLD = 0.75;

export interface Mismatches {
  /** Every pair, the most suspicious first. */
  readonly scored: readonly ScoredPair[];
  readonly report: Pick<AlignmentReport, 'mismatches' | 'suspicious' | 'breakdowns'>;
}

interface MismatchInput {
  readonly pairs: readonly PairRow[];
  /** The source of each pair, where it has one. */
  readonly sources: readonly (string | undefined)[];
  readonly ranking: Ranking;
  /** Of each pair, where it is known: see `classAgreement`. It is shown, and has no say: on made-up wrong pairs it did not help. */
  readonly agreement: readonly (number | undefined)[];
  /** Why no pair can be told from another one, where that is so. */
  readonly flat?: string | undefined;
}

/**
 * Ranks the pairs by how probably they are wrong, then by their margin; and sums it up by class, split and source. The
 * margins are compared with those that the items have with strangers (see `estimateMismatch`).
 */
export function findMismatches({ pairs, sources, ranking, agreement, flat }: MismatchInput): Mismatches {
  const margins = pairs.map((_, index) => ({
    marginForward: standing(ranking.forward, index).margin,
    marginBackward: standing(ranking.backward, index).margin,
  }));
  const estimate = estimateMismatch(margins, strangerMargins(ranking, pairs.length));
  const scored = pairs.map((pair, index): ScoredPair => {
    const [there, back] = [standing(ranking.forward, index), standing(ranking.backward, index)];
    const share = agreement[index];
    return {
      index,
      pair: pair.id,
      key: pair.key,
      ...(pair.class !== undefined && { class: pair.class }),
      ...(pair.split !== undefined && { split: pair.split }),
      similarity: (there.similarity + back.similarity) / 2,
      margin: (there.margin + back.margin) / 2,
      rankForward: there.rank,
      rankBackward: back.rank,
      ...(share !== undefined && { classAgreement: share }),
      mismatch: estimate.probabilities[index] ?? 0,
    };
  });
  const bySuspicion = scored.toSorted((a, b) => b.mismatch - a.mismatch || a.margin - b.margin);
  return {
    scored: bySuspicion,
    report: {
      mismatches:
        flat === undefined ? summarise(estimate, pairs.length) : { expected: 0, standOut: false, sentence: flat },
      suspicious: bySuspicion.slice(0, SHOWN),
      breakdowns: breakdownsOf(scored, sources),
    },
  };
}

/** The margins that every pair would have with the partner of a stranger: the best others stay as they are. */
function strangerMargins({ forward, backward, strangers }: Ranking, pairs: number): Margins[] {
  const marginWith = (similarity: number, own: Standing): number => similarity - (own.similarity - own.margin);
  return Array.from({ length: pairs }, (_, pair) => {
    const stranger = strangers.next[pair] ?? 0;
    return {
      marginForward: marginWith(strangers.forward[pair] ?? 0, standing(forward, pair)),
      marginBackward: marginWith(strangers.backward[stranger] ?? 0, standing(backward, stranger)),
    };
  });
}

type Standing = Direction['scored'][number];

function standing({ scored }: Direction, pair: number): Standing {
  return scored[pair] ?? { pair, similarity: 0, margin: 0, rank: 1 };
}

/**
 * A pair that is no more alike than strangers is wrong, or its items share something that the encoders do not see. Only
 * where most other pairs are told from strangers does the first explain the rest.
 */
function summarise(
  { expectedWrong: expected, note, told = 0 }: ReturnType<typeof estimateMismatch>,
  pairs: number,
): NonNullable<AlignmentReport['mismatches']> {
  if (note !== undefined) return { expected, standOut: false, sentence: note };
  const about = `About ${Math.round(expected).toLocaleString('en')} of ${pairs.toLocaleString('en')} pairs (${((100 * expected) / pairs).toFixed(1)} %)`;
  return told >= ENOUGH_TOLD
    ? { expected, standOut: true, sentence: `${about} are probably wrong: they are no more alike than strangers.` }
    : {
        expected,
        standOut: false,
        sentence: `${about} are no more alike than strangers. But these encoders tell only ${Math.round(100 * told)} % of the other pairs from strangers: they do not see all that partners share, so such pairs may well be right.`,
      };
}

function breakdownsOf(scored: readonly ScoredPair[], sources: readonly (string | undefined)[]): Breakdown[] {
  const labels = {
    class: (pair: ScoredPair) => pair.class,
    split: (pair: ScoredPair) => pair.split,
    source: (pair: ScoredPair) => sources[pair.index],
  } as const;
  return (['class', 'split', 'source'] as const)
    .map((by) => ({ by, rows: rowsBy(scored, labels[by]) }))
    .filter(({ rows }) => rows.some(({ value }) => value !== ''));
}

function rowsBy(scored: readonly ScoredPair[], labelOf: (pair: ScoredPair) => string | undefined): Breakdown['rows'] {
  const outcomes = scored.map((pair) => {
    const label = labelOf(pair);
    const { rankForward, rankBackward, margin, mismatch: wrong } = pair;
    return { rankForward, rankBackward, margin, wrong, ...(label !== undefined && { label }) };
  });
  return breakDown(outcomes).map(
    ({ label = '', pairs, recall1Forward, recall1Backward, meanMargin, expectedWrong }) => ({
      value: label,
      pairs,
      recallForward: recall1Forward,
      recallBackward: recall1Backward,
      margin: meanMargin,
      expectedWrong,
    }),
  );
}
