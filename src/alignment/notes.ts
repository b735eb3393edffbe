import type { AlignmentReport, Measured, Modality, Retrieval, SetHealth } from '../protocol.ts';
import type { Geometry } from './geometry/measureGeometry.ts';
import type { Subject } from './subject.ts';

/** Below this many pairs the numbers vary visibly from fold split to fold split. */
const FEW_PAIRS = 200;

interface Circumstances {
  readonly subject: Subject;
  readonly geometry: Geometry;
  readonly report: AlignmentReport;
}

/** What limits the numbers of a report, and how they were made, as sentences for the reader. */
export function describeLimits(circumstances: Circumstances): string[] {
  return [
    ...aboutEncoders(circumstances),
    ...aboutRetrieval(circumstances),
    ...aboutPairs(circumstances),
    ...aboutSamples(circumstances),
    ...aboutVectors(circumstances),
  ];
}

/** Both sides of one encoder say the same once. */
function aboutEncoders({ subject }: Circumstances): string[] {
  const { first, second } = subject.sets;
  return [...new Set([...first.notes, ...second.notes])];
}

function aboutRetrieval({ subject, report }: Circumstances): string[] {
  const { question, relevance } = subject;
  const { comparison, folds, forward, backward } = report;
  const candidates = (forward?.candidates ?? 0).toLocaleString('en');
  const match = relevance === 'class' ? 'any item of the same class' : 'its own partner';
  const notes =
    comparison.space === 'shared'
      ? [`Each item is ranked against ${candidates} candidates; a match is ${match}. Recall depends on that number.`]
      : [
          `Each held-out item is ranked against about ${candidates} held-out candidates; a match is ${match}. Recall depends on that number.`,
          `Gap, alignment, separability, hubness, OTDD and knowledge discrepancy are measured after the map; before it the two spaces have nothing in common.`,
          ...(isFitted(subject)
            ? [
                'Only the map is cross-validated: the encoders were fitted on items of all folds, without their pairs and classes.',
              ]
            : []),
        ];
  if (comparison.space === 'mapped' && folds < question.folds) {
    notes.push(
      `There are only ${folds} groups of pairs without shared items, so ${folds} folds were used instead of ${question.folds}.`,
    );
  }
  if (![forward, backward].some((direction) => direction !== undefined && isAboveChance(direction))) {
    notes.push(
      'Retrieval is not better than chance: either the pairing is wrong, or these encoders do not see what the paired items share.',
    );
  }
  return notes;
}

function isFitted({ sets: { first, second } }: Subject): boolean {
  return first.fittedItems > 0 || second.fittedItems > 0;
}

function aboutPairs({ subject }: Circumstances): string[] {
  const { data, all, strength, relevance } = subject;
  const used = data.pairs.length;
  const notes: string[] = [];
  if (used + data.missing < all) {
    notes.push(`A random sample of ${used + data.missing} of the ${all} pairs was used.`);
  }
  if (data.missing > 0) {
    notes.push(
      `${data.missing} pairs were left out because an item has no vector that can be used; \`pairlab encode\` names them.`,
    );
  }
  if (used < FEW_PAIRS) notes.push(`With ${used} pairs these numbers are rough: another seed moves them visibly.`);
  if (strength === 'weak') {
    notes.push(
      'The pairs are weak: partners share a class, not an instance. CKA, CCA, Procrustes and mutual k-NN compare arbitrary partners and are low even for a good dataset.',
    );
  }
  if (strength === 'weak' && relevance === 'instance') {
    notes.push('Some weak pairs have no class, so only the very partner counts as a match; recall is understated.');
  }
  return notes;
}

function aboutSamples({ subject, geometry }: Circumstances): string[] {
  const { chosen, compared, shaped } = geometry;
  const notes: string[] = [];
  const count = (pairs: Uint32Array): string => pairs.length.toLocaleString('en');
  if (chosen.length < subject.data.pairs.length) {
    notes.push(`Geometry uses the ${count(chosen)} pairs of which no two share an item.`);
  }
  if (compared.length < chosen.length) {
    notes.push(`Mutual k-NN, uniformity, gap, alignment and hubness use a random sample of ${count(compared)} pairs.`);
  }
  if (shaped.length < compared.length) {
    notes.push(
      `RBF CKA, CCA, Procrustes, separability, OTDD and knowledge discrepancy use a random sample of ${count(shaped)} pairs, along at most 64 principal components.`,
    );
  }
  return notes;
}

function aboutVectors({ geometry, report: { sets, question } }: Circumstances): string[] {
  if (geometry.flat.length > 0) return [...geometry.flat];
  const { first, second } = question.modalities;
  return [...aboutOneSide(sets.first, first), ...aboutOneSide(sets.second, second)];
}

function aboutOneSide({ rows, notFinite, zero, duplicates }: SetHealth, modality: Modality): string[] {
  const notes: string[] = [];
  const of = (count: number): string =>
    `${count.toLocaleString('en')} of the ${rows.toLocaleString('en')} ${modality} vectors`;
  if (notFinite > 0) notes.push(`${of(notFinite)} hold a number that is not finite and were left out.`);
  if (zero > 0) notes.push(`${of(zero)} hold nothing but zeros: they have no direction.`);
  if (duplicates > 0) notes.push(`${of(duplicates)} repeat another one exactly: duplicates cannot be told apart.`);
  return notes;
}

/** More than two standard errors above, for any of the three recalls. */
function isAboveChance({ queries, measures }: Retrieval): boolean {
  return [measures.recall1, measures.recall5, measures.recall10].some((recall) => isClear(recall, queries));
}

function isClear(measured: Measured | undefined, queries: number): boolean {
  if (measured === undefined || 'missing' in measured || measured.chance === undefined) return false;
  const { value, chance } = measured;
  return value > chance + 2 * Math.sqrt((chance * (1 - chance)) / queries);
}
