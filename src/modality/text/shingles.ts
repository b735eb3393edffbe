import { mixBits, toHex } from '../signature.ts';

const WORDS = 3;
const CHARACTERS = 5;
const HASHES = 64;
const DIGITS = 4;
const ROWS = 4;
/** Scripts that put no spaces between words. */
const WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** Signs that are read aloud count as words. */
const WORD = /[\p{L}\p{N}\p{M}]+|[\p{S}#*@&%]/gu;

/**
 * The signature of a text: 64 numbers of 16 bits, the smallest values of as many hashes over its shingles (Broder, On the
 * resemblance and containment of documents, 1997; b-bit min-hash, Li & König, WWW 2010). Case, punctuation and white
 * space do not count. `undefined` for a text without words.
 */
export function textSignature(normalised: string): string | undefined {
  const smallest = new Uint32Array(HASHES).fill(0xffffffff);
  const all = shingles(normalised);
  for (const shingle of all) {
    const hash = hashString(shingle);
    for (let index = 0; index < HASHES; index++) {
      const value = mixBits(hash + Math.imul(index, 0x9e3779b9));
      if (value < (smallest[index] ?? 0)) smallest[index] = value;
    }
  }
  return all.size === 0
    ? undefined
    : toHex(
        Array.from(smallest, (value) => value & 0xffff),
        DIGITS,
      );
}

/** Share of equal numbers: an estimate, ±0.05 at 0.8, of the shingles that two texts share out of all that they have. */
export function textSimilarity(a: string, b: string): number {
  let equal = 0;
  for (let start = 0; start < HASHES * DIGITS; start += DIGITS) {
    let digit = start;
    while (digit < start + DIGITS && a.charCodeAt(digit) === b.charCodeAt(digit)) digit++;
    if (digit === start + DIGITS) equal++;
  }
  return equal / HASHES;
}

/**
 * Four numbers at a time: texts that share 0.8 of their shingles share one of the sixteen bands in all but 2 of 10,000
 * cases, 1 − (1 − 0.8⁴)¹⁶; texts that share 0.3 in one of eight.
 */
export function textBands(signature: string): string[] {
  const length = ROWS * DIGITS;
  return Array.from(
    { length: HASHES / ROWS },
    (_, band) => `${band}:${signature.slice(band * length, (band + 1) * length)}`,
  );
}

/** Three neighbouring words, or five characters in scripts without spaces; all of a shorter text. */
export function shingles(normalised: string): Set<string> {
  const words = normalised.match(WORD) ?? [];
  if (words.length === 0) return new Set();
  const text = words.join(' ');
  if (WITHOUT_SPACES.test(text)) return slide([...words.join('')], CHARACTERS, '');
  return slide(words, WORDS, ' ');
}

function slide(parts: readonly string[], width: number, separator: string): Set<string> {
  const found = new Set<string>();
  for (let start = 0; start === 0 || start + width <= parts.length; start++) {
    found.add(parts.slice(start, start + width).join(separator));
  }
  return found;
}

/** FNV-1a over UTF-16 code units. */
function hashString(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
