import type { Matrix } from '../base/matrix.ts';
import { rowOf } from '../base/matrix.ts';
import type { AlignmentReport, Modality, ModalityPair, Retrieval } from '../protocol.ts';
import type { PairedVectors } from './pairedVectors.ts';

/** Below this many pairs the numbers vary visibly from fold split to fold split. */
const FEW_PAIRS = 200;

interface Circumstances {
  readonly data: PairedVectors & { readonly missing: number };
  /** Pairs of the snapshot, before any were left out. */
  readonly all: number;
  readonly geometryRows: number;
  readonly neighbourhoodRows: number;
  readonly relevance: AlignmentReport['relevance'];
  readonly weak: boolean;
  readonly foldsAsked: number;
  readonly folds: number;
  readonly forward: Retrieval;
  readonly backward: Retrieval;
  readonly modalities: ModalityPair;
}

/** What limits the numbers of a report, and how they were made, as sentences for the reader. */
export function describeLimits(circumstances: Circumstances): string[] {
  return [...aboutRetrieval(circumstances), ...aboutPairs(circumstances), ...aboutVectors(circumstances)];
}

function aboutRetrieval({ forward, backward, relevance, folds, foldsAsked, modalities }: Circumstances): string[] {
  const match = relevance === 'class' ? 'any item of the same class' : 'its own partner';
  const notes = [
    `Each held-out item is ranked against about ${forward.candidates} held-out candidates; a match is ${match}. Recall depends on that number.`,
    `The modality gap is measured after the map, in the ${modalities.second} space; before it the two spaces have nothing in common.`,
    'Only the map is cross-validated: the encoders were fitted on items of all folds, without their pairs and classes.',
  ];
  if (folds < foldsAsked) {
    notes.push(
      `There are only ${folds} groups of pairs without shared items, so ${folds} folds were used instead of ${foldsAsked}.`,
    );
  }
  if (![forward, backward].some(isAboveChance)) {
    notes.push(
      'Retrieval is not better than chance: either the pairing is wrong, or these encoders do not see what the paired items share.',
    );
  }
  return notes;
}

function aboutPairs({ data, all, geometryRows, neighbourhoodRows, weak, relevance }: Circumstances): string[] {
  const used = data.pairs.length;
  const notes: string[] = [];
  if (used + data.missing < all) {
    notes.push(`A random sample of ${used + data.missing} of the ${all} pairs was used.`);
  }
  if (data.missing > 0) {
    notes.push(`${data.missing} pairs were left out because an item could not be encoded; see \`pairlab encode\`.`);
  }
  if (used < FEW_PAIRS) notes.push(`With ${used} pairs these numbers are rough: another seed moves them visibly.`);
  if (weak) {
    notes.push(
      'The pairs are weak: partners share a class, not an instance. CKA and mutual k-NN compare arbitrary partners and are low even for a good dataset.',
    );
  }
  if (weak && relevance === 'instance') {
    notes.push('Some weak pairs have no class, so only the very partner counts as a match; recall is understated.');
  }
  if (geometryRows < used) {
    notes.push(`CKA and mutual k-NN use the ${geometryRows} pairs of which no two share an item.`);
  }
  if (neighbourhoodRows < geometryRows) {
    notes.push(`Mutual k-NN uses a random sample of ${neighbourhoodRows} pairs.`);
  }
  return notes;
}

function aboutVectors({ data, modalities }: Circumstances): string[] {
  return [...aboutOneSide(data.first, modalities.first), ...aboutOneSide(data.second, modalities.second)];
}

function aboutOneSide(vectors: Matrix, modality: Modality): string[] {
  const different = countDifferentRows(vectors);
  if (different === 1) {
    return [
      `All ${vectors.rows} ${modality} vectors are equal, so nothing can be told from them: every metric is at chance or 0.`,
    ];
  }
  const repeated = vectors.rows - different;
  if (repeated === 0) return [];
  return [
    `${repeated} of the ${vectors.rows} ${modality} vectors repeat another one exactly: duplicates cannot be told apart.`,
  ];
}

function countDifferentRows(vectors: Matrix): number {
  const rows = new Set<string>();
  for (let row = 0; row < vectors.rows; row++) {
    const { buffer, byteOffset, byteLength } = rowOf(vectors, row);
    rows.add(Buffer.from(buffer, byteOffset, byteLength).toString('latin1'));
  }
  return rows.size;
}

/** More than two standard errors above, for any of the three recalls. */
function isAboveChance({ queries, chance, ...found }: Retrieval): boolean {
  return (['recall1', 'recall5', 'recall10'] as const).some((name) => {
    const standardError = Math.sqrt((chance[name] * (1 - chance[name])) / queries);
    return found[name] > chance[name] + 2 * standardError;
  });
}
