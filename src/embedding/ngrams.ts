import { fromRows } from '../base/matrix.ts';
import { createEncoder } from './encoder.ts';
import { type SparseRow, timesDense } from './sparse.ts';
import { leadingDirections } from './truncatedSvd.ts';
import { fitWhitening } from './whitening.ts';

const BUCKETS = 2 ** 16;
const SHORTEST_CHARACTERS = 2;
const LONGEST_CHARACTERS = 4;
/** Of a long text the beginning is read. */
const MAX_CHARACTERS = 5000;
const DIMENSIONS = 128;
const FLOOR = 0.1;

/**
 * Texts without downloaded weights: words, pairs of neighbouring words and 2- to 4-character pieces of words, hashed
 * into 65,536 counts (the hashing trick, Weinberger et al., ICML 2009); sublinear TF-IDF weights, 1 + ln tf times
 * 1 + ln((1 + n) / (1 + df)), rows of unit length (Manning, Raghavan & Schütze, Introduction to Information Retrieval,
 * §6.2–6.4); truncated SVD to at most 128 directions (latent semantic analysis, Deerwester et al., 1990); PCA-whitened.
 * Character pieces make it work without spaces between words and in any script.
 */
export const ngrams = createEncoder<string>({
  name: 'ngrams',
  version: 1,
  modality: 'text',
  read: async (item, decoders) => (item.text ?? (await decoders.text(item.location))).slice(0, MAX_CHARACTERS),
  async fit(sample, random, signal) {
    const counts = sample.map(countNgrams);
    const vocabulary = learnVocabulary(counts);
    const rows = counts.map((count) => weigh(count, vocabulary));
    const directions = await leadingDirections(rows, vocabulary.size, DIMENSIONS, random, signal);
    const project = (row: SparseRow): Float32Array => timesDense(row, directions.data, directions.columns);
    const whitening = fitWhitening(fromRows(rows.map(project)), DIMENSIONS, FLOOR);
    return {
      dimensions: whitening.dimensions,
      apply: (text) => whitening.apply(project(weigh(countNgrams(text), vocabulary))),
    };
  },
});

/** How often each bucket's n-grams occur. */
export function countNgrams(text: string): Map<number, number> {
  const counts = new Map<number, number>();
  const add = (kind: string, gram: string): void => {
    const bucket = bucketOf(`${kind}${gram}`);
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  };
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+|\p{S}|\p{P}+/gu) ?? [];
  for (const [index, word] of words.entries()) {
    add('word ', word);
    const following = words[index + 1];
    if (following !== undefined) add('words ', `${word} ${following}`);
    const letters = [' ', ...word, ' '];
    for (let size = SHORTEST_CHARACTERS; size <= LONGEST_CHARACTERS; size++) {
      for (let start = 0; start + size <= letters.length; start++) {
        add('letters ', letters.slice(start, start + size).join(''));
      }
    }
  }
  return counts;
}

/** The buckets that count, numbered, with their inverse document frequencies. */
interface Vocabulary {
  readonly size: number;
  /** Column and weight of each bucket that is in use. */
  readonly entries: ReadonlyMap<number, { readonly column: number; readonly weight: number }>;
}

/** What stands in one text alone says nothing about another text, so a bucket needs two. */
function learnVocabulary(counts: readonly ReadonlyMap<number, number>[]): Vocabulary {
  const documents = new Map<number, number>();
  for (const count of counts) {
    for (const bucket of count.keys()) documents.set(bucket, (documents.get(bucket) ?? 0) + 1);
  }
  const shared = [...documents].filter(([, frequency]) => frequency > 1).sort(([a], [b]) => a - b);
  const entries = shared.map(([bucket, frequency], column) => {
    return [bucket, { column, weight: 1 + Math.log((1 + counts.length) / (1 + frequency)) }] as const;
  });
  return { size: shared.length, entries: new Map(entries) };
}

/** A row of unit length. A text without any known n-gram has no direction and gives a row without entries. */
function weigh(counts: ReadonlyMap<number, number>, { entries }: Vocabulary): SparseRow {
  const known = [...counts].flatMap(([bucket, count]) => {
    const entry = entries.get(bucket);
    return entry === undefined ? [] : [{ column: entry.column, value: (1 + Math.log(count)) * entry.weight }];
  });
  known.sort((a, b) => a.column - b.column);
  const length = Math.sqrt(known.reduce((sum, { value }) => sum + value * value, 0));
  return {
    columns: Uint32Array.from(known, ({ column }) => column),
    values: Float32Array.from(known, ({ value }) => value / length),
  };
}

/** FNV-1a over UTF-16 code units, folded to the bucket count. */
function bucketOf(gram: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < gram.length; i++) hash = Math.imul(hash ^ gram.charCodeAt(i), 0x01000193);
  return ((hash >>> 16) ^ hash) & (BUCKETS - 1);
}
