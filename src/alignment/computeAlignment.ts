import { InputError } from '../base/errors.ts';
import { keepHeapSmall } from '../base/heap.ts';
import type { Job } from '../base/progress.ts';
import { Random } from '../base/random.ts';
import type { Snapshot } from '../dataset/snapshot.ts';
import type { AlignmentQuestion, AlignmentReport, Comparison, SetHealth } from '../protocol.ts';
import { classAgreement } from './classAgreement.ts';
import { crossValidate, rankShared } from './crossValidation.ts';
import type { Preview, PreviewedRanks, Ranking } from './foldRanking.ts';
import { measureGeometry } from './geometry/measureGeometry.ts';
import { mapPoints } from './mapPoints.ts';
import { classSimilarity } from './metrics/classSimilarity.ts';
import { isMeasured } from './metrics/measured.ts';
import { findMismatches } from './mismatches.ts';
import { describeLimits } from './notes.ts';
import type { PairedVectors } from './pairedVectors.ts';
import { type ClassPrecisions, classPrecisions } from './precisions.ts';
import { type Products, withProducts } from './products/pool.ts';
import { pickRows } from './products/rows.ts';
import { retrievalReport } from './retrievalReport.ts';
import { reportId, storeAlignment } from './store.ts';
import { gatherSubject, type Subject } from './subject.ts';

/** Above so many pairs an estimate is shown until the exact numbers are there. */
const ESTIMATED_ABOVE = 20_000;
/** Shares are then known to ±0.022 or better. */
const ESTIMATE_QUERIES = 2000;

/** Takes what of a report is ready, again and again. */
export type TellReport = (report: AlignmentReport) => void;

/**
 * How well the embedding sets of two modalities agree, over the pairs of the snapshot: retrieval both ways in a shared
 * space or after a map fitted on other folds, the geometry of the two sets, and which pairs look wrong. Encodes what is
 * not encoded yet, tells what is ready, and stores the whole. Vectors of a shared space are in memory once, those that
 * need a map twice; nothing is pairs × pairs. Throws `InputError` when there are too few pairs.
 */
export async function computeAlignment(
  snapshot: Snapshot,
  question: AlignmentQuestion,
  job: Job = {},
  tell?: TellReport,
): Promise<AlignmentReport> {
  keepHeapSmall();
  return await withProducts(async (products) => {
    const subject = await gatherSubject(products, snapshot, question, job);
    const comparison = comparisonOf(subject);
    let report = opening(snapshot, subject, comparison);
    const add = (part: Partial<AlignmentReport>): void => {
      report = { ...report, ...part };
      tell?.(report);
    };
    const { data } = subject;
    // Nobody to tell, no estimate.
    const preview = tell && estimateFor(subject, add);
    const ranking = await rank(products, subject, comparison, preview, job);
    const precisions = await classPrecisions(products, data, ranking.mapped, question.seed, job);
    add({ folds: ranking.folds, ...retrievalOf(subject, ranking, precisions), estimate: undefined });
    const inSpace = { data, mapped: ranking.mapped, seed: question.seed };
    const geometry = await measureGeometry(products, inSpace, (found) => add({ geometry: found }), job);
    const sources = await snapshot.sourcesOf(data.pairs, question.modalities);
    const mismatches = findMismatches({
      pairs: data.pairs,
      sources,
      ranking,
      agreement: classAgreement(data.pairs, geometry),
      flat: geometry.flat[0],
    });
    add({ ...mismatches.report, classSimilarity: similarityOf(data, ranking) });
    const points = await mapPoints(products, data, ranking.mapped, job);
    const notes = describeLimits({ subject, geometry, report });
    const complete = { ...report, complete: true, notes };
    await storeAlignment(snapshot.dataset, complete, { pairs: mismatches.scored, components: points });
    return complete;
  });
}

type Ranked = Ranking & { readonly folds: number };

async function rank(
  products: Products,
  { data, question, relevance }: Subject,
  comparison: Comparison,
  preview: Preview | undefined,
  job: Job,
): Promise<Ranked> {
  const { folds, seed } = question;
  if (comparison.space === 'shared')
    return { folds: 0, ...(await rankShared(products, data, { relevance, seed, preview }, job)) };
  return await crossValidate(products, data, { folds, seed, relevance, method: comparison.map, preview }, job);
}

/** Of many pairs, a seeded sample asks first, among the same candidates as all of them will. */
function estimateFor(subject: Subject, add: (part: Partial<AlignmentReport>) => void): Preview | undefined {
  const { data, question } = subject;
  if (data.pairs.length <= ESTIMATED_ABOVE) return undefined;
  const random = Random.of(question.seed, 'alignment estimate');
  return {
    asked: new Set(random.sample([...data.pairs.keys()], ESTIMATE_QUERIES)),
    tell: (ranks) => add({ ...retrievalOf(subject, ranks), estimate: ESTIMATE_QUERIES }),
  };
}

function requireOneSpace(first: SetHealth, second: SetHealth): void {
  if (first.dimensions === second.dimensions) return;
  throw new InputError(
    `${first.encoder} has ${first.dimensions} numbers and ${second.encoder} ${second.dimensions}, so they cannot be of one space: choose a map.`,
  );
}

/** Vectors of one space are compared as they are; others, or when it is asked for, after a map. */
function comparisonOf({ question, sets }: Subject): Comparison {
  const { first, second } = sets;
  const sameSpace = first.space !== undefined && first.space === second.space;
  const shared = question.space === 'shared' || (question.space === 'auto' && sameSpace);
  if (!shared) return { space: 'mapped', map: question.map };
  requireOneSpace(first.health, second.health);
  return { space: 'shared' };
}

function opening(snapshot: Snapshot, subject: Subject, comparison: Comparison): AlignmentReport {
  const { question, sets, data, strength, relevance } = subject;
  const encoders = [sets.first, sets.second].map(
    ({ health, version, created }) => `${health.encoder} ${version} ${created}`,
  );
  return {
    id: reportId(snapshot.summary.data, question, encoders),
    dataset: snapshot.dataset.name,
    data: snapshot.summary.data,
    created: new Date().toISOString(),
    complete: false,
    question,
    comparison,
    sets: { first: sets.first.health, second: sets.second.health },
    pairs: data.pairs.length,
    strength,
    relevance,
    folds: comparison.space === 'shared' ? 0 : question.folds,
    geometry: {},
    breakdowns: [],
    suspicious: [],
    notes: [],
  };
}

function retrievalOf(
  { question }: Pick<Subject, 'question'>,
  { forward, backward }: PreviewedRanks,
  precisions?: ClassPrecisions,
): Pick<AlignmentReport, 'forward' | 'backward'> {
  const { first, second } = question.modalities;
  const { seed } = question;
  const [there, back] =
    precisions !== undefined && isMeasured(precisions)
      ? [precisions.forward, precisions.backward]
      : [precisions, precisions];
  return {
    forward: retrievalReport({ from: first, to: second, ...forward, precisions: there, seed }),
    backward: retrievalReport({ from: second, to: first, ...backward, precisions: back, seed }),
  };
}

function similarityOf(data: PairedVectors, { mapped }: Ranking): AlignmentReport['classSimilarity'] {
  const result = classSimilarity(
    pickRows(mapped.first, data.firstOf),
    pickRows(mapped.second, data.secondOf),
    data.pairs.map((pair) => pair.class),
  );
  if (!isMeasured(result)) return { missing: result.reason };
  return { classes: [...result.classes], values: result.cosines.map((row) => [...row]), left: result.leftOut };
}
