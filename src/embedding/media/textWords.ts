import { InputError } from '../../base/errors.ts';
import { Random } from '../../base/random.ts';
import type { MediaEncoding } from './mediaEncoding.ts';

/** Of a longer text the beginning is read; a shorter one is filled up with zeros. */
const WORDS = 32;
const WIDTH = 64;
const PIECE = 3;
/** Letters of scripts without spaces stand alone; else a run of letters and digits, one symbol, or a run of marks. */
const TOKEN =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]\p{M}*|(?:(?![\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}])[\p{L}\p{N}\p{M}])+|\p{S}|\p{P}+/gu;

/**
 * Texts as their first 32 words, each a fixed vector of 64 numbers: that of the word and those of its pieces of three
 * characters, so that similar spellings have similar vectors (after Bojanowski et al. 2017, arXiv 1607.04606). The vector
 * of a word or piece is random signs that its letters decide.
 */
export const textWords: MediaEncoding = {
  name: 'words',
  version: 1,
  modality: 'text',
  shape: [WORDS, WIDTH],
  async encode(item, decoders) {
    const words = wordsOf(item.text ?? (await decoders.text(item.location)));
    if (words.length === 0) throw new InputError(`${item.id} holds no word: write or exclude it.`);
    const tokens = new Float32Array(WORDS * WIDTH);
    for (const [place, word] of words.entries()) tokens.set(vectorOf(word), place * WIDTH);
    return tokens;
  },
};

/** The first words of a text, in lower case. */
export function wordsOf(text: string): string[] {
  return (text.normalize('NFKC').toLowerCase().match(TOKEN) ?? []).slice(0, WORDS);
}

/** (word + sum of pieces / √pieces) / √2, so that every place has variance 1. */
export function vectorOf(word: string): Float32Array {
  const letters = ['<', ...word, '>'];
  const pieces = Array.from({ length: letters.length - PIECE + 1 }, (_, at) => letters.slice(at, at + PIECE).join(''));
  const vector = new Float32Array(WIDTH);
  add(vector, `word ${word}`, Math.SQRT1_2);
  for (const piece of pieces) add(vector, `piece ${piece}`, Math.SQRT1_2 / Math.sqrt(pieces.length));
  return vector;
}

function add(vector: Float32Array, label: string, scale: number): void {
  const random = Random.of(0, label);
  for (const [at, value] of vector.entries()) vector[at] = value + (random.chance(0.5) ? scale : -scale);
}
